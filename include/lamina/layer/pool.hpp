#pragma once
#include <cstddef>
#include <cstring>
#include <limits>
#include <type_traits>

#include <lamina/expression/value.hpp>
#include <lamina/layer/stage.hpp>
#include <lamina/layer/window.hpp>
#include <lamina/simd/fitting.hpp>

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

/// The largest of a window; padding is −∞.
struct largest_of_window {
  static constexpr bool needs_input = true;
};
/// The mean of a window; padding counts as 0.
struct mean_of_window {
  static constexpr bool needs_input = false;
};

/// (C, H, W) → (C, OH, OW) by a rule.
template <class Rule, std::size_t Rank, auto Size, class... Options> struct pool_layer : head_without_parameters {
  static constexpr window shape_of_window = pool_window<Rank, Size, Options...>();

  static constexpr bool accepts_formula = true, of_images = true, needs_input = Rule::needs_input, needs_output = false;
  static constexpr bool takes_largest = std::is_same_v<Rule, largest_of_window>;

  static constexpr shape_answer infer(dimensions in) { return fit_pool(shape_of_window, in, Rank); }
  template <dimensions In> static constexpr simd::convolution geometry = geometry_of(shape_of_window, as_image(In), 0);
  /// Where the gradients of windows that overlap are summed.
  template <class T, class Arch, dimensions In> static constexpr std::size_t scratch = simd::padded<T, Arch>(In.size());

  template <class T, class Arch, dimensions In, class Epilogue>
  static void forward(const batch_view<T>& at, const Epilogue& epilogue) {
    constexpr simd::convolution g = geometry<In>;
    using A = simd::fitting<T, Arch, g.channels>;
    using V = simd::vector<T, A>;
    for (std::size_t m = 0; m < at.batch; ++m)
      for (std::size_t oy = 0; oy < g.out_height; ++oy)
        for (std::size_t ox = 0; ox < g.out_width; ++ox)
          for (std::size_t f = 0; f < g.channels; f += V::size) {
            V v = start<V>();
            for_window<In>(oy, ox, [&](std::size_t pixel) {
              const V x = simd::load_lanes<T, A>(at.rows[m] + pixel * g.channels + f, g.channels - f);
              v = takes_largest ? math::max(v, x) : v + x;
            });
            if constexpr (!takes_largest) v *= V(share<T, In>());
            epilogue(m, oy * g.out_width + ox, f, v, g.channels - f);
          }
  }

  /// The gradient of a maximum goes to the first of the largest numbers, that of a mean to all alike.
  template <class T, class Arch, dimensions In, class Epilogue>
  static void backward_input(const batch_view<T>& at, const gradient_view<T>& gradient, const Epilogue& epilogue) {
    constexpr simd::convolution g = geometry<In>;
    using A = simd::fitting<T, Arch, g.channels>;
    using V = simd::vector<T, A>;
    T* const dx = at.scratch;
    for (std::size_t m = 0; m < at.batch; ++m) {
      std::memset(dx, 0, In.size() * sizeof(T));
      for (std::size_t oy = 0; oy < g.out_height; ++oy)
        for (std::size_t ox = 0; ox < g.out_width; ++ox)
          for (std::size_t f = 0; f < g.channels; f += V::size) {
            const std::size_t lanes = g.channels - f;
            V left = simd::load_lanes<T, A>(gradient.rows[m] + (oy * g.out_width + ox) * g.channels + f, lanes);
            const auto add = [&](std::size_t pixel, V v) {
              T* const to = dx + pixel * g.channels + f;
              simd::store_lanes<T, A>(to, lanes, simd::load_lanes<T, A>(to, lanes) + v);
            };
            if constexpr (takes_largest) {
              const auto x = [&](std::size_t pixel) {
                return simd::load_lanes<T, A>(at.rows[m] + pixel * g.channels + f, lanes);
              };
              V most = start<V>();
              for_window<In>(oy, ox, [&](std::size_t pixel) { most = math::max(most, x(pixel)); });
              for_window<In>(oy, ox, [&](std::size_t pixel) {
                const auto chosen = x(pixel) == most;
                add(pixel, xsimd::select(chosen, left, V(T(0))));
                left = xsimd::select(chosen, V(T(0)), left);
              });
            } else {
              for_window<In>(oy, ox, [&](std::size_t pixel) { add(pixel, left * V(share<T, In>())); });
            }
          }
      hand_over_pixels<T, Arch, as_image(In)>(m, dx, epilogue);
    }
  }

private:
  template <class V> static V start() {
    using T = typename V::value_type;
    return V(takes_largest ? -std::numeric_limits<T>::infinity() : T(0));
  }
  template <class T, dimensions In> static constexpr T share() {
    return T(1) / static_cast<T>(geometry<In>.kernel_height * geometry<In>.kernel_width);
  }
  /// Visits the pixels of a window that are not padding.
  template <dimensions In, class Visit> static void for_window(std::size_t oy, std::size_t ox, const Visit& visit) {
    constexpr simd::convolution g = geometry<In>;
    for (std::size_t ky = 0; ky < g.kernel_height; ++ky) {
      const std::size_t y = oy * g.stride_y + ky * g.dilation_y - g.top;
      if (y >= g.height) continue; // also where it is before the first row
      for (std::size_t kx = 0; kx < g.kernel_width; ++kx) {
        const std::size_t x = ox * g.stride_x + kx * g.dilation_x - g.left;
        if (x < g.width) visit(y * g.width + x);
      }
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
template <auto Kernel, class... Options>
struct max_pool2d : detail::pool_layer<detail::largest_of_window, 3, Kernel, Options...> {};

/// The same along a signal: (C, L) → (C, ⌊(L + 2P − K)/S⌋ + 1). Source: torch.nn.MaxPool1d.
template <auto Kernel, class... Options>
struct max_pool1d : detail::pool_layer<detail::largest_of_window, 2, Kernel, Options...> {};

/// The mean of each window, channel by channel; padding counts as zeros. Shapes, options and errors as `max_pool2d`.
/// Backward keeps: nothing. Source: torch.nn.AvgPool2d.
template <auto Kernel, class... Options>
struct avg_pool2d : detail::pool_layer<detail::mean_of_window, 3, Kernel, Options...> {};

/// The same along a signal, as `max_pool1d`. Source: torch.nn.AvgPool1d.
template <auto Kernel, class... Options>
struct avg_pool1d : detail::pool_layer<detail::mean_of_window, 2, Kernel, Options...> {};

} // namespace lamina
