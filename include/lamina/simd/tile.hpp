#pragma once
#include <cstddef>
#include <lamina/simd/traits.hpp>

/// The innermost loops of the products: a tile of sums held in registers while a panel is read from front to back.
namespace lamina::simd::detail {

/// Vectors of columns a register tile spans at most.
template <class Arch> inline constexpr std::size_t tile_vectors = registers<Arch> >= 32 ? 4 : 2;

/// Rows of a register tile that is `NV` vectors wide. With 32 registers 4×4 was faster than 5×4 and 6×4 on Zen 4: the
/// loads are covered already, and what a tile costs at its ends grows with it. A single vector takes more rows, or too
/// few sums would be in flight to cover the latency of the multiplication.
template <class Arch> constexpr std::size_t tile_rows(std::size_t NV) {
  return registers<Arch> >= 32 ? (NV >= 2 ? 4 : 8) : 6;
}

/// Sums kept apart in a product of a single row, so that 8 multiplications are in flight.
constexpr std::size_t row_streams(std::size_t NV) { return NV >= 3 ? 2 : 8 / NV; }

template <class T, class Arch, std::size_t NV>
[[gnu::always_inline]] inline void set_to_zero(vector<T, Arch> (&sum)[NV]) {
#pragma GCC unroll 8
  for (std::size_t j = 0; j < NV; ++j) sum[j] = vector<T, Arch>(T(0));
}

/// sum[j] += Σ_k x[k] · panel[k·stride + j·W …]
template <class T, class Arch, std::size_t NV>
[[gnu::always_inline]] inline void row_product(vector<T, Arch> (&sum)[NV], const T* x, const T* panel, std::size_t K,
                                               std::size_t stride) {
  using V = vector<T, Arch>;
  constexpr std::size_t W = width<T, Arch>, S = row_streams(NV);
  V part[S][NV];
#pragma GCC unroll 8
  for (std::size_t s = 0; s < S; ++s)
#pragma GCC unroll 8
    for (std::size_t j = 0; j < NV; ++j) part[s][j] = s == 0 ? sum[j] : V(T(0));
  const std::size_t whole = K - K % S;
  for (std::size_t k = 0; k != whole; k += S) {
#pragma GCC unroll 8
    for (std::size_t s = 0; s < S; ++s) {
      const V a(x[k + s]);
#pragma GCC unroll 8
      for (std::size_t j = 0; j < NV; ++j)
        part[s][j] = multiply_add(a, V::load_aligned(panel + s * stride + j * W), part[s][j]);
    }
    panel += S * stride;
  }
  for (std::size_t k = whole; k != K; ++k, panel += stride) {
    const V a(x[k]);
#pragma GCC unroll 8
    for (std::size_t j = 0; j < NV; ++j) part[0][j] = multiply_add(a, V::load_aligned(panel + j * W), part[0][j]);
  }
#pragma GCC unroll 8
  for (std::size_t half = S / 2; half > 0; half /= 2)
#pragma GCC unroll 8
    for (std::size_t s = 0; s < half; ++s)
#pragma GCC unroll 8
      for (std::size_t j = 0; j < NV; ++j) part[s][j] += part[s + half][j];
#pragma GCC unroll 8
  for (std::size_t j = 0; j < NV; ++j) sum[j] = part[0][j];
}

/// sum[i][j] = Σ_k rows[i][k] · panel[k·stride + j·W …]
template <class T, class Arch, std::size_t MR, std::size_t NV>
[[gnu::always_inline]] inline void tile_product(vector<T, Arch> (&sum)[MR][NV], const T* const* rows, const T* panel,
                                                std::size_t K, std::size_t stride) {
  using V = vector<T, Arch>;
  constexpr std::size_t W = width<T, Arch>;
  const T* row[MR];
#pragma GCC unroll 16
  for (std::size_t i = 0; i < MR; ++i) row[i] = rows[i];
#pragma GCC unroll 16
  for (std::size_t i = 0; i < MR; ++i)
#pragma GCC unroll 8
    for (std::size_t j = 0; j < NV; ++j) sum[i][j] = V(T(0));
  for (std::size_t k = 0; k < K; ++k, panel += stride) {
    V b[NV];
#pragma GCC unroll 8
    for (std::size_t j = 0; j < NV; ++j) b[j] = V::load_aligned(panel + j * W), hold<T, Arch>(b[j]);
#pragma GCC unroll 16
    for (std::size_t i = 0; i < MR; ++i) {
      const V a(row[i][k]);
#pragma GCC unroll 8
      for (std::size_t j = 0; j < NV; ++j) sum[i][j] = multiply_add(a, b[j], sum[i][j]);
    }
  }
}

template <class T, class Arch, std::size_t MR, std::size_t NV>
[[gnu::always_inline]] inline void store_tile(T* sums, const vector<T, Arch> (&sum)[MR][NV]) {
#pragma GCC unroll 16
  for (std::size_t i = 0; i < MR; ++i)
#pragma GCC unroll 8
    for (std::size_t j = 0; j < NV; ++j) sum[i][j].store_aligned(sums + (i * NV + j) * width<T, Arch>);
}

/// The same tile, stored: for epilogues that are not unrolled into it. Shared by all of them.
template <class T, class Arch, std::size_t MR, std::size_t NV>
[[gnu::noinline]] void store_tile_product(T* sums, const T* const* rows, const T* panel, std::size_t K,
                                          std::size_t stride) {
  vector<T, Arch> sum[MR][NV];
  tile_product<T, Arch, MR, NV>(sum, rows, panel, K, stride);
  store_tile<T, Arch>(sums, sum);
}

/// The `rest` < MR rows after the last whole tile. When they are many, a whole tile with the last row repeated costs
/// less than reading the panel for each of them.
template <class T, class Arch, std::size_t MR, std::size_t NV>
[[gnu::noinline]] void store_rest_product(T* sums, const T* const* rows, std::size_t rest, const T* panel,
                                          std::size_t K, std::size_t stride) {
  if (3 * rest >= 2 * MR) {
    const T* repeated[MR];
    for (std::size_t i = 0; i < MR; ++i) repeated[i] = rows[i < rest ? i : rest - 1];
    store_tile_product<T, Arch, MR, NV>(sums, repeated, panel, K, stride);
  } else {
    for (std::size_t i = 0; i < rest; ++i, sums += NV * width<T, Arch>) {
      vector<T, Arch> sum[1][NV];
      set_to_zero<T, Arch>(sum[0]);
      row_product<T, Arch, NV>(sum[0], rows[i], panel, K, stride);
      store_tile<T, Arch>(sums, sum);
    }
  }
}

} // namespace lamina::simd::detail
