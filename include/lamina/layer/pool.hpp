#pragma once
#include <cstddef>
#include <cstring>
#include <limits>
#include <type_traits>

#include <lamina/layer/stage.hpp>
#include <lamina/layer/window.hpp>
#include <lamina/simd/pooled.hpp>
#include <lamina/simd/windows.hpp>

/// Poolings: what a window sees becomes one number, channel by channel.
namespace lamina {

namespace detail {

/// The window of a pooling: `2`, or `extent{3, 2}`, and options; its stride is its own size where none is given.
template <std::size_t Rank, auto Size, class... Options> constexpr window pool_window() {
  window w = window_of<Options...>();
  w.unknown += w.kernels + w.group_counts + w.biases + w.dilations + w.output_paddings + (w.same ? 1 : 0);
  w.kernels = 1;
  if constexpr (std::is_same_v<std::remove_const_t<decltype(Size)>, extent>) {
    w.kernel = Size;
    ++w.pairs;
  } else {
    const std::size_t side = Size > 0 ? static_cast<std::size_t>(Size) : 0;
    w.kernel = {side, side};
  }
  if (w.strides == 0) w.stride = w.kernel;
  return Rank == 2 ? of_one_row(w) : w;
}

constexpr shape_answer fit_pool(const window& w, dimensions in, std::size_t rank) {
  if (const reason why = wrong_options(w); why != reason::none) return does_not_fit(why, {}, {});
  if (2 * w.padding.height > w.kernel.height || 2 * w.padding.width > w.kernel.width)
    return does_not_fit(reason::pool_padding, {2, {w.kernel.height / 2, w.kernel.width / 2}},
                        {2, {w.padding.height, w.padding.width}});
  return fit_window(w, in, rank, in[0]);
}

/// (C, H, W) → (C, OH, OW): the largest number of each window, or their mean.
template <bool Largest, std::size_t Rank, auto Size, class... Options> struct pool_layer : head_without_parameters {
  static constexpr window shape_of_window = pool_window<Rank, Size, Options...>();

  static constexpr bool accepts_formula = true, of_images = true, needs_input = Largest, needs_output = false;
  /// Each number of the input is in one window at most: they can be pooled as they come.
  static constexpr bool windows_are_apart = shape_of_window.stride.height >= shape_of_window.kernel.height &&
                                            shape_of_window.stride.width >= shape_of_window.kernel.width &&
                                            shape_of_window.padding.height == 0 && shape_of_window.padding.width == 0;

  /// The window whose neighbours begin where it ends; one of one pixel where there is none such.
  static constexpr simd::window whole_window =
      windows_are_apart && shape_of_window.stride.height == shape_of_window.kernel.height &&
              shape_of_window.stride.width == shape_of_window.kernel.width
          ? simd::window{shape_of_window.kernel.height, shape_of_window.kernel.width}
          : simd::window{};

  static constexpr shape_answer infer(dimensions in) { return fit_pool(shape_of_window, in, Rank); }
  template <dimensions In> using windows = simd::windows<geometry_of(shape_of_window, as_image(In), 0)>;
  /// Where the gradients of windows that overlap are summed.
  template <class T, class Arch, dimensions In>
  static constexpr std::size_t scratch = Largest && windows<In>::overlap ? simd::padded<T, Arch>(In.size()) : 0;

  template <class T, class Arch, dimensions In, class Epilogue>
  static void forward(const batch_view<T>& at, const Epilogue& epilogue) {
    using A = simd::fitting<T, Arch, In[0]>;
    if constexpr (Largest)
      simd::largest_of_windows<T, A, windows<In>>(at.rows, at.batch, epilogue);
    else
      simd::mean_of_windows<T, A, windows<In>>(at.rows, at.batch, epilogue);
  }

  /// What a window is before anything was seen of it.
  template <class V> static V start() {
    using T = typename V::value_type;
    return V(Largest ? -std::numeric_limits<T>::infinity() : T(0));
  }
  /// The window's number with one more of its numbers.
  template <class V> [[gnu::always_inline]] static V join(V so_far, V v) {
    using T = typename V::value_type;
    constexpr T share = T(1) / static_cast<T>(shape_of_window.kernel.height * shape_of_window.kernel.width);
    if constexpr (Largest)
      return math::max(so_far, v);
    else
      return so_far + v * V(share);
  }
  /// The same where it stands in memory, for pixel p of In; `place(q)` gives where window q stands.
  template <class T, dimensions In, class V, class Place>
  [[gnu::always_inline]] static void put(std::size_t p, V v, std::size_t lanes, const Place& place) {
    constexpr simd::convolution g = windows<In>::geometry;
    const std::size_t y = p / g.width, x = p % g.width, oy = y / g.stride_y, ox = x / g.stride_x;
    if (oy >= g.out_height || ox >= g.out_width || y % g.stride_y >= g.kernel_height ||
        x % g.stride_x >= g.kernel_width)
      return;
    using A = typename V::arch_type;
    T* const to = place(oy * g.out_width + ox);
    simd::store_lanes<T, A>(to, lanes, join(simd::load_lanes<T, A>(to, lanes), v));
  }

  /// The gradient of a maximum goes to the first of the largest numbers, that of a mean to all alike.
  template <class T, class Arch, dimensions In, class Epilogue>
  static void backward_input(const batch_view<T>& at, const gradient_view<T>& gradient, const Epilogue& epilogue) {
    using A = simd::fitting<T, Arch, In[0]>;
    if constexpr (!Largest)
      simd::share_among_windows<T, A, windows<In>>(gradient.rows, at.batch, epilogue);
    else if constexpr (!windows<In>::overlap)
      simd::give_to_largest<T, A, windows<In>>(at.rows, gradient.rows, at.batch, epilogue);
    else
      for (std::size_t m = 0; m < at.batch; ++m) {
        std::memset(at.scratch, 0, In.size() * sizeof(T));
        simd::give_to_largest<T, A, windows<In>>(at.rows + m, gradient.rows + m, 1,
                                                 simd::add_to_pixels<T, In[0]>{at.scratch});
        hand_over_pixels<T, Arch, as_image(In)>(m, at.scratch, epilogue);
      }
  }
};

} // namespace detail

/// The largest number of each window, channel by channel.
/// Shape: (C, H, W) → (C, ⌊(H + 2P − K)/S⌋ + 1, …). `max_pool2d<K>`, `max_pool2d<extent{KH, KW}>`, with `stride<S>` (K
/// where none is given) and `padding<P>`. Forward: padding never wins. Backward keeps: x; the gradient goes to the
/// first of the largest. Errors: input_rank, kernel_size where the window is larger than the padded image, pool_padding
/// for more padding than half the window, unknown_option and option_twice. Source: torch.nn.MaxPool2d. Example:
/// examples/22_lenet.cpp.
template <auto Kernel, class... Options> struct max_pool2d : detail::pool_layer<true, 3, Kernel, Options...> {};

/// The same along a signal: (C, L) → (C, ⌊(L + 2P − K)/S⌋ + 1). Source: torch.nn.MaxPool1d.
template <auto Kernel, class... Options> struct max_pool1d : detail::pool_layer<true, 2, Kernel, Options...> {};

/// The mean of each window, channel by channel; padding counts as zeros. Shapes, options and errors as `max_pool2d`.
/// Backward keeps: nothing. Source: torch.nn.AvgPool2d.
template <auto Kernel, class... Options> struct avg_pool2d : detail::pool_layer<false, 3, Kernel, Options...> {};

/// The same along a signal, as `max_pool1d`. Source: torch.nn.AvgPool1d.
template <auto Kernel, class... Options> struct avg_pool1d : detail::pool_layer<false, 2, Kernel, Options...> {};

} // namespace lamina
