// oneDNN's primitives put together to a training step: forward for training with relu fused, backward for data and for
// weights, each in the format it prefers (or images channels last), reorders where those differ; the optimizer is a
// plain loop over the weights as they are stored.
#include "onednn.hpp"
#include "update.hpp"
#include <algorithm>
#include <cmath>
#include <functional>

namespace peers::images {
namespace {

using namespace onednn;
using kind = dnnl::prop_kind;

struct composed final : trainee {
  network net;
  int batch;
  bool channels_last;
  update_loop rule;
  program forward, backward;
  memory input;
  std::vector<memory> y, dy;
  std::vector<std::unique_ptr<trained>> weights;
  struct statistics {
    memory mean, variance;
    std::vector<float> running_mean, running_variance;
    float count;
  };
  std::vector<statistics> norms;

  composed(const network& given, int batch_, update rule_, bool channels_last_)
      : net{fuse(given)}, batch{batch_}, channels_last{channels_last_}, rule{rule_} {
    const parameters p = initial(net);
    y.resize(net.nodes.size()), dy.resize(net.nodes.size());
    y[0] = input = memory(plain(shape(net.input(), batch)), engine(), nullptr);
    std::vector<std::function<void()>> reverse; // what is to be done backward, last first
    for (std::size_t i = 1; i < y.size(); ++i) {
      const node& n = net.nodes[i];
      if (n.kind == operation::convolution && net.dense(n)) reverse.push_back(dense(p, n, i));
      if (n.kind == operation::convolution && !net.dense(n)) reverse.push_back(convolution(p, n, i));
      if (n.kind == operation::batch_norm) reverse.push_back(norm(p, n, i));
      if (n.kind == operation::max_pool || n.kind == operation::global_average) reverse.push_back(pool(n, i));
      if (n.kind == operation::add) reverse.push_back(sum(n, i));
    }
    dy.back() = memory(y.back().get_desc(), engine());
    while (!reverse.empty()) reverse.back()(), reverse.pop_back();
  }

  static const dnnl::engine& engine() { return program::engine(); }

  /// A parameter in a format, with its gradient in the same.
  struct parameter {
    memory value, gradient;
  };
  parameter make(const std::vector<float>& values, const memory::dims& dims, const memory::desc& format) {
    weights.push_back(std::make_unique<trained>(format.get_size() / sizeof(float)));
    trained& t = *weights.back();
    parameter made{{format, engine(), t.value()}, {format, engine(), t.gradient()}};
    forward.load(values.data(), plain(dims), made.value);
    return made;
  }

  /// Lets `write` fill the gradient of a node, in the format that it likes; adds where something is there already.
  template <class Write> void contribute(int index, const memory::desc& format, Write write) {
    memory& d = dy[static_cast<std::size_t>(index)];
    const memory::desc& wanted = y[static_cast<std::size_t>(index)].get_desc();
    if (!d && format == wanted) return write(d = memory(wanted, engine()));
    const memory made(format, engine());
    write(made);
    const memory same = backward.as(made, wanted);
    if (!d) return void(d = same);
    const dnnl::sum::primitive_desc add({1.f, 1.f}, {wanted, wanted}, engine());
    backward.then(dnnl::sum(add), {{DNNL_ARG_MULTIPLE_SRC, d}, {DNNL_ARG_MULTIPLE_SRC + 1, same}, {DNNL_ARG_DST, d}});
  }
  /// The gradient before the relu that is part of node i, in place.
  void relu_backward(std::size_t i) {
    if (!net.nodes[i].relu) return;
    const memory::desc format = y[i].get_desc();
    const auto relu = dnnl::algorithm::eltwise_relu_use_dst_for_bwd;
    const dnnl::eltwise_forward::primitive_desc hint({kind::forward_training, relu, format, 0.f, 0.f}, engine());
    const dnnl::eltwise_backward::primitive_desc chosen({relu, format, format, 0.f, 0.f}, engine(), hint);
    backward.then(dnnl::eltwise_backward(chosen),
                  {{DNNL_ARG_DST, y[i]}, {DNNL_ARG_DIFF_DST, dy[i]}, {DNNL_ARG_DIFF_SRC, dy[i]}});
  }

  /// Convolution and inner product: the three primitives and what describes them .
  template <class Forward, class Data, class Weights, class DataDesc, class WeightsDesc>
  std::function<void()> layer(const parameters& p, const node& n, std::size_t i,
                              const typename Forward::primitive_desc& chosen, DataDesc data_desc,
                              WeightsDesc weights_desc) {
    const memory x = y[static_cast<std::size_t>(n.from)];
    const memory in = forward.as(x, chosen.src_desc());
    const parameter w = make(p.at(n.name + ".weight"), weight_shape(net, n, x.get_desc()), chosen.weights_desc());
    const parameter b = make(p.at(n.name + ".bias"), {n.channels}, chosen.bias_desc());
    y[i] = memory(chosen.dst_desc(), engine());
    forward.then(Forward(chosen),
                 {{DNNL_ARG_SRC, in}, {DNNL_ARG_WEIGHTS, w.value}, {DNNL_ARG_BIAS, b.value}, {DNNL_ARG_DST, y[i]}});
    return [=, this, &n] {
      relu_backward(i);
      const typename Weights::primitive_desc dw(weights_desc, engine(), chosen);
      const bool direct = dw.diff_weights_desc() == w.gradient.get_desc();
      const memory made = direct ? w.gradient : memory(dw.diff_weights_desc(), engine());
      backward.then(Weights(dw), {{DNNL_ARG_SRC, backward.as(in, dw.src_desc())},
                                  {DNNL_ARG_DIFF_DST, backward.as(dy[i], dw.diff_dst_desc())},
                                  {DNNL_ARG_DIFF_WEIGHTS, made},
                                  {DNNL_ARG_DIFF_BIAS, b.gradient}});
      if (!direct) backward.copy(made, w.gradient);
      if (n.from == 0) return;
      const typename Data::primitive_desc dx(data_desc, engine(), chosen);
      const memory d = backward.as(dy[i], dx.diff_dst_desc()), weight = backward.as(w.value, dx.weights_desc());
      contribute(n.from, dx.diff_src_desc(), [&](const memory& to) {
        backward.then(Data(dx), {{DNNL_ARG_DIFF_DST, d}, {DNNL_ARG_WEIGHTS, weight}, {DNNL_ARG_DIFF_SRC, to}});
      });
    };
  }
  static dnnl::primitive_attr fused(const node& n) {
    dnnl::post_ops after;
    if (n.relu) append_relu(after);
    return with(after);
  }
  std::function<void()> convolution(const parameters& p, const node& n, std::size_t i) {
    const auto direct = dnnl::algorithm::convolution_direct;
    const memory::dims filters{n.channels}, stride{n.stride, n.stride}, padding{n.padding, n.padding};
    const memory::dims before = y[static_cast<std::size_t>(n.from)].get_desc().dims();
    const memory::desc source = images(before, channels_last), target = images(shape(n, batch), channels_last),
                       weight = any(weight_shape(net, n, source));
    return layer<dnnl::convolution_forward, dnnl::convolution_backward_data, dnnl::convolution_backward_weights>(
        p, n, i,
        {{kind::forward_training, direct, source, weight, plain(filters), target, stride, padding, padding},
         fused(n),
         engine()},
        dnnl::convolution_backward_data::desc{direct, source, weight, target, stride, padding, padding},
        dnnl::convolution_backward_weights::desc{direct, source, weight, plain(filters), target, stride, padding,
                                                 padding});
  }
  std::function<void()> dense(const parameters& p, const node& n, std::size_t i) {
    const memory::desc& x = y[static_cast<std::size_t>(n.from)].get_desc();
    const memory::desc source = any(x.dims()), weight = any(weight_shape(net, n, x)), bias = plain({n.channels}),
                       target = plain({batch, n.channels});
    return layer<dnnl::inner_product_forward, dnnl::inner_product_backward_data, dnnl::inner_product_backward_weights>(
        p, n, i, {{kind::forward_training, source, weight, bias, target}, fused(n), engine()},
        dnnl::inner_product_backward_data::desc{source, weight, target},
        dnnl::inner_product_backward_weights::desc{source, weight, bias, target});
  }

  std::function<void()> norm(const parameters& p, const node& n, std::size_t i) {
    auto flags = dnnl::normalization_flags::use_scale | dnnl::normalization_flags::use_shift;
    if (n.relu) flags |= dnnl::normalization_flags::fuse_norm_relu;
    const memory x = y[static_cast<std::size_t>(n.from)];
    const memory::desc format = x.get_desc();
    const dnnl::batch_normalization_forward::primitive_desc chosen(
        {kind::forward_training, format, norm_epsilon, flags}, engine());
    const parameter scale = make(p.at(n.name + ".weight"), {n.channels}, plain({n.channels})),
                    shift = make(p.at(n.name + ".bias"), {n.channels}, plain({n.channels}));
    const memory mean(chosen.mean_desc(), engine()), variance(chosen.variance_desc(), engine()),
        workspace(chosen.workspace_desc(), engine());
    y[i] = memory(chosen.dst_desc(), engine());
    norms.push_back({mean, variance, p.at(n.name + ".running_mean"), p.at(n.name + ".running_var"),
                     static_cast<float>(batch * n.height * n.width)});
    forward.then(dnnl::batch_normalization_forward(chosen), {{DNNL_ARG_SRC, x},
                                                             {DNNL_ARG_SCALE, scale.value},
                                                             {DNNL_ARG_SHIFT, shift.value},
                                                             {DNNL_ARG_MEAN, mean},
                                                             {DNNL_ARG_VARIANCE, variance},
                                                             {DNNL_ARG_WORKSPACE, workspace},
                                                             {DNNL_ARG_DST, y[i]}});
    return [=, this, &n] {
      const dnnl::batch_normalization_backward::primitive_desc back(
          {kind::backward, format, format, norm_epsilon, flags}, engine(), chosen);
      contribute(n.from, back.diff_src_desc(), [&](const memory& to) {
        backward.then(dnnl::batch_normalization_backward(back), {{DNNL_ARG_SRC, x},
                                                                 {DNNL_ARG_SCALE, scale.value},
                                                                 {DNNL_ARG_SHIFT, shift.value},
                                                                 {DNNL_ARG_MEAN, mean},
                                                                 {DNNL_ARG_VARIANCE, variance},
                                                                 {DNNL_ARG_WORKSPACE, workspace},
                                                                 {DNNL_ARG_DIFF_DST, dy[i]},
                                                                 {DNNL_ARG_DIFF_SCALE, scale.gradient},
                                                                 {DNNL_ARG_DIFF_SHIFT, shift.gradient},
                                                                 {DNNL_ARG_DIFF_SRC, to}});
      });
    };
  }

  std::function<void()> pool(const node& n, std::size_t i) {
    const bool max = n.kind == operation::max_pool;
    const auto algorithm = max ? dnnl::algorithm::pooling_max : dnnl::algorithm::pooling_avg_exclude_padding;
    const memory::dim length = max ? n.kernel : net.before(n).height;
    const memory::dims size{length, length}, none{0, 0};
    const memory x = y[static_cast<std::size_t>(n.from)];
    const dnnl::pooling_forward::primitive_desc chosen({kind::forward_training, algorithm, x.get_desc(),
                                                        images(shape(n, batch), channels_last), size, size, none, none},
                                                       engine());
    y[i] = memory(chosen.dst_desc(), engine());
    const memory workspace(chosen.workspace_desc(), engine());
    forward.then(dnnl::pooling_forward(chosen),
                 {{DNNL_ARG_SRC, x}, {DNNL_ARG_DST, y[i]}, {DNNL_ARG_WORKSPACE, workspace}});
    return [=, this, &n] {
      const dnnl::pooling_backward::primitive_desc back(
          {algorithm, x.get_desc(), y[i].get_desc(), size, size, none, none}, engine(), chosen);
      contribute(n.from, back.diff_src_desc(), [&](const memory& to) {
        backward.then(dnnl::pooling_backward(back),
                      {{DNNL_ARG_DIFF_DST, dy[i]}, {DNNL_ARG_WORKSPACE, workspace}, {DNNL_ARG_DIFF_SRC, to}});
      });
    };
  }

  std::function<void()> sum(const node& n, std::size_t i) {
    const memory x = y[static_cast<std::size_t>(n.from)];
    const memory::desc format = x.get_desc();
    const memory other = forward.as(y[static_cast<std::size_t>(n.second)], format);
    const dnnl::binary::primitive_desc chosen({dnnl::algorithm::binary_add, format, format, format}, fused(n),
                                              engine());
    y[i] = memory(format, engine());
    forward.then(dnnl::binary(chosen), {{DNNL_ARG_SRC_0, x}, {DNNL_ARG_SRC_1, other}, {DNNL_ARG_DST, y[i]}});
    return [=, this, &n] {
      relu_backward(i);
      for (const int to : {n.from, n.second}) // the same numbers for both, no copy where the format is right
        dy[static_cast<std::size_t>(to)] = backward.as(dy[i], y[static_cast<std::size_t>(to)].get_desc());
    };
  }

  float step(const float* from, const int* labels) override {
    input.set_data_handle(const_cast<float*>(from), forward.stream());
    forward.run();
    const auto* z = static_cast<const float*>(y.back().get_data_handle());
    auto* d = static_cast<float*>(dy.back().get_data_handle());
    const int classes = net.classes();
    float loss = 0;
    for (int m = 0; m < batch; ++m, z += classes, d += classes) {
      float sum = 0;
      const float top = *std::max_element(z, z + classes);
      for (int c = 0; c < classes; ++c) sum += d[c] = std::exp(z[c] - top);
      loss += std::log(sum) + top - z[labels[m]];
      for (int c = 0; c < classes; ++c) d[c] /= sum * static_cast<float>(batch);
      d[labels[m]] -= 1 / static_cast<float>(batch);
    }
    backward.run();
    rule.advance();
    for (auto& w : weights) w->apply(rule);
    for (statistics& s : norms) {
      const auto *mean = static_cast<const float*>(s.mean.get_data_handle()),
                 *variance = static_cast<const float*>(s.variance.get_data_handle());
      for (std::size_t c = 0; c < s.running_mean.size(); ++c) {
        s.running_mean[c] += norm_momentum * (mean[c] - s.running_mean[c]);
        s.running_variance[c] += norm_momentum * (variance[c] * s.count / (s.count - 1) - s.running_variance[c]);
      }
    }
    return loss / static_cast<float>(batch);
  }
};

template <bool ChannelsLast> std::unique_ptr<trainee> make(const network& net, int batch, update rule) {
  return std::make_unique<composed>(net, batch, rule, ChannelsLast);
}

} // namespace

const std::vector<image_training_peer> onednn_training{{"oneDNN", "formats by choice", make<false>},
                                                       {"oneDNN", "channels last", make<true>}};

} // namespace peers::images
