#pragma once
#include <lamina/layer/causal_conv1d.hpp>
#include <lamina/layer/dense.hpp>

namespace lamina {

/// Applies a layer to every step of a sequence: (L, F) → (L, what the layer makes of (F)).
/// `per_step<dense<N>>`: weight (N, F), bias (N), as torch.nn.Linear does with a tensor (batch, L, F). Layers that work
/// elementwise or along the last axis need no `per_step`. Forward: y[t] = W x[t] + b. Backward keeps: x. Errors:
/// not_a_layer around another layer, input_rank for what is no sequence, input_size where the layer states another F.
/// Example: examples/27_sequences.cpp.
template <class Layer> struct per_step {};

template <std::size_t Outputs, class... Options>
struct per_step<dense<Outputs, Options...>> : detail::step_convolution<per_step<dense<Outputs, Options...>>> {
  using inner = dense<Outputs, Options...>;
  static constexpr detail::window options{.kernel = {1, 1}, .stride = {1, 1}};

  static constexpr bool biased = inner::biased;
  static constexpr std::size_t parameter_tensors = inner::parameter_tensors;
  static constexpr shape_answer infer(dimensions in) {
    if (in.rank != 2) return wrong_rank(2, in);
    const shape_answer step = inner::infer({1, {in[1]}});
    return step.why == reason::none ? fits({2, {in[0], Outputs}}) : step;
  }
  static constexpr simd::convolution geometry_for(dimensions in) {
    return detail::causal_geometry(options, in, Outputs);
  }
  static constexpr dimensions weight_shape(dimensions in) { return {2, {Outputs, in[1]}}; }
};

} // namespace lamina
