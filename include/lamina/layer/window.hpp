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
template <std::size_t Height, std::size_t Width = Height> struct kernel {
  static_assert(Height > 0 && Width > 0, "kernel<K>: at least 1");
};
/// The step from window to window; 1 for convolutions, the window's size for poolings.
template <std::size_t Height, std::size_t Width = Height> struct stride {
  static_assert(Height > 0 && Width > 0, "stride<S>: at least 1");
};
/// Zeros around the image, on each side.
template <std::size_t Height, std::size_t Width = Height> struct padding {};
/// As much padding as keeps the size of the image; where it is odd, the greater half stands after the image.
struct same_padding {};
/// The distance between the numbers of a window.
template <std::size_t Height, std::size_t Width = Height> struct dilation {
  static_assert(Height > 0 && Width > 0, "dilation<D>: at least 1");
};
/// Cuts channels and filters into so many groups, each a convolution of its own; as many as channels: depthwise.
template <std::size_t Count> struct groups {
  static_assert(Count > 0, "groups<G>: at least 1");
};

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
  std::size_t kernels = 0, strides = 0, paddings = 0, dilations = 0, group_counts = 0, biases = 0, output_paddings = 0,
              others = 0;

  constexpr bool each_once() const {
    return kernels <= 1 && strides <= 1 && paddings <= 1 && dilations <= 1 && group_counts <= 1 && biases <= 1 &&
           output_paddings <= 1;
  }
};

template <class Option> struct window_option {
  static constexpr void put(window& w) { ++w.others; }
};
template <std::size_t H, std::size_t W> struct window_option<kernel<H, W>> {
  static constexpr void put(window& w) { w.kernel = {H, W}, ++w.kernels; }
};
template <std::size_t H, std::size_t W> struct window_option<stride<H, W>> {
  static constexpr void put(window& w) { w.stride = {H, W}, ++w.strides; }
};
template <std::size_t H, std::size_t W> struct window_option<padding<H, W>> {
  static constexpr void put(window& w) { w.padding = {H, W}, ++w.paddings; }
};
template <> struct window_option<same_padding> {
  static constexpr void put(window& w) { w.same = true, ++w.paddings; }
};
template <std::size_t H, std::size_t W> struct window_option<dilation<H, W>> {
  static constexpr void put(window& w) { w.dilation = {H, W}, ++w.dilations; }
};
template <std::size_t G> struct window_option<groups<G>> {
  static constexpr void put(window& w) { w.groups = G, ++w.group_counts; }
};
template <> struct window_option<no_bias> {
  static constexpr void put(window& w) { ++w.biases; }
};

template <class... Options> constexpr window window_of(std::size_t default_stride = 0) {
  window w;
  (window_option<Options>::put(w), ...);
  if (w.strides == 0) w.stride = default_stride ? extent{default_stride, default_stride} : w.kernel;
  return w;
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
/// The window of a layer over (C, L): one row high.
constexpr window of_one_row(window w) {
  w.kernel.height = w.stride.height = w.dilation.height = 1;
  w.padding.height = w.output_padding.height = 0;
  return w;
}
/// (C, L) as an image of one row.
constexpr dimensions as_image(dimensions in) { return in.rank == 2 ? dimensions{3, {in[0], 1, in[1]}} : in; }

/// Why a window does not fit an image of so many axes, or the shape it leaves.
constexpr shape_answer fit_window(const window& w, dimensions in, std::size_t rank, std::size_t filters) {
  if (in.rank != rank) return does_not_fit(reason::input_rank, {rank, {0, 0, 0}}, in);
  const dimensions image = as_image(in);
  if (w.same && (w.stride.height != 1 || w.stride.width != 1))
    return does_not_fit(reason::same_stride, {2, {1, 1}}, {2, {w.stride.height, w.stride.width}});
  if (image[0] % w.groups) return does_not_fit(reason::groups, {1, {w.groups}}, {1, {image[0]}});
  if (filters % w.groups) return does_not_fit(reason::groups, {1, {w.groups}}, {1, {filters}});
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
