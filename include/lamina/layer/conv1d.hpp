#pragma once
#include <lamina/layer/convolution.hpp>

namespace lamina {

/// Slides a window along a signal: each filter is a weighted sum of what the window sees.
/// Shape: (C, L) → (F, ⌊(L + 2P − D(K−1) − 1)/S⌋ + 1). Options as those of `conv2d`, each of one number. Parameters:
/// weight (F, C/G, K), bias (F). Forward, backward and errors as `conv2d`. Source: torch.nn.Conv1d.
template <std::size_t Filters, class... Options>
struct conv1d : detail::image_convolution<conv1d<Filters, Options...>, false> {
  static constexpr detail::window options = detail::of_one_row(detail::convolution_window<Options...>());

  static constexpr bool biased = !detail::has_option<no_bias, Options...>;
  static constexpr std::size_t parameter_tensors = biased ? 2 : 1;
  static constexpr shape_answer infer(dimensions in) { return detail::fit_window(options, in, 2, Filters); }
  static constexpr simd::convolution geometry_for(dimensions in) {
    return detail::geometry_of(options, detail::as_image(in), Filters);
  }
  static constexpr dimensions weight_shape(dimensions in) {
    return {3, {Filters, in[0] / options.groups, options.kernel.width}};
  }
};

} // namespace lamina
