#pragma once
#include <cstddef>
#include <lamina/simd/panels.hpp>
#include <lamina/simd/tile.hpp>
#include <lamina/simd/traits.hpp>

namespace lamina::simd {

namespace detail {

/// Hands stored sums, `count` rows of `columns` numbers, to an epilogue. A function of its own: the epilogue's
/// constants would take registers from the tile.
template <class T, class Arch, class Epilogue>
[[gnu::noinline]] void hand_over(const T* sums, std::size_t count, std::size_t columns, std::size_t m, std::size_t n,
                                 const Epilogue epilogue) {
  using V = vector<T, Arch>;
  for (std::size_t i = 0; i < count; ++i)
#pragma GCC unroll 1
    for (std::size_t j = 0; j < columns; j += V::size, sums += V::size) epilogue(m + i, n + j, V::load_aligned(sums));
}

/// All M rows against `NV` vectors of columns beginning at column `n`, whose panel has `stride` columns. Rows are
/// counted from `first`. A light epilogue is unrolled into the tile, straight from the registers.
template <class T, class Arch, std::size_t NV, class Epilogue>
[[gnu::noinline]] void gemm_columns(const T* const* rows, std::size_t M, std::size_t first, const T* panel,
                                    std::size_t K, std::size_t stride, std::size_t n, const Epilogue epilogue) {
  using V [[maybe_unused]] = vector<T, Arch>;
  constexpr std::size_t W = width<T, Arch>, MR = tile_rows<Arch>(NV);
  const std::size_t rest = M % MR, whole = M - rest;
  alignas(alignment) T sums[MR * NV * W];
  for (std::size_t m = 0; m != whole; m += MR) {
    if constexpr (Epilogue::light) {
      V sum[MR][NV];
      tile_product<T, Arch, MR, NV>(sum, rows + m, panel, K, stride);
#pragma GCC unroll 16
      for (std::size_t i = 0; i < MR; ++i)
#pragma GCC unroll 8
        for (std::size_t j = 0; j < NV; ++j) epilogue(first + m + i, n + j * W, sum[i][j]);
    } else {
      store_tile_product<T, Arch, MR, NV>(sums, rows + m, panel, K, stride);
      hand_over<T, Arch>(sums, MR, NV * W, first + m, n, epilogue);
    }
  }
  if (rest != 0) {
    store_rest_product<T, Arch, MR, NV>(sums, rows + whole, rest, panel, K, stride);
    hand_over<T, Arch>(sums, rest, NV * W, first + whole, n, epilogue);
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

namespace detail {

/// `NV` of `vectors` vectors of columns at most, and then the others.
template <class T, class Arch, std::size_t NV, class Epilogue>
void some_columns(const T* const* rows, std::size_t M, const T* panel, std::size_t K, std::size_t stride, std::size_t n,
                  std::size_t vectors, const Epilogue& epilogue) {
  for (; vectors >= NV; vectors -= NV, panel += NV * width<T, Arch>, n += NV * width<T, Arch>)
    gemm_columns<T, Arch, NV>(rows, M, 0, panel, K, stride, n, epilogue);
  if constexpr (NV > 1)
    if (vectors > 0) some_columns<T, Arch, NV - 1>(rows, M, panel, K, stride, n, vectors, epilogue);
}

} // namespace detail

/// The product with a part of a matrix: `outputs` of its N outputs, rounded up to whole vectors, and `depth` of its K
/// inputs, the first ones.
template <class T, class Arch, std::size_t N, class Epilogue>
void gemm_part(const T* const* rows, std::size_t M, const T* weights, std::size_t K, std::size_t outputs,
               std::size_t depth, const Epilogue& epilogue) {
  using layout = panels<T, Arch>;
  for (std::size_t n = 0; n < outputs; n += layout::columns) {
    const std::size_t columns = layout::columns_at(n, N), left = padded<T, Arch>(outputs - n);
    detail::some_columns<T, Arch, detail::tile_vectors<Arch>>(
        rows, M, weights + n * K, depth, columns, n, (left < columns ? left : columns) / width<T, Arch>, epilogue);
  }
}

} // namespace lamina::simd
