#pragma once
#include <cstddef>
#include <lamina/simd/panels.hpp>
#include <lamina/simd/partial.hpp>
#include <lamina/simd/sweep.hpp>
#include <lamina/simd/sweep_tile.hpp>
#include <lamina/simd/traits.hpp>
#include <type_traits>

/// Sweeps whose filters see one channel each, their own: vectors lie along the channels of image and weights alike.
namespace lamina::simd {

/// Which row of the weights, a panel block of channels × taps, belongs to the tap (ky, kx) of a sweep.
struct tap_order {
  std::size_t first;
  std::ptrdiff_t step_y, step_x;
  std::size_t taps; ///< rows of the weights in all
  constexpr std::size_t operator()(std::size_t ky, std::size_t kx) const {
    return first + ky * static_cast<std::size_t>(step_y) + kx * static_cast<std::size_t>(step_x);
  }
};

namespace detail {

/// Pixels of a row that a tile spans at most: its sums, the weights of a row of taps and a number of the image are in
/// registers.
template <class Arch, sweep P> constexpr std::size_t depthwise_pixels() {
  constexpr std::size_t most = registers<Arch> >= 32 ? 14 : 8;
  if (P.out_width <= most) return P.out_width;
  for (std::size_t n = most; 2 * n > most; --n)
    if (P.out_width % n == 0) return n;
  return most;
}

template <class Arch, sweep P> inline constexpr row_plan depthwise_rows{P, depthwise_pixels<Arch, P>()};

template <class Arch, sweep P> inline constexpr bool depthwise_borders = needs_border(P, depthwise_rows<Arch, P>, 1);

/// The sums of `TX` pixels from (y, x) on for one vector of channels, which begins at `image` and at `weights`.
template <class T, class Arch, sweep P, tap_order K, pieces At, std::size_t Lanes, std::size_t TX>
[[gnu::always_inline]] inline void depthwise_sums(vector<T, Arch> (&sum)[TX], const T* image, const T* weights,
                                                  std::size_t columns, std::size_t y, std::size_t x) {
  using V = vector<T, Arch>;
  constexpr bool edge = At.count == 1 && !(P.inside(At.first) && P.inside(At.first + TX - 1));
  const auto number = [](const T* p) {
    if constexpr (Lanes < V::size)
      return load_partial<T, Arch>(p, Lanes);
    else
      return V::load_unaligned(p);
  };
#pragma GCC unroll 16
  for (std::size_t o = 0; o < TX; ++o) sum[o] = V(T(0));
  const range rows = kernel_rows<P>(y);
  for (std::size_t ky = rows.first; ky < rows.last; ++ky) {
    const std::size_t line = y * P.stride_y + ky * P.dilation_y - static_cast<std::size_t>(P.top);
    const T* row = image + line * P.row() + (edge ? 0 : P.column(x, 0) * P.channels);
    const auto add = [&](std::size_t kx) __attribute__((always_inline)) {
      const V b = V::load_aligned(weights + K(ky, kx) * columns);
#pragma GCC unroll 16
      for (std::size_t o = 0; o < TX; ++o) {
        const std::size_t at = edge ? P.column(At.first + o, kx) : o * P.stride_x + kx * P.dilation_x;
        if (!edge || at < P.width) sum[o] = multiply_add(number(row + at * P.channels), b, sum[o]);
      }
    };
    if constexpr (P.kernel_width * TX <= unrolled_products) {
#pragma GCC unroll 128
      for (std::size_t kx = 0; kx < P.kernel_width; ++kx) add(kx);
    } else {
      for (std::size_t kx = 0; kx < P.kernel_width; ++kx) add(kx);
    }
  }
}

/// The pieces `At` of every row of an image, all channels of a piece one after the other as they are in memory.
template <class T, class Arch, sweep P, tap_order K, pieces At, class Epilogue>
[[gnu::noinline]] void depthwise_pieces(const T* image, const T* weights, std::size_t m, const Epilogue epilogue) {
  using V = vector<T, Arch>;
  using layout = panels<T, Arch>;
  constexpr std::size_t C = P.channels, whole = C / V::size * V::size, taps = K.taps;
  const auto tile = [&]<std::size_t Lanes>(std::integral_constant<std::size_t, Lanes>, std::size_t y, std::size_t x,
                                           std::size_t c) __attribute__((always_inline)) {
    V sum[At.size];
    depthwise_sums<T, Arch, P, K, At, Lanes>(sum, image + c, weights + layout::offset(c, 0, C, taps),
                                             layout::columns_at(c / layout::columns * layout::columns, C), y, x);
    if constexpr (Epilogue::light) {
#pragma GCC unroll 16
      for (std::size_t o = 0; o < At.size; ++o) epilogue(m, P.pixel(y, x + o), c, sum[o], Lanes);
    } else {
      alignas(alignment) T stored[At.size * V::size];
#pragma GCC unroll 16
      for (std::size_t o = 0; o < At.size; ++o) sum[o].store_aligned(stored + o * V::size);
      hand_over_pixels<T, Arch, P, 1, Lanes>(stored, At.size, m, y, x, c, epilogue);
    }
  };
  for (std::size_t y = 0; y < P.out_height; ++y)
    for (std::size_t i = 0, x = At.first; i < At.count; ++i, x += At.size) {
      for (std::size_t c = 0; c < whole; c += V::size) tile(std::integral_constant<std::size_t, V::size>{}, y, x, c);
      if constexpr (C > whole) tile(std::integral_constant<std::size_t, C - whole>{}, y, x, whole);
    }
}

template <class T, class Arch, sweep P, tap_order K, class Epilogue>
[[gnu::always_inline]] inline void depthwise_image(const T* image, const T* weights, std::size_t m,
                                                   const Epilogue& epilogue) {
  each_run<depthwise_rows<Arch, P>>([&]<pieces At>() __attribute__((always_inline)) {
    depthwise_pieces<T, Arch, P, K, At>(image, weights, m, epilogue);
  });
}

} // namespace detail

/// Numbers of scratch that `run_depthwise` needs.
template <class Arch, sweep P> constexpr std::size_t depthwise_scratch() {
  return detail::depthwise_borders<Arch, P> ? P.height * P.bordered(P.channels).row() : 0;
}

/// The sums of a sweep over `batch` images, of which filter c sees channel c only. Calls `epilogue(m, pixel, c, v,
/// lanes)` exactly once for each vector of channels c of each pixel.
template <class T, class Arch, sweep P, tap_order K, class Epilogue>
void run_depthwise(const T* const* images, std::size_t batch, const T* weights, [[maybe_unused]] T* scratch,
                   const Epilogue& epilogue) {
  for (std::size_t m = 0; m < batch; ++m)
    if constexpr (detail::depthwise_borders<Arch, P>) {
      detail::copy_with_border<T, P, P.channels>(images[m], scratch);
      detail::depthwise_image<T, Arch, P.bordered(P.channels), K>(scratch, weights, m, epilogue);
    } else {
      detail::depthwise_image<T, Arch, P, K>(images[m], weights, m, epilogue);
    }
}

} // namespace lamina::simd
