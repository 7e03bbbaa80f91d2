#pragma once
#include <lamina/layer/convolution.hpp>

namespace lamina {

/// Makes the larger side of a transposed convolution longer at its end: where several input sizes give one output size
/// of the convolution that is transposed.
template <std::size_t Height, std::size_t Width = Height> struct output_padding {};

namespace detail {

template <std::size_t H, std::size_t W> struct window_option<output_padding<H, W>> {
  static constexpr void put(window& w) { w.output_padding = {H, W}, ++w.output_paddings; }
};

} // namespace detail

/// The adjoint of a convolution: each number of the input paints the window into a larger image.
/// Shape: (C, H, W) → (F, (H−1)S − 2P + D(K−1) + output_padding + 1, …). Options, each once at most, in any order:
/// `kernel` (needed), `stride`, `padding`, `output_padding`, `dilation`, `groups`, `no_bias`. Parameters: weight (C,
/// F/G, KH, KW), bias (F). Backward keeps: x. Errors: input_rank for what is no image; kernel_size where padding takes
/// all away; groups that do not divide channels or filters; out_of_range for an output_padding that is not below the
/// stride or the dilation. Source: torch.nn.ConvTranspose2d, first values included.
template <std::size_t Filters, class... Options>
struct conv_transpose2d : detail::convolution_layer<conv_transpose2d<Filters, Options...>, true> {
  static constexpr detail::window options = detail::window_of<Options...>(1);
  static_assert(Filters > 0, "conv_transpose2d<F, …>: F is the number of filters, at least 1");
  static_assert(options.kernels == 1, "conv_transpose2d<F, kernel<K>, …>: the size of the window is needed");
  static_assert(options.each_once() && options.others == 0 && !options.same,
                "conv_transpose2d takes kernel, stride, padding, output_padding, dilation, groups and no_bias, each "
                "once at most");

  static constexpr bool biased = !detail::has_option<no_bias, Options...>;
  static constexpr std::size_t parameter_tensors = biased ? 2 : 1;

  static constexpr shape_answer infer(dimensions in) {
    if (in.rank != 3) return does_not_fit(reason::input_rank, {3, {0, 0, 0}}, in);
    if (in[0] % options.groups) return does_not_fit(reason::groups, {1, {options.groups}}, {1, {in[0]}});
    if (Filters % options.groups) return does_not_fit(reason::groups, {1, {options.groups}}, {1, {Filters}});
    const extent &more = options.output_padding, &s = options.stride, &d = options.dilation;
    if ((more.height >= s.height && more.height >= d.height && more.height) ||
        (more.width >= s.width && more.width >= d.width && more.width))
      return does_not_fit(reason::out_of_range, {2, {s.height, s.width}}, {2, {more.height, more.width}});
    if (grown(in[1], true) <= 2 * options.padding.height || grown(in[2], false) <= 2 * options.padding.width)
      return does_not_fit(reason::kernel_size, {2, {2 * options.padding.height + 1, 2 * options.padding.width + 1}},
                          {2, {grown(in[1], true), grown(in[2], false)}});
    return fits(
        {3,
         {Filters, grown(in[1], true) - 2 * options.padding.height, grown(in[2], false) - 2 * options.padding.width}});
  }
  static constexpr simd::convolution geometry_for(dimensions in) {
    const dimensions out = infer(in).output;
    return {.channels = Filters,
            .height = out[1],
            .width = out[2],
            .filters = in[0],
            .out_height = in[1],
            .out_width = in[2],
            .kernel_height = options.kernel.height,
            .kernel_width = options.kernel.width,
            .stride_y = options.stride.height,
            .stride_x = options.stride.width,
            .top = options.padding.height,
            .left = options.padding.width,
            .dilation_y = options.dilation.height,
            .dilation_x = options.dilation.width,
            .groups = options.groups};
  }
  static constexpr dimensions weight_shape(dimensions in) {
    return {4, {in[0], Filters / options.groups, options.kernel.height, options.kernel.width}};
  }

private:
  /// The output's side before padding is taken off.
  static constexpr std::size_t grown(std::size_t side, bool down) {
    const detail::window& w = options;
    return down ? (side - 1) * w.stride.height + w.dilation.height * (w.kernel.height - 1) + w.output_padding.height + 1
                : (side - 1) * w.stride.width + w.dilation.width * (w.kernel.width - 1) + w.output_padding.width + 1;
  }
};

} // namespace lamina
