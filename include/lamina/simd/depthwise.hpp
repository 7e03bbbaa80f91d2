#pragma once
#include <cstddef>
#include <lamina/simd/non_temporal.hpp>
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

/// Bytes of the image that a walk comes back to, row after row, and should find in the first cache.
inline constexpr std::size_t depthwise_reach = std::size_t(24) << 10;

/// Pixels of a row of the output that see no more of the image than that, all of its channels.
template <class T, sweep P>
inline constexpr std::size_t depthwise_pixels = [] {
  const std::size_t column = P.kernel_height * P.channels * sizeof(T), more = (P.kernel_width - 1) * P.dilation_x,
                    columns = column > 0 ? depthwise_reach / column : P.out_width;
  return columns > more ? (columns - more) / P.stride_x : 0;
}();

/// Whether an image is walked through in strips, piece by piece from top to bottom: where whole rows are too long to
/// find them again. Pieces of less than four pixels would read too much of what is beside them.
template <class T, sweep P>
inline constexpr bool depthwise_strips = depthwise_pixels<T, P> < P.out_width && depthwise_pixels<T, P> >= 4;

/// Vectors of channels that a tile spans: two where a pixel has few or a strip is narrow, so that memory is passed in
/// longer runs. Otherwise one and twice the pixels are faster: fewer columns are read for two tiles.
template <class T, class Arch, sweep P>
inline constexpr std::size_t depthwise_vectors = [] {
  const bool narrow = P.channels <= 4 * width<T, Arch> || (depthwise_strips<T, P> && depthwise_pixels<T, P> <= 8);
  return P.channels > width<T, Arch> && P.kernel_width <= 5 && narrow ? 2 : 1;
}();

/// Pixels of a tile at most: their sums, the weights of a row of taps and a number of the image are in registers.
template <class T, class Arch, sweep P>
inline constexpr std::size_t depthwise_most = [] {
  const std::size_t most = (registers<Arch> >= 32 ? 16 : 8) / depthwise_vectors<T, Arch, P>;
  return depthwise_strips<T, P> && depthwise_pixels<T, P> < most ? depthwise_pixels<T, P> : most;
}();

template <class T, class Arch, sweep P>
inline constexpr row_plan depthwise_rows{P, piece_size(P.out_width, depthwise_most<T, Arch, P>)};

template <class T, class Arch, sweep P>
inline constexpr bool depthwise_borders = needs_border(P, depthwise_rows<T, Arch, P>, depthwise_vectors<T, Arch, P>);

/// The sums of `TX` pixels from (y, x) on for NV vectors of channels, which begin at `image` and at `weights`.
template <class T, class Arch, sweep P, tap_order K, pieces At, std::size_t Lanes, std::size_t TX, std::size_t NV>
[[gnu::always_inline]] inline void depthwise_sums(vector<T, Arch> (&sum)[TX][NV], const T* image, const T* weights,
                                                  std::size_t columns, std::size_t y, std::size_t x) {
  using V = vector<T, Arch>;
  constexpr bool edge = At.count == 1 && !(P.inside(At.first) && P.inside(At.first + TX - 1));
  constexpr bool unrolled = P.kernel_width * TX * NV <= unrolled_products;
  constexpr std::size_t span = (TX - 1) * P.stride_x + (P.kernel_width - 1) * P.dilation_x + 1;
  static_assert(unrolled || !edge);
  const auto number = [](const T* p, std::size_t v) __attribute__((always_inline)) {
    return (v + 1) * V::size <= Lanes ? V::load_unaligned(p + v * V::size)
                                      : load_partial<T, Arch>(p + v * V::size, Lanes % V::size);
  };
#pragma GCC unroll 16
  for (std::size_t o = 0; o < TX; ++o)
#pragma GCC unroll 2
    for (std::size_t v = 0; v < NV; ++v) sum[o][v] = V(T(0));
  const range rows = kernel_rows<P>(y);
  for (std::size_t ky = rows.first; ky < rows.last; ++ky) {
    const std::size_t line = y * P.stride_y + ky * P.dilation_y - static_cast<std::size_t>(P.top);
    const T* row = image + line * P.row() + (edge ? 0 : P.column(x, 0) * P.channels);
    if constexpr (unrolled) { // each number of the image is read once for all taps that meet it
      V b[P.kernel_width][NV];
#pragma GCC unroll 128
      for (std::size_t kx = 0; kx < P.kernel_width; ++kx)
#pragma GCC unroll 2
        for (std::size_t v = 0; v < NV; ++v) b[kx][v] = V::load_aligned(weights + K(ky, kx) * columns + v * V::size);
#pragma GCC unroll 128
      for (std::size_t j = 0; j < span; ++j) {
        const std::size_t at = edge ? P.column(At.first, 0) + j : j;
        if (edge && at >= P.width) continue;
#pragma GCC unroll 2
        for (std::size_t v = 0; v < NV; ++v) {
          V a = number(row + at * P.channels, v);
          hold<T, Arch>(a);
          if (ky + 1 == rows.last) // the row after; from the cache, all of this is no slower with it
            prefetch_far(row + (P.stride_y * P.width + at) * P.channels + v * V::size);
#pragma GCC unroll 128
          for (std::size_t kx = 0; kx < P.kernel_width; ++kx) {
            const std::size_t right = j - kx * P.dilation_x; // of the first pixel; huge for those to the left
            if (right % P.stride_x == 0 && right / P.stride_x < TX)
              sum[right / P.stride_x][v] = multiply_add(a, b[kx][v], sum[right / P.stride_x][v]);
          }
        }
      }
    } else {
      for (std::size_t kx = 0; kx < P.kernel_width; ++kx, row += P.dilation_x * P.channels)
#pragma GCC unroll 2
        for (std::size_t v = 0; v < NV; ++v) {
          const V b = V::load_aligned(weights + K(ky, kx) * columns + v * V::size);
#pragma GCC unroll 16
          for (std::size_t o = 0; o < TX; ++o)
            sum[o][v] = multiply_add(number(row + o * P.stride_x * P.channels, v), b, sum[o][v]);
        }
    }
  }
}

/// `count` of the pieces `At` of a row, from pixel x on, all channels of a piece one after the other, as they are in
/// memory.
template <class T, class Arch, sweep P, tap_order K, pieces At, class Epilogue>
[[gnu::noinline]] void depthwise_pieces(const T* image, const T* weights, std::size_t m, std::size_t y, std::size_t x,
                                        std::size_t count, const Epilogue epilogue) {
  using V = vector<T, Arch>;
  using layout = panels<T, Arch>;
  constexpr std::size_t C = P.channels, some = depthwise_vectors<T, Arch, P> * V::size, whole = C / some * some;
  const auto tile = [&]<std::size_t Lanes>(std::integral_constant<std::size_t, Lanes>,
                                           std::size_t c) __attribute__((always_inline)) {
    V sum[At.size][padded<T, Arch>(Lanes) / V::size];
    depthwise_sums<T, Arch, P, K, At, Lanes>(sum, image + c, weights + layout::offset(c, 0, C, K.taps),
                                             layout::columns_at(c / layout::columns * layout::columns, C), y, x);
    hand_over_tile<T, Arch, P, Lanes>(sum, m, y, x, c, epilogue);
  };
  for (std::size_t i = 0; i < count; ++i, x += At.size) {
    for (std::size_t c = 0; c < whole; c += some) tile(std::integral_constant<std::size_t, some>{}, c);
    if constexpr (C > whole) tile(std::integral_constant<std::size_t, C - whole>{}, whole);
  }
}

template <class T, class Arch, sweep P, tap_order K, class Epilogue>
[[gnu::always_inline]] inline void depthwise_image(const T* image, const T* weights, std::size_t m,
                                                   const Epilogue& epilogue) {
  if constexpr (depthwise_strips<T, P>)
    each_run<depthwise_rows<T, Arch, P>>([&]<pieces At>() __attribute__((always_inline)) {
      for (std::size_t i = 0; i < At.count; ++i)
        for (std::size_t y = 0; y < P.out_height; ++y)
          depthwise_pieces<T, Arch, P, K, At>(image, weights, m, y, At.first + i * At.size, 1, epilogue);
    });
  else
    for (std::size_t y = 0; y < P.out_height; ++y)
      each_run<depthwise_rows<T, Arch, P>>([&]<pieces At>() __attribute__((always_inline)) {
        depthwise_pieces<T, Arch, P, K, At>(image, weights, m, y, At.first, At.count, epilogue);
      });
}

template <class T, class Arch, sweep P, tap_order K, class Epilogue>
void depthwise_batch(const T* const* images, std::size_t batch, const T* weights, [[maybe_unused]] T* scratch,
                     const Epilogue& epilogue) {
  for (std::size_t m = 0; m < batch; ++m)
    if constexpr (depthwise_borders<T, Arch, P>) {
      copy_with_border<T, P, P.channels>(images[m], scratch);
      depthwise_image<T, Arch, P.bordered(P.channels), K>(scratch, weights, m, epilogue);
    } else {
      depthwise_image<T, Arch, P, K>(images[m], weights, m, epilogue);
    }
}

} // namespace detail

/// Numbers of scratch that `run_depthwise` needs.
template <class T, class Arch, sweep P> constexpr std::size_t depthwise_scratch() {
  return detail::depthwise_borders<T, Arch, P> ? P.height * P.bordered(P.channels).row() : 0;
}

/// The sums of a sweep over `batch` images, of which filter c sees channel c only. Calls `epilogue(m, pixel, c, v,
/// lanes)` exactly once for each vector of channels c of each pixel.
template <class T, class Arch, sweep P, tap_order K, class Epilogue>
void run_depthwise(const T* const* images, std::size_t batch, const T* weights, T* scratch, const Epilogue& epilogue) {
  if constexpr (has_non_temporal<T, Arch> && P.channels % width<T, Arch> == 0 && StoresNonTemporally<Epilogue>)
    if (batch * P.out_height * P.out_width * P.channels * sizeof(T) >= non_temporal_bytes) {
      detail::depthwise_batch<T, Arch, P, K>(images, batch, weights, scratch, epilogue.non_temporal());
      return non_temporal_fence();
    }
  detail::depthwise_batch<T, Arch, P, K>(images, batch, weights, scratch, epilogue);
}

} // namespace lamina::simd
