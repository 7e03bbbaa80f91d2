#pragma once
#include <cstddef>
#include <lamina/simd/panels.hpp>
#include <lamina/simd/traits.hpp>

namespace lamina::simd {

namespace detail {

/// Vectors of columns a register tile spans at most: with `tile_rows` rows of sums, a vector of each column and one
/// broadcast they fill the registers.
template <class Arch> inline constexpr std::size_t tile_vectors = registers<Arch> >= 32 ? 4 : 2;

/// Rows of a register tile that is `NV` vectors wide. Narrow tiles take more rows, or too few sums would be in flight
/// to cover the latency of the multiplication.
template <class Arch> constexpr std::size_t tile_rows(std::size_t NV) {
  return registers<Arch> >= 32 ? (NV == 4 ? 4 : 8) : 6;
}

/// Sums kept apart in a product of a single row, so that 8 multiplications are in flight.
constexpr std::size_t row_streams(std::size_t NV) { return NV >= 3 ? 2 : 8 / NV; }

/// sum[j] = Σ_k x[k] · panel[k·stride + j·W …]
template <class T, class Arch, std::size_t NV>
[[gnu::always_inline]] inline void row_product(vector<T, Arch> (&sum)[NV], const T* x, const T* panel, std::size_t K,
                                               std::size_t stride) {
  using V = vector<T, Arch>;
  constexpr std::size_t W = width<T, Arch>, S = row_streams(NV);
  V part[S][NV];
#pragma GCC unroll 8
  for (std::size_t s = 0; s < S; ++s)
#pragma GCC unroll 8
    for (std::size_t j = 0; j < NV; ++j) part[s][j] = V(T(0));
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

/// Hands a tile of finished sums to the epilogue: straight from the registers when it is light, else through the stack,
/// so that its code exists once and not MR·NV times. `sink(i, j, v)`.
template <class T, class Arch, bool Light, std::size_t MR, std::size_t NV, class Sink>
[[gnu::always_inline]] inline void finish(const vector<T, Arch> (&sum)[MR][NV], Sink sink) {
  using V = vector<T, Arch>;
  constexpr std::size_t W = width<T, Arch>;
  if constexpr (Light) {
#pragma GCC unroll 16
    for (std::size_t i = 0; i < MR; ++i)
#pragma GCC unroll 8
      for (std::size_t j = 0; j < NV; ++j) sink(i, j, sum[i][j]);
  } else {
    alignas(alignment) T spilled[MR * NV * W];
#pragma GCC unroll 16
    for (std::size_t i = 0; i < MR; ++i)
#pragma GCC unroll 8
      for (std::size_t j = 0; j < NV; ++j) sum[i][j].store_aligned(spilled + (i * NV + j) * W);
#pragma GCC unroll 1
    for (std::size_t i = 0; i < MR; ++i)
#pragma GCC unroll 1
      for (std::size_t j = 0; j < NV; ++j) sink(i, j, V::load_aligned(spilled + (i * NV + j) * W));
  }
}

/// All M rows against `NV` vectors of columns beginning at column `n`, whose panel has `stride` columns. Rows are
/// counted from `first`.
template <class T, class Arch, std::size_t NV, class Epilogue>
[[gnu::noinline]] void gemm_columns(const T* const* rows, std::size_t M, std::size_t first, const T* panel,
                                    std::size_t K, std::size_t stride, std::size_t n, const Epilogue epilogue) {
  using V = vector<T, Arch>;
  constexpr std::size_t W = width<T, Arch>, MR = tile_rows<Arch>(NV);
  const std::size_t whole = M - M % MR;
  for (std::size_t m = 0; m != whole; m += MR) {
    V sum[MR][NV];
    tile_product<T, Arch, MR, NV>(sum, rows + m, panel, K, stride);
    finish<T, Arch, Epilogue::light>(sum, [&](std::size_t i, std::size_t j, const V& v) __attribute__((always_inline)) {
      epilogue(first + m + i, n + j * W, v);
    });
  }
  for (std::size_t m = whole; m != M; ++m) {
    V sum[1][NV];
    row_product<T, Arch, NV>(sum[0], rows[m], panel, K, stride);
    finish<T, Arch, Epilogue::light>(sum, [&](std::size_t, std::size_t j, const V& v)
                                              __attribute__((always_inline)) { epilogue(first + m, n + j * W, v); });
  }
}

/// All M rows against a panel of `NV` vectors of columns.
template <class T, class Arch, std::size_t NV, class Epilogue>
[[gnu::always_inline]] inline void gemm_panel(const T* const* rows, std::size_t M, std::size_t first, const T* panel,
                                              std::size_t K, std::size_t n, const Epilogue& epilogue) {
  constexpr std::size_t W = width<T, Arch>, tile = tile_vectors<Arch>;
  std::size_t j = 0;
  if constexpr (NV >= tile)
    for (; j + tile <= NV; j += tile)
      gemm_columns<T, Arch, tile>(rows, M, first, panel + j * W, K, NV * W, n + j * W, epilogue);
  if constexpr (NV % tile != 0)
    gemm_columns<T, Arch, NV % tile>(rows, M, first, panel + j * W, K, NV * W, n + j * W, epilogue);
}

} // namespace detail

/// The product of rows and a weight matrix: y[m][n] = Σ_k rows[m][k] · w(n, k).
///
/// `rows` are M arbitrary pointers to K numbers; `weights` is the panel block of the N×K matrix. Calls
/// `epilogue(m, n, v)` exactly once for each row m and vector v of columns n … n+W-1, up to the padded N. The epilogue
/// is copied and const; `static constexpr bool light` says whether its code is small enough to be repeated for every
/// vector of a tile.
template <class T, class Arch, std::size_t N, class Epilogue>
void gemm(const T* const* rows, std::size_t M, const T* weights, std::size_t K, const Epilogue& epilogue) {
  using layout = panels<T, Arch>;
  constexpr std::size_t full = padded<T, Arch>(N) / layout::columns;
  constexpr std::size_t rest = padded<T, Arch>(N) % layout::columns / width<T, Arch>;
  if constexpr (full > 0)
    for (std::size_t p = 0; p < full; ++p)
      detail::gemm_panel<T, Arch, layout::vectors>(rows, M, 0, weights + p * layout::columns * K, K,
                                                   p * layout::columns, epilogue);
  if constexpr (rest > 0)
    detail::gemm_panel<T, Arch, rest>(rows, M, 0, weights + full * layout::columns * K, K, full * layout::columns,
                                      epilogue);
}

} // namespace lamina::simd
