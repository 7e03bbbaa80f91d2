#pragma once
#include <cstddef>
#include <lamina/simd/gemm.hpp>
#include <lamina/simd/panels.hpp>
#include <lamina/simd/traits.hpp>
#include <lamina/simd/transpose.hpp>

namespace lamina::simd {

/// Samples from which on `gemm_input` transposes the weights; below, it reads them where they are.
inline constexpr std::size_t gemm_input_transposes_from = 6;

/// Numbers of scratch `gemm_input` needs: a panel of the transposed weights.
template <class T, class Arch = default_arch> constexpr std::size_t gemm_input_scratch(std::size_t N, std::size_t K) {
  return panels<T, Arch>::columns_at(0, K) * N;
}

namespace detail {

/// Fills `target`, N rows of `columns` numbers, with the transposition of rows k … k+columns-1 of the weights.
/// Columns beyond K become zero.
template <class T, class Arch>
[[gnu::noinline]] void transpose_panel(const T* weights, std::size_t N, std::size_t K, std::size_t k,
                                       std::size_t columns, T* target) {
  using V = vector<T, Arch>;
  constexpr std::size_t W = width<T, Arch>;
  alignas(alignment) T edge[W * W];
  for (std::size_t n = 0; n < N; n += W) {
    const std::size_t first = n / panels<T, Arch>::columns * panels<T, Arch>::columns;
    const std::size_t depth = N - n < W ? N - n : W;
    for (std::size_t c = 0; c < columns; c += W) {
      std::size_t stride = panels<T, Arch>::columns_at(first, N);
      const T* source = weights + first * K + (n - first) + (k + c) * stride;
      if (const std::size_t left = K - (k + c); left < W) {
        for (std::size_t i = 0; i < W; ++i)
          (i < left ? V::load_aligned(source + i * stride) : V(T(0))).store_aligned(edge + i * W);
        source = edge;
        stride = W;
      }
      V row[W];
#pragma GCC unroll 16
      for (std::size_t i = 0; i < W; ++i) row[i] = V::load_aligned(source + i * stride);
      transpose<T, Arch>(row);
      T* to = target + n * columns + c;
      if (depth == W) {
#pragma GCC unroll 16
        for (std::size_t i = 0; i < W; ++i) row[i].store_aligned(to + i * columns);
      } else {
#pragma GCC unroll 16
        for (std::size_t i = 0; i < W; ++i)
          if (i < depth) row[i].store_aligned(to + i * columns);
      }
    }
  }
}

/// dz rows as row pointers, so many at a time, against a panel of the transposed weights.
template <class T, class Arch, std::size_t NV, class Epilogue>
[[gnu::noinline]] void input_panel(const T* dz, std::size_t stride, std::size_t M, const T* panel, std::size_t depth,
                                   std::size_t k, const Epilogue epilogue) {
  constexpr std::size_t some = 48; // a multiple of every tile's rows
  const T* rows[some];
  for (std::size_t m = 0; m < M; m += some) {
    const std::size_t count = M - m < some ? M - m : some;
    for (std::size_t i = 0; i < count; ++i) rows[i] = dz + (m + i) * stride;
    gemm_panel<T, Arch, NV>(rows, count, m, panel, depth, k, epilogue);
  }
}

/// One row of dz against W rows of the weights where they are, from row k on, the `count` that are there: vectors along
/// the outputs, summed across at the end. Sums of rows beyond K are zero. Shared by all epilogues.
template <class T, class Arch>
[[gnu::noinline]] vector<T, Arch> input_sums(const T* dz, const T* weights, std::size_t N, std::size_t K, std::size_t k,
                                             std::size_t count) {
  using V = vector<T, Arch>;
  constexpr std::size_t W = width<T, Arch>, columns = panels<T, Arch>::columns;
  const std::size_t last = N / columns * columns;
  const std::size_t rest = padded<T, Arch>(N) - last;
  V sum[W];
#pragma GCC unroll 16
  for (std::size_t i = 0; i < W; ++i) sum[i] = V(T(0));
  // Rows beyond K are not there: the last one is read in their place and the sums are dropped.
  for (std::size_t n = 0; n < last; n += columns) {
    const T* block = weights + n * K + k * columns;
    const V z0 = V::load_aligned(dz + n), z1 = V::load_aligned(dz + n + W), z2 = V::load_aligned(dz + n + 2 * W),
            z3 = V::load_aligned(dz + n + 3 * W);
#pragma GCC unroll 16
    for (std::size_t i = 0; i < W; ++i) {
      const T* w = block + (i < count ? i : count - 1) * columns;
      sum[i] = multiply_add(z0, V::load_aligned(w), sum[i]);
      sum[i] = multiply_add(z1, V::load_aligned(w + W), sum[i]);
      sum[i] = multiply_add(z2, V::load_aligned(w + 2 * W), sum[i]);
      sum[i] = multiply_add(z3, V::load_aligned(w + 3 * W), sum[i]);
    }
  }
  const T* block = weights + last * K + k * rest;
  for (std::size_t j = 0; j < rest; j += W) {
    const V z = V::load_aligned(dz + last + j);
#pragma GCC unroll 16
    for (std::size_t i = 0; i < W; ++i)
      sum[i] = multiply_add(z, V::load_aligned(block + (i < count ? i : count - 1) * rest + j), sum[i]);
  }
  const V result = horizontal_sums<T, Arch>(sum);
  if (count == W) return result;
  alignas(alignment) T number[W];
  result.store_aligned(number);
  for (std::size_t i = count; i < W; ++i) number[i] = T(0);
  return V::load_aligned(number);
}

/// One row of dz against all of the weights, W inputs at a time.
template <class T, class Arch, class Epilogue>
[[gnu::noinline]] void input_row(const T* dz, std::size_t m, const T* weights, std::size_t N, std::size_t K,
                                 const Epilogue epilogue) {
  constexpr std::size_t W = width<T, Arch>;
  for (std::size_t k = 0; k < K; k += W)
    epilogue(m, k, input_sums<T, Arch>(dz, weights, N, K, k, K - k < W ? K - k : W));
}

} // namespace detail

/// Fills `target`, padded K by N numbers, with the panel block of the transposed matrix: K outputs of N inputs. Of
/// a block with more inputs, `all` of them, these are the inputs from `first` on.
template <class T, class Arch>
void transpose_weights(const T* weights, std::size_t N, std::size_t K, T* target, std::size_t all, std::size_t first) {
  std::size_t columns = 0;
  for (std::size_t k = 0; k < K; k += columns) {
    columns = panels<T, Arch>::columns_at(k, K);
    detail::transpose_panel<T, Arch>(weights, N, K, k, columns, target + k * all + first * columns);
  }
}
template <class T, class Arch> void transpose_weights(const T* weights, std::size_t N, std::size_t K, T* target) {
  transpose_weights<T, Arch>(weights, N, K, target, N, 0);
}

/// The gradient of a product's input: dx[m][k] = Σ_n dz[m·stride + n] · w(n, k).
///
/// Calls `epilogue(m, k, v)` exactly once for each row m and vector v of inputs k … k+W-1, up to the padded K (zero
/// beyond K). `scratch` are `gemm_input_scratch<T, Arch>(N, K)` aligned numbers. Rows of dz are aligned, `stride` is a
/// multiple of the vector width, and the padding of dz and of the weights is zero.
template <class T, class Arch, std::size_t N, std::size_t K, class Epilogue>
void gemm_input(const T* dz, std::size_t stride, std::size_t M, const T* weights, T* scratch,
                const Epilogue& epilogue) {
  using layout = panels<T, Arch>;
  constexpr std::size_t full = padded<T, Arch>(K) / layout::columns;
  constexpr std::size_t rest = padded<T, Arch>(K) % layout::columns / width<T, Arch>;
  if (M < gemm_input_transposes_from) {
    for (std::size_t m = 0; m < M; ++m) detail::input_row<T, Arch>(dz + m * stride, m, weights, N, K, epilogue);
    return;
  }
  if constexpr (full > 0)
    for (std::size_t k = 0; k < full * layout::columns; k += layout::columns) {
      detail::transpose_panel<T, Arch>(weights, N, K, k, layout::columns, scratch);
      detail::input_panel<T, Arch, layout::vectors>(dz, stride, M, scratch, N, k, epilogue);
    }
  if constexpr (rest > 0) {
    constexpr std::size_t k = full * layout::columns;
    detail::transpose_panel<T, Arch>(weights, N, K, k, rest * width<T, Arch>, scratch);
    detail::input_panel<T, Arch, rest>(dz, stride, M, scratch, N, k, epilogue);
  }
}

} // namespace lamina::simd
