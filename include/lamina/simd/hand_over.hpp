#pragma once
#include <cstddef>
#include <lamina/simd/pooled.hpp>
#include <lamina/simd/sweep.hpp>
#include <lamina/simd/traits.hpp>

/// How a tile of finished sums, pixels × vectors of filters, goes to an epilogue: pixel by pixel, or pooled.
namespace lamina::simd::detail {

/// Lanes in use of vector v, of which `Lanes` are in use in all.
template <std::size_t W, std::size_t Lanes> constexpr std::size_t lanes_of(std::size_t v) {
  return Lanes - v * W < W ? Lanes - v * W : W;
}

/// A tile's vectors as they stand in memory.
template <class T, class Arch, std::size_t N, std::size_t NV> struct stored_tile {
  static constexpr std::size_t W = width<T, Arch>;
  alignas(alignment) T numbers[N * NV * W];

  [[gnu::always_inline]] explicit stored_tile(const vector<T, Arch> (&from)[N][NV]) {
#pragma GCC unroll 16
    for (std::size_t o = 0; o < N; ++o)
#pragma GCC unroll 8
      for (std::size_t v = 0; v < NV; ++v) from[o][v].store_aligned(numbers + (o * NV + v) * W);
  }
  [[gnu::always_inline]] void load(vector<T, Arch> (&to)[N][NV]) const {
#pragma GCC unroll 16
    for (std::size_t o = 0; o < N; ++o)
#pragma GCC unroll 8
      for (std::size_t v = 0; v < NV; ++v) to[o][v] = vector<T, Arch>::load_aligned(numbers + (o * NV + v) * W);
  }
};

/// Hands the stored sums of a tile to an epilogue that is too long to be unrolled.
template <class T, class Arch, sweep P, std::size_t NV, std::size_t Lanes, class Epilogue>
[[gnu::noinline]] void hand_over_pixels(const T* sums, std::size_t count, std::size_t m, std::size_t y, std::size_t x,
                                        std::size_t f, const Epilogue epilogue) {
  using V = vector<T, Arch>;
  for (std::size_t o = 0; o < count; ++o)
#pragma GCC unroll 1
    for (std::size_t v = 0; v < NV; ++v, sums += V::size)
      epilogue(m, P.pixel(y, x + o), f + v * V::size, V::load_aligned(sums), lanes_of<V::size, Lanes>(v));
}

/// Hands over the sums of the pixels from (y, x) on and the filters from f on: a light epilogue is unrolled, straight
/// from the registers.
template <class T, class Arch, sweep P, std::size_t Lanes, class Epilogue, std::size_t TX, std::size_t NV>
[[gnu::always_inline]] inline void hand_over_tile(const vector<T, Arch> (&sum)[TX][NV], std::size_t m, std::size_t y,
                                                  std::size_t x, std::size_t f, const Epilogue& epilogue) {
  constexpr std::size_t W = width<T, Arch>;
  if constexpr (Epilogue::light) {
#pragma GCC unroll 16
    for (std::size_t o = 0; o < TX; ++o)
#pragma GCC unroll 8
      for (std::size_t v = 0; v < NV; ++v) epilogue(m, P.pixel(y, x + o), f + v * W, sum[o][v], lanes_of<W, Lanes>(v));
  } else {
    const stored_tile<T, Arch, TX, NV> stored{sum};
    hand_over_pixels<T, Arch, P, NV, Lanes>(stored.numbers, TX, m, y, x, f, epilogue);
  }
}

/// Joins the stored sums of a tile to its windows, for an epilogue that is too long to be unrolled.
template <class T, class Arch, sweep P, std::size_t NV, std::size_t Lanes, class Epilogue>
[[gnu::noinline]] void join_pixels(T* windows, const T* sums, std::size_t count, std::size_t m, std::size_t y,
                                   std::size_t x, std::size_t f, const Epilogue epilogue) {
  using V = vector<T, Arch>;
  for (std::size_t o = 0; o < count; ++o)
#pragma GCC unroll 1
    for (std::size_t v = 0; v < NV; ++v, sums += V::size) {
      T* const seen = windows + (o / P.pools.width * NV + v) * V::size;
      join_pixel(epilogue, V::load_aligned(seen), m, P.pixel(y, x + o), f + v * V::size, V::load_aligned(sums),
                 lanes_of<V::size, Lanes>(v))
          .store_aligned(seen);
    }
}

/// Joins the sums of the pixels from (y, x) on to their windows.
template <class T, class Arch, sweep P, std::size_t Lanes, class Epilogue, std::size_t TX, std::size_t TW,
          std::size_t NV>
[[gnu::always_inline]] inline void join_tile(vector<T, Arch> (&seen)[TW][NV], const vector<T, Arch> (&sum)[TX][NV],
                                             std::size_t m, std::size_t y, std::size_t x, std::size_t f,
                                             const Epilogue& epilogue) {
  constexpr std::size_t W = width<T, Arch>;
  if constexpr (Epilogue::light) {
#pragma GCC unroll 16
    for (std::size_t o = 0; o < TX; ++o)
#pragma GCC unroll 8
      for (std::size_t v = 0; v < NV; ++v)
        seen[o / P.pools.width][v] = join_pixel(epilogue, seen[o / P.pools.width][v], m, P.pixel(y, x + o), f + v * W,
                                                sum[o][v], lanes_of<W, Lanes>(v));
  } else {
    stored_tile<T, Arch, TW, NV> windows{seen};
    const stored_tile<T, Arch, TX, NV> sums{sum};
    join_pixels<T, Arch, P, NV, Lanes>(windows.numbers, sums.numbers, TX, m, y, x, f, epilogue);
    windows.load(seen);
  }
}

/// Hands over the pixels from (y, x) on, a tile wide and a window high. `sums(tile, line)` gives those of a line; of
/// windows one line is joined after the other.
template <class T, class Arch, sweep P, std::size_t TX, std::size_t NV, std::size_t Lanes, class Sums, class Epilogue>
[[gnu::always_inline]] inline void hand_over_rows(const Sums& sums, std::size_t m, std::size_t y, std::size_t x,
                                                  std::size_t f, const Epilogue& epilogue) {
  using V = vector<T, Arch>;
  if constexpr (P.pools.size() == 1) {
    V sum[TX][NV];
    sums(sum, y);
    hand_over_tile<T, Arch, P, Lanes>(sum, m, y, x, f, epilogue);
  } else {
    constexpr std::size_t W = V::size, TW = TX / P.pools.width;
    const auto& end = innermost(epilogue);
    V seen[TW][NV];
#pragma GCC unroll 16
    for (std::size_t q = 0; q < TW; ++q)
#pragma GCC unroll 8
      for (std::size_t v = 0; v < NV; ++v) seen[q][v] = end.template start<V>();
#pragma GCC unroll 1
    for (std::size_t i = 0; i < P.pools.height; ++i) {
      V sum[TX][NV];
      sums(sum, y + i);
      join_tile<T, Arch, P, Lanes>(seen, sum, m, y + i, x, f, epilogue);
    }
#pragma GCC unroll 16
    for (std::size_t q = 0; q < TW; ++q)
#pragma GCC unroll 8
      for (std::size_t v = 0; v < NV; ++v)
        end.store(m, P.window_at(y, x) + q, f + v * W, seen[q][v], lanes_of<W, Lanes>(v));
  }
}

} // namespace lamina::simd::detail
