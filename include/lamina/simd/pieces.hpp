#pragma once
#include <cstddef>
#include <utility>

#include <lamina/simd/gates.hpp>

namespace lamina::simd {

/// sum += Σ_p Σ_k piece(p)[k] · w(n, p·K + k) for one row, whose numbers stand in pieces of K, and N outputs, a
/// multiple of the vector width; p < Pieces. Few sums are split, so that they do not wait for each other. The last
/// piece is the one that was just computed: where it fills a register, it is taken from there.
template <class T, class Arch, std::size_t N, std::size_t Pieces, std::size_t K, std::size_t First = 0, std::size_t All,
          class Piece>
[[gnu::always_inline]] inline void add_pieces_product(vector<T, Arch> (&sum)[All], const Piece& piece,
                                                      const T* weights) {
  using V = vector<T, Arch>;
  constexpr std::size_t most = registers<Arch> >= 32 ? 16 : 8, left = N / width<T, Arch> - First;
  constexpr std::size_t turns = (left + most - 1) / most, NV = (left + turns - 1) / turns;
  constexpr std::size_t most_sums = NV >= 6 ? 1 : NV >= 3 ? 2 : 4;
  constexpr std::size_t S = K >= most_sums ? most_sums : K >= 2 ? 2 : 1, whole = K - K % S;
  constexpr bool newest_in_register = K == width<T, Arch> && detail::spreads_lanes<T, Arch>;
  constexpr std::size_t from_memory = newest_in_register ? Pieces - 1 : Pieces;
  V part[S][NV];
#pragma GCC unroll 16
  for (std::size_t j = 0; j < NV; ++j) {
    part[0][j] = sum[First + j];
#pragma GCC unroll 4
    for (std::size_t s = 1; s < S; ++s) part[s][j] = V(T(0));
  }
  const auto add = [&](std::size_t s, const V& a, std::size_t row) __attribute__((always_inline)) {
#pragma GCC unroll 16
    for (std::size_t j = 0; j < NV; ++j) {
      const detail::column_place<T, Arch, N> place{First + j, Pieces * K};
      part[s][j] = multiply_add(a, V::load_aligned(weights + place.start + row * place.stride), part[s][j]);
    }
  };
#pragma GCC unroll 8
  for (std::size_t p = 0; p < from_memory; ++p) {
    const T* const x = piece(p);
    for (std::size_t k = 0; k < whole; k += S)
#pragma GCC unroll 4
      for (std::size_t s = 0; s < S; ++s) add(s, V(x[k + s]), p * K + k + s);
    for (std::size_t k = whole; k < K; ++k) add(0, V(x[k]), p * K + k);
  }
  if constexpr (from_memory < Pieces) {
    const V x = V::load_unaligned(piece(from_memory));
    [&]<std::size_t... L>(std::index_sequence<L...>) __attribute__((always_inline)) {
      (add(L % S, detail::spread<L, T, Arch>(x), from_memory * K + L), ...);
    }(std::make_index_sequence<K>{});
  }
#pragma GCC unroll 2
  for (std::size_t half = S / 2; half > 0; half /= 2)
#pragma GCC unroll 2
    for (std::size_t s = 0; s < half; ++s)
#pragma GCC unroll 16
      for (std::size_t j = 0; j < NV; ++j) part[s][j] += part[s + half][j];
#pragma GCC unroll 16
  for (std::size_t j = 0; j < NV; ++j) sum[First + j] = part[0][j];
  if constexpr (left > NV) add_pieces_product<T, Arch, N, Pieces, K, First + NV>(sum, piece, weights);
}

} // namespace lamina::simd
