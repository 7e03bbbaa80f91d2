#pragma once
#include <cstddef>
#include <type_traits>

#include <lamina/core/diagnostics.hpp>
#include <lamina/layer/options.hpp>
#include <lamina/simd/convolution.hpp>

/// The options that say how a convolution or a pooling looks at an image; each once at most, in any order. One number
/// holds for both directions, two are (height, width).
namespace lamina {

/// The size of the window: `kernel<3>`, `kernel<3, 5>`.
template <std::size_t... Extents> struct kernel {};
/// The step from window to window; 1 for convolutions, the window's size for poolings.
template <std::size_t... Extents> struct stride {};
/// Zeros around the image, on each side.
template <std::size_t... Extents> struct padding {};
/// As much padding as keeps the size of the image; where it is odd, the greater half stands after the image.
struct same_padding {};
/// The distance between the numbers of a window.
template <std::size_t... Extents> struct dilation {};
/// Cuts channels and filters into so many groups, each a convolution of its own; as many as channels: depthwise.
template <std::size_t Count> struct groups {};

/// The size of a window that is no square: `max_pool2d<extent{3, 2}>`.
struct extent {
  std::size_t height = 0, width = 0;
};

namespace detail {

/// The options as values, and how often each was given.
struct window {
  extent kernel{}, stride{}, padding{}, dilation{1, 1}, output_padding{};
  bool same = false;
  std::size_t groups = 1;
  std::size_t kernels = 0, strides = 0, paddings = 0, dilations = 0, group_counts = 0, biases = 0, output_paddings = 0;
  std::size_t pairs = 0;   ///< options of two numbers
  std::size_t unknown = 0; ///< options that the layer does not have

  template <std::size_t... Extents> constexpr void put(extent& sides, std::size_t& times) {
    constexpr std::size_t count = sizeof...(Extents), given[]{Extents..., 0};
    sides = {given[0], given[count == 2 ? 1 : 0]};
    ++times;
    if (count == 2) ++pairs;
    if (count != 1 && count != 2) ++unknown;
  }
  constexpr bool each_once() const {
    return kernels <= 1 && strides <= 1 && paddings <= 1 && dilations <= 1 && group_counts <= 1 && biases <= 1 &&
           output_paddings <= 1;
  }
};

template <class Option> struct window_option {
  static constexpr void put(window& w) { ++w.unknown; }
};
template <std::size_t... Extents> struct window_option<kernel<Extents...>> {
  static constexpr void put(window& w) { w.put<Extents...>(w.kernel, w.kernels); }
};
template <std::size_t... Extents> struct window_option<stride<Extents...>> {
  static constexpr void put(window& w) { w.put<Extents...>(w.stride, w.strides); }
};
template <std::size_t... Extents> struct window_option<padding<Extents...>> {
  static constexpr void put(window& w) { w.put<Extents...>(w.padding, w.paddings); }
};
template <> struct window_option<same_padding> {
  static constexpr void put(window& w) { w.same = true, ++w.paddings; }
};
template <std::size_t... Extents> struct window_option<dilation<Extents...>> {
  static constexpr void put(window& w) { w.put<Extents...>(w.dilation, w.dilations); }
};
template <std::size_t G> struct window_option<groups<G>> {
  static constexpr void put(window& w) { w.groups = G, ++w.group_counts; }
};
template <> struct window_option<no_bias> {
  static constexpr void put(window& w) { ++w.biases; }
};

template <class... Options> constexpr window window_of() {
  window w;
  (window_option<Options>::put(w), ...);
  return w;
}
/// The window of a convolution: its stride is 1 where none is given.
template <class... Options> constexpr window convolution_window() {
  window w = window_of<Options...>();
  if (w.strides == 0) w.stride = {1, 1};
  w.unknown += w.output_paddings;
  return w;
}

/// What is wrong with the options by themselves.
constexpr reason wrong_options(const window& w) {
  if (w.unknown) return reason::unknown_option;
  if (!w.each_once()) return reason::option_twice;
  if (w.kernels == 0) return reason::no_kernel;
  for (const extent& sides : {w.kernel, w.stride, w.dilation})
    if (sides.height == 0 || sides.width == 0) return reason::out_of_range;
  return w.groups == 0 ? reason::out_of_range : reason::none;
}
/// Why groups, or their number of filters, do not go with an image.
constexpr shape_answer fit_groups(const window& w, dimensions in, std::size_t filters) {
  const auto whole = [&](std::size_t count) { return (count + w.groups - 1) / w.groups * w.groups; };
  dimensions fitting = in;
  fitting.extent[0] = whole(in[0]);
  if (in != fitting) return does_not_fit(reason::groups, fitting, in);
  if (filters % w.groups) return does_not_fit(reason::groups, {1, {whole(filters)}}, {1, {filters}});
  return fits(in);
}

/// What a window leaves of a side: ⌊(n + padding − reach)/stride⌋ + 1, or 0 where it does not fit.
constexpr std::size_t windows_in(std::size_t side, std::size_t padding, std::size_t kernel, std::size_t dilation,
                                 std::size_t stride) {
  const std::size_t reach = dilation * (kernel - 1) + 1;
  return side + padding < reach ? 0 : (side + padding - reach) / stride + 1;
}
/// All padding of one direction, and what of it stands before the image.
constexpr std::size_t padding_of(const window& w, std::size_t padding, std::size_t kernel, std::size_t dilation) {
  return w.same ? dilation * (kernel - 1) : 2 * padding;
}

/// A window over an image (C, H, W): its geometry and the shape it leaves; `filters` 0 keeps the channels.
constexpr simd::convolution geometry_of(const window& w, dimensions in, std::size_t filters) {
  const std::size_t down = padding_of(w, w.padding.height, w.kernel.height, w.dilation.height),
                    across = padding_of(w, w.padding.width, w.kernel.width, w.dilation.width);
  return {.channels = in[0],
          .height = in[1],
          .width = in[2],
          .filters = filters ? filters : in[0],
          .out_height = windows_in(in[1], down, w.kernel.height, w.dilation.height, w.stride.height),
          .out_width = windows_in(in[2], across, w.kernel.width, w.dilation.width, w.stride.width),
          .kernel_height = w.kernel.height,
          .kernel_width = w.kernel.width,
          .stride_y = w.stride.height,
          .stride_x = w.stride.width,
          .top = w.same ? down / 2 : w.padding.height,
          .left = w.same ? across / 2 : w.padding.width,
          .dilation_y = w.dilation.height,
          .dilation_x = w.dilation.width,
          .groups = w.groups};
}
/// The window of a layer over (C, L): one row high; none of its options has two numbers.
constexpr window of_one_row(window w) {
  w.unknown += w.pairs;
  w.kernel.height = w.stride.height = w.dilation.height = 1;
  w.padding.height = w.output_padding.height = 0;
  return w;
}
/// (C, L) as an image of one row.
constexpr dimensions as_image(dimensions in) { return in.rank == 2 ? dimensions{3, {in[0], 1, in[1]}} : in; }

/// Why a window does not fit an image of so many axes, or the shape it leaves.
constexpr shape_answer fit_window(const window& w, dimensions in, std::size_t rank, std::size_t filters) {
  if (const reason why = wrong_options(w); why != reason::none) return does_not_fit(why, {}, {});
  if (filters == 0) return does_not_fit(reason::out_of_range, {}, {});
  if (in.rank != rank) return wrong_rank(rank, in);
  const dimensions image = as_image(in);
  if (w.same && (w.stride.height != 1 || w.stride.width != 1))
    return does_not_fit(reason::same_stride, {2, {1, 1}}, {2, {w.stride.height, w.stride.width}});
  if (const shape_answer grouped = fit_groups(w, in, filters); grouped.why != reason::none) return grouped;
  const simd::convolution g = geometry_of(w, image, filters);
  if (g.out_height == 0 || g.out_width == 0) {
    const std::size_t down = padding_of(w, w.padding.height, w.kernel.height, w.dilation.height),
                      across = padding_of(w, w.padding.width, w.kernel.width, w.dilation.width);
    const std::size_t high = w.dilation.height * (w.kernel.height - 1) + 1 - down,
                      wide = w.dilation.width * (w.kernel.width - 1) + 1 - across;
    return does_not_fit(reason::kernel_size,
                        rank == 2 ? dimensions{2, {in[0], wide}}
                                  : dimensions{3, {in[0], g.out_height ? in[1] : high, g.out_width ? in[2] : wide}},
                        in);
  }
  if (rank == 2) return fits({2, {g.filters, g.out_width}});
  return fits({3, {g.filters, g.out_height, g.out_width}});
}

} // namespace detail
} // namespace lamina
