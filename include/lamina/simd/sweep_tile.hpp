#pragma once
#include <cstddef>
#include <lamina/simd/hand_over.hpp>
#include <lamina/simd/sweep.hpp>
#include <lamina/simd/traits.hpp>

/// The innermost loops of a sweep: a tile of pixels times vectors of filters, whose sums stay in registers while the
/// weights are read from front to back and the image's numbers are broadcast.
namespace lamina::simd::detail {

/// Vectors of filters a tile spans at most.
template <class Arch> inline constexpr std::size_t sweep_vectors = registers<Arch> >= 32 ? 4 : 2;

/// Pixels that a tile of NV vectors spans at most: their sums, a row of weights and a number of the image are in
/// registers.
template <class Arch> constexpr std::size_t most_pixels(std::size_t NV) {
  constexpr std::size_t many[] = {16, 12, 7, 6}, few[] = {10, 5};
  return registers<Arch> >= 32 ? many[NV - 1] : few[NV - 1];
}
/// Pixels of a row of the output that a tile of NV vectors spans at most: whole windows.
template <class Arch, sweep P> constexpr std::size_t sweep_pixels(std::size_t NV) {
  constexpr std::size_t w = P.pools.width;
  return w * piece_size(P.out_width / w, most_pixels<Arch>(NV) / w);
}

/// Sums kept apart for each pixel, so that enough multiplications are in flight where a tile is small.
template <sweep P> constexpr std::size_t sweep_streams(std::size_t sums) {
  std::size_t n = 1;
  while (2 * n * sums <= 8 && 2 * n <= P.depth) n *= 2;
  return n;
}

/// What a tile is: its pixels, its vectors of filters, the columns of their panel.
struct sweep_shape {
  pieces at;
  std::size_t vectors, columns;
  /// Whether all taps of a row are unrolled; pieces at an edge have to be.
  template <sweep P> constexpr bool unrolled() const { return P.kernel_width * at.size * vectors <= unrolled_products; }
};

/// sum[o][v] += image(pixel o under tap kx) · w[v]. `row` points at the image's column 0, for a piece that is inside at
/// the column under its first pixel and tap.
template <class T, class Arch, sweep P, bool Edge, std::size_t First, std::size_t TX, std::size_t NV>
[[gnu::always_inline]] inline void add_tap(vector<T, Arch> (&sum)[TX][NV], const T* row, const T* w, std::size_t kx) {
  using V = vector<T, Arch>;
  V b[NV];
#pragma GCC unroll 8
  for (std::size_t v = 0; v < NV; ++v) b[v] = V::load_aligned(w + v * V::size), hold<T, Arch>(b[v]);
#pragma GCC unroll 16
  for (std::size_t o = 0; o < TX; ++o) {
    const std::size_t x = Edge ? P.column(First + o, kx) : o * P.stride_x + kx * P.dilation_x;
    if (!Edge || x < P.width) {
      const V a(row[x * P.channels]);
#pragma GCC unroll 8
      for (std::size_t v = 0; v < NV; ++v) sum[o][v] = multiply_add(a, b[v], sum[o][v]);
    }
  }
}

/// All channels of the taps of one row of the kernel.
template <class T, class Arch, sweep P, sweep_shape S, bool Edge, std::size_t Streams, std::size_t TX, std::size_t NV>
[[gnu::always_inline]] inline void add_taps(vector<T, Arch> (&sum)[Streams][TX][NV], const T* row, const T* w) {
  constexpr std::size_t whole = P.depth / Streams * Streams, tap = P.depth * S.columns;
  if constexpr (S.template unrolled<P>()) {
    for (std::size_t c = 0; c < whole; c += Streams, row += Streams, w += Streams * S.columns)
#pragma GCC unroll 8
      for (std::size_t s = 0; s < Streams; ++s)
#pragma GCC unroll 128
        for (std::size_t kx = 0; kx < P.kernel_width; ++kx)
          add_tap<T, Arch, P, Edge, S.at.first>(sum[s], row + s, w + s * S.columns + kx * tap, kx);
#pragma GCC unroll 8
    for (std::size_t s = 0; s < P.depth - whole; ++s)
#pragma GCC unroll 128
      for (std::size_t kx = 0; kx < P.kernel_width; ++kx)
        add_tap<T, Arch, P, Edge, S.at.first>(sum[s], row + s, w + s * S.columns + kx * tap, kx);
  } else {
    static_assert(!Edge);
    for (std::size_t kx = 0; kx < P.kernel_width; ++kx, row += P.dilation_x * P.channels - P.depth) {
      for (std::size_t c = 0; c < whole; c += Streams, row += Streams)
#pragma GCC unroll 8
        for (std::size_t s = 0; s < Streams; ++s, w += S.columns) add_tap<T, Arch, P, false, 0>(sum[s], row + s, w, 0);
#pragma GCC unroll 8
      for (std::size_t s = 0; s < P.depth - whole; ++s, ++row, w += S.columns)
        add_tap<T, Arch, P, false, 0>(sum[s], row, w, 0);
    }
  }
}

/// The sums of the tile whose first pixel is (y, x).
template <class T, class Arch, sweep P, sweep_shape S, std::size_t TX, std::size_t NV>
[[gnu::always_inline]] inline void sweep_sums(vector<T, Arch> (&result)[TX][NV], const T* image, const T* weights,
                                              std::size_t y, std::size_t x) {
  constexpr bool edge = S.at.count == 1 && !(P.inside(S.at.first) && P.inside(S.at.first + TX - 1));
  constexpr std::size_t streams = sweep_streams<P>(TX * NV);
  vector<T, Arch> sum[streams][TX][NV];
#pragma GCC unroll 8
  for (std::size_t s = 0; s < streams; ++s)
#pragma GCC unroll 16
    for (std::size_t o = 0; o < TX; ++o)
#pragma GCC unroll 8
      for (std::size_t v = 0; v < NV; ++v) sum[s][o][v] = vector<T, Arch>(T(0));
  const range rows = kernel_rows<P>(y);
  for (std::size_t ky = rows.first; ky < rows.last; ++ky) {
    const std::size_t line = y * P.stride_y + ky * P.dilation_y - static_cast<std::size_t>(P.top);
    add_taps<T, Arch, P, S, edge>(sum, image + line * P.row() + (edge ? 0 : P.column(x, 0) * P.channels),
                                  weights + ky * P.kernel_width * P.depth * S.columns);
  }
#pragma GCC unroll 16
  for (std::size_t o = 0; o < TX; ++o)
#pragma GCC unroll 8
    for (std::size_t v = 0; v < NV; ++v) {
#pragma GCC unroll 8
      for (std::size_t half = streams / 2; half > 0; half /= 2)
#pragma GCC unroll 8
        for (std::size_t s = 0; s < half; ++s) sum[s][o][v] += sum[s + half][o][v];
      result[o][v] = sum[0][o][v];
    }
}

/// The pieces `S.at` of every row of an image, for the filters from `f` on, `Lanes` of which are in use.
template <class T, class Arch, sweep P, sweep_shape S, std::size_t Lanes, class Epilogue>
[[gnu::noinline]] void sweep_pieces(const T* image, const T* weights, std::size_t m, std::size_t f,
                                    const Epilogue epilogue) {
  for (std::size_t y = 0; y < P.out_height; y += P.pools.height)
    for (std::size_t i = 0, x = S.at.first; i < S.at.count; ++i, x += S.at.size)
      hand_over_rows<T, Arch, P, S.at.size, S.vectors, Lanes>(
          [&](vector<T, Arch>(&sum)[S.at.size][S.vectors], std::size_t line)
              __attribute__((always_inline)) { sweep_sums<T, Arch, P, S>(sum, image, weights, line, x); },
          m, y, x, f, epilogue);
}

} // namespace lamina::simd::detail
