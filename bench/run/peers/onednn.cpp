// oneDNN: one inner-product primitive a layer, the activation as a post-operation, weights in the layout that it
// prefers.
#include "peer.hpp"
#include <dnnl.hpp>
#include <unordered_map>

namespace peers {
namespace {

using dnnl::memory;

template <class Net> struct network {
  static constexpr std::size_t depth = std::size(Net::sizes) - 1;
  dnnl::engine engine{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream{engine};
  std::vector<dnnl::inner_product_forward> layer;
  std::vector<std::unordered_map<int, memory>> arguments;
  memory input, output;

  network() {
    std::vector<float> all = parameters_of<Net>();
    float* from = all.data();
    for (std::size_t i = 0; i < depth; ++i) {
      const memory::dim k = Net::sizes[i], n = Net::sizes[i + 1];
      const auto f32 = memory::data_type::f32;
      const memory::desc source({1, k}, f32, memory::format_tag::nc), any({n, k}, f32, memory::format_tag::any);
      const memory::desc plain({n, k}, f32, memory::format_tag::oi), row({n}, f32, memory::format_tag::x);
      const memory::desc target({1, n}, f32, memory::format_tag::nc);
      dnnl::post_ops after;
      if (i + 1 < depth)
        after.append_eltwise(1.f, depth == 2 ? dnnl::algorithm::eltwise_relu : dnnl::algorithm::eltwise_tanh, 0.f, 0.f);
      dnnl::primitive_attr attributes;
      attributes.set_post_ops(after);
      const dnnl::inner_product_forward::primitive_desc chosen(
          {dnnl::prop_kind::forward_inference, source, any, row, target}, attributes, engine);
      memory given(plain, engine, from), weight(chosen.weights_desc(), engine), bias(row, engine);
      dnnl::reorder(given, weight).execute(stream, given, weight);
      stream.wait();
      std::copy_n(from + n * k, n, static_cast<float*>(bias.get_data_handle()));
      from += n * (k + 1);
      const memory in = i ? output : (input = memory(source, engine));
      output = memory(target, engine);
      layer.emplace_back(chosen);
      arguments.push_back(
          {{DNNL_ARG_SRC, in}, {DNNL_ARG_WEIGHTS, weight}, {DNNL_ARG_BIAS, bias}, {DNNL_ARG_DST, output}});
    }
  }
};

template <class Net> void run(const float* in, float* out) {
  static network<Net> n;
  n.input.set_data_handle(const_cast<float*>(in), n.stream);
  n.output.set_data_handle(out, n.stream);
  for (std::size_t i = 0; i < n.depth; ++i) n.layer[i].execute(n.stream, n.arguments[i]);
  n.stream.wait();
}

} // namespace

extern const inference_peer onednn_inference{"oneDNN", run<tiny>, run<small>, run<digits>};

} // namespace peers
