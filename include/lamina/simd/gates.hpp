#pragma once
#include <cstddef>
#include <utility>

#include <lamina/simd/fitting.hpp>
#include <lamina/simd/panels.hpp>
#include <lamina/simd/tile.hpp>
#include <lamina/simd/traits.hpp>

/// The products of recurrent layers. The outputs of a matrix belong to G gates of H units each; a vector of units of
/// the first gate, the same units of the second one and so on stand side by side in the panels, so that all gates of a
/// unit are summed at the same time.
namespace lamina::simd {

/// The gates from `first` up to `last` of so many, whose vectors stand side by side.
struct gate_range {
  std::size_t first = 0, last = 1, gates = 1;

  constexpr std::size_t count() const { return last - first; }
  /// Where the i-th vector of these gates is among those of all.
  constexpr std::size_t vector(std::size_t i) const { return i / count() * gates + first + i % count(); }
};

namespace detail {

/// Where vector j of a panel block's columns begins, and from row to row of its panel.
template <class T, class Arch, std::size_t N> struct column_place {
  std::size_t start, stride;
  constexpr column_place(std::size_t j, std::size_t K) {
    constexpr std::size_t W = width<T, Arch>;
    const std::size_t first = j * W / panels<T, Arch>::columns * panels<T, Arch>::columns;
    start = first * K + (j * W - first);
    stride = panels<T, Arch>::columns_at(first, N);
  }
};

/// sums[i][g] = Σ_k rows[i][k] · (vector `first` + g of the columns)
template <class T, class Arch, std::size_t N, std::size_t MR, std::size_t NV>
[[gnu::noinline]] void store_columns_product(T* sums, const T* const* rows, const T* weights, std::size_t K,
                                             std::size_t first) {
  using V = vector<T, Arch>;
  const T *panel[NV], *row[MR];
  std::size_t stride[NV];
  V sum[MR][NV];
#pragma GCC unroll 16
  for (std::size_t j = 0; j < NV; ++j) {
    const column_place<T, Arch, N> place{first + j, K};
    panel[j] = weights + place.start, stride[j] = place.stride;
  }
#pragma GCC unroll 16
  for (std::size_t i = 0; i < MR; ++i) {
    row[i] = rows[i];
#pragma GCC unroll 16
    for (std::size_t j = 0; j < NV; ++j) sum[i][j] = V(T(0));
  }
  for (std::size_t k = 0; k < K; ++k) {
    V b[NV];
#pragma GCC unroll 16
    for (std::size_t j = 0; j < NV; ++j) b[j] = V::load_aligned(panel[j]), hold<T, Arch>(b[j]), panel[j] += stride[j];
#pragma GCC unroll 16
    for (std::size_t i = 0; i < MR; ++i) {
      const V a(row[i][k]);
#pragma GCC unroll 16
      for (std::size_t j = 0; j < NV; ++j) sum[i][j] = multiply_add(a, b[j], sum[i][j]);
    }
  }
  store_tile<T, Arch>(sums, sum);
}

/// Whether lanes can be spread within registers.
template <class T, class Arch>
inline constexpr bool spreads_lanes = !__is_class(typename vector<T, Arch>::register_type);
/// A number of v in all lanes. Its 16 bytes go everywhere first, which is done once for all of their numbers.
template <std::size_t Lane, class T, class Arch>
[[gnu::always_inline]] inline vector<T, Arch> spread(const vector<T, Arch>& v) {
  constexpr std::size_t part = 16 / sizeof(T);
  return [&]<std::size_t... I>(std::index_sequence<I...>) __attribute__((always_inline)) {
    const auto parts = __builtin_shufflevector(v.data, v.data, (Lane / part * part + I % part)...);
    return vector<T, Arch>(__builtin_shufflevector(parts, parts, (I / part * part + Lane % part)...));
  }(std::make_index_sequence<width<T, Arch>>{});
}

/// sum[j] += Σ_k x[k] · (row from + k, vector j of the columns) of a panel block of N columns and Depth rows, k < K,
/// for the vectors j of gates Which.first … Which.last − 1 of `Which.gates`, First ≤ i < First + NV of them; the first
/// `Known` numbers of x are lanes of `begin`.
template <class T, class Arch, std::size_t N, std::size_t Depth, gate_range Which, std::size_t First, std::size_t NV,
          std::size_t Known, std::size_t All>
[[gnu::always_inline]] inline void add_row_product(vector<T, Arch> (&sum)[All],
                                                   [[maybe_unused]] const vector<T, Arch>& begin, const T* x,
                                                   const T* weights, std::size_t from, std::size_t K) {
  using V = vector<T, Arch>;
  constexpr std::size_t S = NV > 6 ? 1 : NV >= 3 ? 2 : 4;
  V part[S][NV];
#pragma GCC unroll 4
  for (std::size_t s = 1; s < S; ++s)
#pragma GCC unroll 16
    for (std::size_t j = 0; j < NV; ++j) part[s][j] = V(T(0));
#pragma GCC unroll 16
  for (std::size_t j = 0; j < NV; ++j) part[0][j] = sum[Which.vector(First + j)];
  const auto add = [&](std::size_t s, std::size_t k, const V& a) __attribute__((always_inline)) {
#pragma GCC unroll 16
    for (std::size_t j = 0; j < NV; ++j) {
      const column_place<T, Arch, N> place{Which.vector(First + j), Depth};
      part[s][j] = multiply_add(a, V::load_aligned(weights + place.start + (from + k) * place.stride), part[s][j]);
    }
  };
  [&]<std::size_t... L>(std::index_sequence<L...>) __attribute__((always_inline)) {
    (add(L % S, L, spread<L, T, Arch>(begin)), ...);
  }(std::make_index_sequence<Known>{});
  const std::size_t whole = K - (K - Known) % S;
  for (std::size_t k = Known; k < whole; k += S)
#pragma GCC unroll 4
    for (std::size_t s = 0; s < S; ++s) add(s, k + s, V(x[k + s]));
  for (std::size_t k = whole; k < K; ++k) add(0, k, V(x[k]));
#pragma GCC unroll 16
  for (std::size_t j = 0; j < NV; ++j) {
    sum[Which.vector(First + j)] = part[0][j];
#pragma GCC unroll 4
    for (std::size_t s = 1; s < S; ++s)
      if (s < K) sum[Which.vector(First + j)] += part[s][j];
  }
}
/// The same for all of them, as many at a time as registers hold.
template <class T, class Arch, std::size_t N, std::size_t Depth, gate_range Which, std::size_t Known,
          std::size_t First = 0, std::size_t All>
[[gnu::always_inline]] inline void add_row_products(vector<T, Arch> (&sum)[All], const vector<T, Arch>& begin,
                                                    const T* x, const T* weights, std::size_t from, std::size_t K) {
  constexpr std::size_t most = registers<Arch> >= 32 ? 16 : 8;
  constexpr std::size_t left = N / width<T, Arch> / Which.gates * Which.count() - First;
  if constexpr (left > 0) {
    constexpr std::size_t parts = (left + most - 1) / most, now = (left + parts - 1) / parts;
    add_row_product<T, Arch, N, Depth, Which, First, now, Known>(sum, begin, x, weights, from, K);
    add_row_products<T, Arch, N, Depth, Which, Known, First + now>(sum, begin, x, weights, from, K);
  }
}

} // namespace detail

/// The gates of M rows: calls `cell(m, b, sums)` for each row m and block b of W units, with G vectors
/// Σ_k rows[m][k] · w(gate, unit, k), the first one at `sums`. `weights` are G·H outputs, H padded to whole vectors.
template <class T, class Arch, std::size_t G, std::size_t H, class Cell>
void gate_product(const T* const* rows, std::size_t M, const T* weights, std::size_t K, const Cell& cell) {
  constexpr std::size_t W = width<T, Arch>, N = G * padded<T, Arch>(H);
  constexpr std::size_t most = (registers<Arch> - 2 - G) / G, MR = most < 8 ? most : 8;
  alignas(alignment) T sums[MR * G * W];
  const T* repeated[MR];
  for (std::size_t b = 0; b < N / (G * W); ++b)
    for (std::size_t m = 0; m < M; m += MR) {
      const T* const* tile = rows + m;
      const std::size_t count = M - m < MR ? M - m : MR;
      if (count < MR) {
        for (std::size_t i = 0; i < MR; ++i) repeated[i] = rows[m + (i < count ? i : count - 1)];
        tile = repeated;
      }
      detail::store_columns_product<T, Arch, N, MR, G>(sums, tile, weights, K, b * G);
#pragma GCC unroll 1
      for (std::size_t i = 0; i < count; ++i) cell(m + i, b, static_cast<const T*>(sums) + i * G * W);
    }
}

/// sum += Σ_k x[k] · w(n, from + k) for one row and N outputs, a multiple of the vector width, of a matrix of Depth
/// inputs, k < K.
template <class T, class Arch, std::size_t N, std::size_t Depth, std::size_t All>
[[gnu::always_inline]] inline void add_row_product(vector<T, Arch> (&sum)[All], const T* x, const T* weights,
                                                   std::size_t from, std::size_t K) {
  detail::add_row_products<T, Arch, N, Depth, gate_range{}, 0>(sum, sum[0], x, weights, from, K);
}
/// sum += Σ_k x[k] · w(n, k) likewise, k < Depth, for the outputs n of some gates. `begin` is the first
/// vector of x in its register. It is taken from there where it is all of x, and for the first gates of several: its
/// way through memory would be waited for.
template <class T, class Arch, std::size_t N, std::size_t Depth, gate_range Which, std::size_t All>
[[gnu::always_inline]] inline void add_gates_product(vector<T, Arch> (&sum)[All], const vector<T, Arch>& begin,
                                                     const T* x, const T* weights) {
  constexpr std::size_t W = width<T, Arch>;
  constexpr bool first_of_several = Which.count() < Which.gates && Which.first == 0;
  constexpr std::size_t known = Depth <= W ? Depth : first_of_several ? W : 0;
  detail::add_row_products<T, Arch, N, Depth, Which, detail::spreads_lanes<T, Arch> ? known : 0>(sum, begin, x, weights,
                                                                                                 0, Depth);
}

} // namespace lamina::simd
