#pragma once
#include <lamina/layer/step_convolution.hpp>

namespace lamina {

namespace detail {

/// The window over (L, F) that ends at the step whose output it gives.
constexpr simd::convolution causal_geometry(const window& w, dimensions in, std::size_t filters) {
  simd::convolution g = geometry_of(w, {3, {in[1], 1, in[0]}}, filters);
  g.left = w.dilation.width * (w.kernel.width - 1), g.out_width = in[0];
  return g;
}

} // namespace detail

/// Slides a window along a sequence that sees a step and those before it: each filter is a weighted sum of what the
/// window sees, zeros before the first step.
/// Shape: (L, C) → (L, F). Options: `kernel<K>` (due), `dilation<D>`, `groups<G>`, `no_bias`, `weight_of<"name">`; each
/// once, in any order. Parameters: weight (F, C/G, K), bias (F). Forward: y[t, f] = b[f] + Σ w[f, c, k] x[t − D (K − 1
/// − k), c]. Backward keeps: x. Errors: input_rank for what is no sequence, groups where they do not divide channels
/// and filters, unknown_option for a stride or a padding. Source: van den Oord et al. 2016; torch.nn.Conv1d with D (K −
/// 1) zeros put before the signal. Example: examples/28_amplifier.cpp.
template <std::size_t Filters, class... Options>
struct causal_conv1d : detail::step_convolution<causal_conv1d<Filters, Options...>> {
  static constexpr detail::window options = detail::of_one_row(detail::convolution_window<Options...>());

  static constexpr bool biased = !detail::has_option<no_bias, Options...>;
  static constexpr std::size_t parameter_tensors = biased ? 2 : 1;
  static constexpr shape_answer infer(dimensions in) {
    if (options.strides || options.paddings) return does_not_fit(reason::unknown_option, {}, {});
    if (const reason why = detail::wrong_options(options); why != reason::none) return does_not_fit(why, {}, {});
    if (Filters == 0) return does_not_fit(reason::out_of_range, {}, {});
    if (in.rank != 2) return wrong_rank(2, in);
    const dimensions channels_first{2, {in[1], in[0]}};
    const shape_answer grouped = detail::fit_groups(options, channels_first, Filters);
    if (grouped.why != reason::none && grouped.got == channels_first)
      return does_not_fit(reason::groups, {2, {in[0], grouped.expected[0]}}, in);
    return grouped.why != reason::none ? grouped : fits({2, {in[0], Filters}});
  }
  static constexpr simd::convolution geometry_for(dimensions in) {
    return detail::causal_geometry(options, in, Filters);
  }
  static constexpr dimensions weight_shape(dimensions in) {
    return {3, {Filters, in[1] / options.groups, options.kernel.width}};
  }
};

} // namespace lamina
