#pragma once
#include <lamina/layer/convolution.hpp>

namespace lamina {

/// Makes the larger side of a transposed convolution longer at its end: where several input sizes give one output size
/// of the convolution that is transposed.
template <std::size_t... Extents> struct output_padding {};

namespace detail {

template <std::size_t... Extents> struct window_option<output_padding<Extents...>> {
  static constexpr void put(window& w) { w.put<Extents...>(w.output_padding, w.output_paddings); }
};
template <class... Options> constexpr window transposed_window() {
  window w = window_of<Options...>();
  if (w.strides == 0) w.stride = {1, 1};
  if (w.same) ++w.unknown;
  return w;
}

} // namespace detail

/// The adjoint of a convolution: each number of the input paints the window into a larger image.
/// Shape: (C, H, W) → (F, (H−1)S − 2P + D(K−1) + output_padding + 1, …). Options, each once at most, in any order:
/// `kernel` (needed), `stride`, `padding`, `output_padding`, `dilation`, `groups`, `no_bias`. Parameters: weight (C,
/// F/G, KH, KW), bias (F). Backward keeps: x. Errors: input_rank for what is no image; kernel_size where padding takes
/// all away; groups that do not divide channels or filters; out_of_range for an output_padding that is not below the
/// stride or the dilation. Source: torch.nn.ConvTranspose2d, first values included.
template <std::size_t Filters, class... Options>
struct conv_transpose2d : detail::image_convolution<conv_transpose2d<Filters, Options...>, true> {
  static constexpr detail::window options = detail::transposed_window<Options...>();

  static constexpr bool biased = !detail::has_option<no_bias, Options...>;
  static constexpr std::size_t parameter_tensors = biased ? 2 : 1;

  static constexpr shape_answer infer(dimensions in) {
    if (const reason why = detail::wrong_options(options); why != reason::none) return does_not_fit(why, {}, {});
    if (Filters == 0) return does_not_fit(reason::out_of_range, {}, {});
    if (in.rank != 3) return wrong_rank(3, in);
    if (const shape_answer grouped = detail::fit_groups(options, in, Filters); grouped.why != reason::none)
      return grouped;
    const std::size_t most_down = most(options.stride.height, options.dilation.height),
                      most_across = most(options.stride.width, options.dilation.width);
    if (options.output_padding.height > most_down || options.output_padding.width > most_across)
      return does_not_fit(reason::out_of_range, {2, {most_down, most_across}},
                          {2, {options.output_padding.height, options.output_padding.width}});
    const std::size_t high = least(options.padding.height, painted(1, true), options.stride.height),
                      wide = least(options.padding.width, painted(1, false), options.stride.width);
    if (in[1] < high || in[2] < wide)
      return does_not_fit(reason::kernel_size, {3, {in[0], in[1] < high ? high : in[1], in[2] < wide ? wide : in[2]}},
                          in);
    return fits({3,
                 {Filters, painted(in[1], true) - 2 * options.padding.height,
                  painted(in[2], false) - 2 * options.padding.width}});
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
  static constexpr std::size_t painted(std::size_t side, bool down) {
    const detail::window& w = options;
    return down ? (side - 1) * w.stride.height + w.dilation.height * (w.kernel.height - 1) + w.output_padding.height + 1
                : (side - 1) * w.stride.width + w.dilation.width * (w.kernel.width - 1) + w.output_padding.width + 1;
  }
  /// The largest output padding.
  static constexpr std::size_t most(std::size_t stride, std::size_t dilation) {
    return (stride > dilation ? stride : dilation) - 1;
  }
  /// The least side of an input of which padding leaves something, where one pixel paints so many.
  static constexpr std::size_t least(std::size_t padding, std::size_t of_one, std::size_t stride) {
    return of_one > 2 * padding ? 1 : (2 * padding - of_one) / stride + 2;
  }
};

} // namespace lamina
