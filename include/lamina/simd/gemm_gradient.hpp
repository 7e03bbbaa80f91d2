#pragma once
#include <cstddef>
#include <lamina/simd/panels.hpp>
#include <lamina/simd/tile.hpp>
#include <lamina/simd/traits.hpp>

namespace lamina::simd {

/// A part of a matrix' inputs, [first, last): what one thread of several works on. It begins with a whole tile; an
/// empty one stands for all of them.
struct input_range {
  std::size_t first = 0, last = 0;
};

/// Rows of inputs that threads are handed together: whole tiles of every width.
template <class Arch> inline constexpr std::size_t rows_shared = registers<Arch> >= 32 ? 8 : 6;

namespace detail {

/// sum[i][j] = Σ_m rows[m][k + i] · dz[m·stride + j·W …]
template <class T, class Arch, std::size_t KR, std::size_t NV>
[[gnu::always_inline]] inline void outer_products(vector<T, Arch> (&sum)[KR][NV], const T* const* rows, std::size_t k,
                                                  std::size_t M, const T* dz, std::size_t stride) {
  using V = vector<T, Arch>;
  constexpr std::size_t W = width<T, Arch>;
#pragma GCC unroll 16
  for (std::size_t i = 0; i < KR; ++i)
#pragma GCC unroll 8
    for (std::size_t j = 0; j < NV; ++j) sum[i][j] = V(T(0));
  for (std::size_t m = 0; m < M; ++m, dz += stride) {
    const T* row = rows[m] + k;
    V b[NV];
#pragma GCC unroll 8
    for (std::size_t j = 0; j < NV; ++j) b[j] = V::load_aligned(dz + j * W), hold<T, Arch>(b[j]);
#pragma GCC unroll 16
    for (std::size_t i = 0; i < KR; ++i) {
      const V a(row[i]);
#pragma GCC unroll 8
      for (std::size_t j = 0; j < NV; ++j) sum[i][j] = multiply_add(a, b[j], sum[i][j]);
    }
  }
}

template <class T, class Arch, std::size_t KR, std::size_t NV>
[[gnu::noinline]] void store_outer_products(T* sums, const T* const* rows, std::size_t k, std::size_t M, const T* dz,
                                            std::size_t stride) {
  vector<T, Arch> sum[KR][NV];
  outer_products<T, Arch, KR, NV>(sum, rows, k, M, dz, stride);
  store_tile<T, Arch>(sums, sum);
}

/// Hands stored sums, `count` rows of `columns` numbers, to an epilogue; a panel's next row is `stride` further on.
template <class T, class Arch, class Epilogue>
[[gnu::noinline]] void hand_over_gradient(const T* sums, std::size_t count, std::size_t columns, std::size_t offset,
                                          std::size_t stride, const Epilogue epilogue) {
  using V = vector<T, Arch>;
  if (columns == stride) columns *= count, count = 1; // rows that follow each other are one
  for (std::size_t i = 0; i < count; ++i, offset += stride)
#pragma GCC unroll 1
    for (std::size_t j = 0; j < columns; j += V::size, sums += V::size) epilogue(offset + j, V::load_aligned(sums));
}

/// The optimizer's blocks are not touched by the products: the lines of the next tile can come in meanwhile.
template <class Epilogue>
[[gnu::always_inline]] inline void prefetch_tile(const Epilogue& epilogue, std::size_t count, std::size_t columns,
                                                 std::size_t W, std::size_t offset, std::size_t stride) {
  if constexpr (requires { epilogue.prefetch(offset); })
    for (std::size_t i = 0; i < count; ++i, offset += stride)
      for (std::size_t j = 0; j < columns; j += W) epilogue.prefetch(offset + j);
}

/// All K inputs against `NV` vectors of columns; `offset` is where the first of them is in the weight block, whose
/// panel has `columns` columns.
template <class T, class Arch, std::size_t NV, class Epilogue>
[[gnu::noinline]] void gradient_columns(const T* const* rows, std::size_t M, std::size_t K, input_range part,
                                        const T* dz, std::size_t stride, std::size_t offset, std::size_t columns,
                                        const Epilogue epilogue) {
  using V [[maybe_unused]] = vector<T, Arch>;
  constexpr std::size_t W = width<T, Arch>, KR = tile_rows<Arch>(NV);
  const std::size_t rest = part.last == K ? K % KR : 0, whole = part.last - rest;
  alignas(alignment) T sums[KR * NV * W];
  offset += part.first * columns;
  for (std::size_t k = part.first; k != whole; k += KR, offset += KR * columns) {
    if (k + KR < whole) prefetch_tile(epilogue, KR, NV * W, W, offset + KR * columns, columns);
    if constexpr (Epilogue::light) {
      V sum[KR][NV];
      outer_products<T, Arch, KR, NV>(sum, rows, k, M, dz, stride);
#pragma GCC unroll 16
      for (std::size_t i = 0; i < KR; ++i)
#pragma GCC unroll 8
        for (std::size_t j = 0; j < NV; ++j) epilogue(offset + i * columns + j * W, sum[i][j]);
    } else {
      store_outer_products<T, Arch, KR, NV>(sums, rows, k, M, dz, stride);
      hand_over_gradient<T, Arch>(sums, KR, NV * W, offset, columns, epilogue);
    }
  }
  if (rest != 0) {
    // Few sums in flight wait for each other: a whole tile, shifted back over inputs that are done, is sooner ready.
    constexpr std::size_t shift_from = NV >= 3 ? KR : KR * NV / 4;
    if (K >= KR && rest >= shift_from) {
      store_outer_products<T, Arch, KR, NV>(sums, rows, K - KR, M, dz, stride);
      hand_over_gradient<T, Arch>(sums + (KR - rest) * NV * W, rest, NV * W, offset, columns, epilogue);
    } else {
      for (std::size_t i = 0; i < rest; ++i)
        store_outer_products<T, Arch, 1, NV>(sums + i * NV * W, rows, whole + i, M, dz, stride);
      hand_over_gradient<T, Arch>(sums, rest, NV * W, offset, columns, epilogue);
    }
  }
}

/// All K inputs against a panel of `NV` vectors of columns that begins at `offset` of the weight block.
template <class T, class Arch, std::size_t NV, class Epilogue>
[[gnu::always_inline]] inline void gradient_panel(const T* const* rows, std::size_t M, std::size_t K, input_range part,
                                                  const T* dz, std::size_t stride, std::size_t offset,
                                                  const Epilogue& epilogue) {
  constexpr std::size_t W = width<T, Arch>, tile = tile_vectors<Arch>;
  std::size_t j = 0;
  if constexpr (NV >= tile)
    for (; j + tile <= NV; j += tile)
      gradient_columns<T, Arch, tile>(rows, M, K, part, dz + j * W, stride, offset + j * W, NV * W, epilogue);
  if constexpr (NV % tile != 0)
    gradient_columns<T, Arch, NV % tile>(rows, M, K, part, dz + j * W, stride, offset + j * W, NV * W, epilogue);
}

/// One sample: every vector of a panel of `NV` in turn, front to back, as fast as memory moves. No prefetching: the
/// hardware follows a single stream better.
template <class T, class Arch, std::size_t NV, class Epilogue>
[[gnu::noinline]] void outer_product(const T* x, std::size_t K, const T* dz, std::size_t offset,
                                     const Epilogue epilogue) {
  using V = vector<T, Arch>;
  constexpr std::size_t W = width<T, Arch>;
  if constexpr (Epilogue::light) {
    V b[NV];
#pragma GCC unroll 8
    for (std::size_t j = 0; j < NV; ++j) b[j] = V::load_aligned(dz + j * W);
    for (std::size_t k = 0; k < K; ++k, offset += NV * W) {
      const V a(x[k]);
#pragma GCC unroll 8
      for (std::size_t j = 0; j < NV; ++j) epilogue(offset + j * W, a * b[j]);
    }
  } else {
    for (std::size_t k = 0; k < K; ++k) {
      const V a(x[k]);
#pragma GCC unroll 1
      for (std::size_t j = 0; j < NV * W; j += W, offset += W) epilogue(offset, a * V::load_aligned(dz + j));
    }
  }
}

} // namespace detail

/// The gradient of a weight matrix: dw(n, k) = Σ_m rows[m][k] · dz[m·stride + n].
///
/// Calls `epilogue(offset, v)` exactly once for each vector of the N×K panel block; `offset` is the vector's place in
/// it, so the epilogue may update weights and optimizer state in place. Where `epilogue.prefetch(offset)` exists, it is
/// called ahead for what comes next. With a `part`, only those inputs' vectors (of more than one row). Rows of dz are
/// aligned and `stride` is a multiple of the vector width.
template <class T, class Arch, std::size_t N, class Epilogue>
void gemm_gradient(const T* const* rows, std::size_t M, std::size_t K, const T* dz, std::size_t stride,
                   const Epilogue& epilogue, input_range part = {}) {
  if (part.last == 0) part = {0, K};
  using layout = panels<T, Arch>;
  constexpr std::size_t full = padded<T, Arch>(N) / layout::columns;
  constexpr std::size_t rest = padded<T, Arch>(N) % layout::columns / width<T, Arch>;
  if (M == 1) {
    if constexpr (full > 0)
      for (std::size_t n = 0; n < full * layout::columns; n += layout::columns)
        detail::outer_product<T, Arch, layout::vectors>(rows[0], K, dz + n, n * K, epilogue);
    if constexpr (rest > 0)
      detail::outer_product<T, Arch, rest>(rows[0], K, dz + full * layout::columns, full * layout::columns * K,
                                           epilogue);
    return;
  }
  if constexpr (full > 0)
    for (std::size_t p = 0; p < full; ++p)
      detail::gradient_panel<T, Arch, layout::vectors>(rows, M, K, part, dz + p * layout::columns, stride,
                                                       p * layout::columns * K, epilogue);
  if constexpr (rest > 0)
    detail::gradient_panel<T, Arch, rest>(rows, M, K, part, dz + full * layout::columns, stride,
                                          full * layout::columns * K, epilogue);
}

} // namespace lamina::simd
