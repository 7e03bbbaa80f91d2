// oneDNN: batch norms folded, relu and the residual sum as post-operations, each layer in the format it prefers (or
// channels last everywhere); only the input is reordered in the race.
#include "onednn.hpp"

namespace peers::images {
namespace {

using namespace onednn;

struct fused final : classifier {
  network net;
  int batch;
  program steps;
  memory input;
  std::vector<memory> y;

  fused(const network& given, int batch_, bool channels_last) : batch{batch_} {
    parameters p = initial(given);
    net = fold(given, p);
    y.resize(net.nodes.size());
    y[0] = input = memory(plain(shape(net.input(), batch)), steps.engine(), nullptr);
    for (std::size_t i = 1; i < y.size(); ++i) {
      const node& n = net.nodes[i];
      const memory x = y[static_cast<std::size_t>(n.from)];
      if (n.kind == operation::max_pool || n.kind == operation::global_average) {
        const bool max = n.kind == operation::max_pool;
        const memory::dim size = max ? n.kernel : net.before(n).height;
        const dnnl::pooling_forward::primitive_desc chosen(
            {dnnl::prop_kind::forward_inference,
             max ? dnnl::algorithm::pooling_max : dnnl::algorithm::pooling_avg_exclude_padding,
             x.get_desc(),
             images(shape(n, batch), channels_last),
             {size, size},
             {size, size},
             {0, 0},
             {0, 0}},
            steps.engine());
        y[i] = memory(chosen.dst_desc(), steps.engine());
        steps.then(dnnl::pooling_forward(chosen), {{DNNL_ARG_SRC, x}, {DNNL_ARG_DST, y[i]}});
        continue;
      }
      // a convolution, and where its only reader is the addition below, that too: onto the other summand, in place
      const bool sum = i + 1 < y.size() && net.nodes[i + 1].kind == operation::add;
      const node& last = sum ? net.nodes[i + 1] : n;
      dnnl::post_ops after;
      if (sum) y[i] = y[static_cast<std::size_t>(last.second)], after.append_sum();
      if (last.relu) append_relu(after);
      layer(p, n, i, x, with(after), channels_last);
      if (sum) y[i + 1] = y[i], ++i;
    }
  }

  void layer(const parameters& p, const node& n, std::size_t i, const memory& x, const dnnl::primitive_attr& attributes,
             bool channels_last) {
    const memory::dims rank = weight_shape(net, n, x.get_desc()), filters{n.channels}, stride{n.stride, n.stride},
                       padding{n.padding, n.padding};
    const auto add = [&](const auto& chosen, auto primitive) {
      const memory in = steps.as(x, chosen.src_desc());
      memory weight(chosen.weights_desc(), steps.engine()), bias(chosen.bias_desc(), steps.engine());
      steps.load(p.at(n.name + ".weight").data(), plain(rank), weight);
      steps.load(p.at(n.name + ".bias").data(), plain(filters), bias);
      if (!y[i]) y[i] = memory(chosen.dst_desc(), steps.engine());
      steps.then(primitive,
                 {{DNNL_ARG_SRC, in}, {DNNL_ARG_WEIGHTS, weight}, {DNNL_ARG_BIAS, bias}, {DNNL_ARG_DST, y[i]}});
    };
    if (net.dense(n)) {
      const dnnl::inner_product_forward::primitive_desc chosen({dnnl::prop_kind::forward_inference,
                                                                any(x.get_desc().dims()), any(rank), plain(filters),
                                                                plain({batch, n.channels})},
                                                               attributes, steps.engine());
      add(chosen, dnnl::inner_product_forward(chosen));
    } else {
      const dnnl::convolution_forward::primitive_desc chosen(
          {dnnl::prop_kind::forward_inference, dnnl::algorithm::convolution_direct,
           images(x.get_desc().dims(), channels_last), any(rank), plain(filters),
           y[i] ? y[i].get_desc() : images(shape(n, batch), channels_last), stride, padding, padding},
          attributes, steps.engine());
      add(chosen, dnnl::convolution_forward(chosen));
    }
  }

  void run(const float* from, float* logits) override {
    input.set_data_handle(const_cast<float*>(from), steps.stream());
    y.back().set_data_handle(logits, steps.stream());
    steps.run();
  }
};

template <bool ChannelsLast> std::unique_ptr<classifier> make(const network& net, int batch) {
  return std::make_unique<fused>(net, batch, ChannelsLast);
}

} // namespace

const std::vector<classifying_peer> onednn_classifying{{"oneDNN", "formats by choice", make<false>},
                                                       {"oneDNN", "channels last", make<true>}};

} // namespace peers::images
