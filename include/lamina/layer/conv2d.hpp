#pragma once
#include <lamina/layer/convolution.hpp>

namespace lamina {

/// Slides a window over an image: each filter is a weighted sum of what the window sees.
/// Shape: (C, H, W) → (F, ⌊(H + 2P − D(K−1) − 1)/S⌋ + 1, …). Options, each once at most, in any order: `kernel<K>` or
/// `kernel<KH, KW>` (needed), `stride<S>`, `padding<P>` or `same_padding`, `dilation<D>`, `groups<G>` (as many as
/// channels: depthwise), `no_bias`, `weight_of` (layer/tied_convolution.hpp). Parameters: weight (F, C/G, KH, KW), bias
/// (F). Forward: y = W ⋆ x + b, a cross-correlation. Backward keeps: x. Cost: 2 F·OH·OW·C/G·KH·KW flops forward, twice
/// as many backward. In float, kernels three or five wide with stride 1 are filtered with about half the products
/// (simd/winograd_sweep.hpp), for some more rounding; an infinite number then spoils up to five pixels of a row beside
/// those that see it. Errors: input_rank for what is no image; kernel_size where the window is larger than the padded
/// image; groups that do not divide channels or filters; same_stride for `same_padding` with another stride than 1;
/// no_kernel, option_twice, unknown_option; out_of_range for a size of 0. Source: torch.nn.Conv2d, first values
/// included. Example: examples/22_lenet.cpp.
template <std::size_t Filters, class... Options>
struct conv2d : detail::image_convolution<conv2d<Filters, Options...>, false> {
  static constexpr detail::window options = detail::convolution_window<Options...>();

  static constexpr bool biased = !detail::has_option<no_bias, Options...>;
  static constexpr std::size_t parameter_tensors = biased ? 2 : 1;
  static constexpr shape_answer infer(dimensions in) { return detail::fit_window(options, in, 3, Filters); }
  static constexpr simd::convolution geometry_for(dimensions in) { return detail::geometry_of(options, in, Filters); }
  static constexpr dimensions weight_shape(dimensions in) {
    return {4, {Filters, in[0] / options.groups, options.kernel.height, options.kernel.width}};
  }
};

} // namespace lamina
