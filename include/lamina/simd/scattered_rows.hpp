#pragma once
#include <cstddef>

#include <lamina/simd/traits.hpp>

/// A vector against a few rows of a large matrix, each given by its address: what embeddings are looked up and learned
/// with. Rows are aligned and padded with zeros to N numbers, whole SIMD vectors.
namespace lamina::simd {

namespace detail {

/// How many SIMD vectors of two rows a kernel holds in registers, and what it leaves of N.
template <class T, class Arch, std::size_t N> struct column_blocks {
  static constexpr std::size_t vectors = registers<Arch> / 4, columns = vectors * width<T, Arch>;
  static constexpr std::size_t rest = N % columns / width<T, Arch>;

  /// Calls `visit.template operator()<Vectors>(n)` for blocks of so many vectors from column n on.
  template <class Visit> [[gnu::always_inline]] static void for_each(const Visit& visit) {
    for (std::size_t n = 0; n + columns <= N; n += columns) visit.template operator()<vectors>(n);
    if constexpr (rest > 0) visit.template operator()<rest>(N - N % columns);
  }
};

template <class T, class Arch, std::size_t N, std::size_t Rows>
[[gnu::always_inline]] inline void dot_tile(const T* x, T* const* rows, T* products) {
  using V = vector<T, Arch>;
  V sum[Rows];
#pragma GCC unroll 4
  for (std::size_t r = 0; r < Rows; ++r) sum[r] = V(T(0));
#pragma GCC unroll 8
  for (std::size_t n = 0; n < N; n += width<T, Arch>) {
    const V v = V::load_aligned(x + n);
#pragma GCC unroll 4
    for (std::size_t r = 0; r < Rows; ++r) sum[r] = multiply_add(v, V::load_aligned(rows[r] + n), sum[r]);
  }
#pragma GCC unroll 4
  for (std::size_t r = 0; r < Rows; ++r) products[r] = horizontal_sum(sum[r]);
}

} // namespace detail

/// products[r] = Σₙ x[n] · rows[r][n].
template <class T, class Arch, std::size_t N>
[[gnu::always_inline]] inline void dot_rows(const T* x, T* const* rows, std::size_t count, T* products) {
  std::size_t r = 0;
  for (; r + 4 <= count; r += 4) detail::dot_tile<T, Arch, N, 4>(x, rows + r, products + r);
  for (; r + 2 <= count; r += 2) detail::dot_tile<T, Arch, N, 2>(x, rows + r, products + r);
  if (r < count) detail::dot_tile<T, Arch, N, 1>(x, rows + r, products + r);
}

/// sum[n] = Σᵣ factors[r] · rows[r][n], and rows[r][n] grows by factors[r] · x[n]: both gradients of the products of x
/// with the rows, each row read and written once. A row that comes twice grows twice; the second time the sum sees it
/// grown.
template <class T, class Arch, std::size_t N>
[[gnu::always_inline]] inline void exchange_rows(const T* x, T* const* rows, const T* factors, std::size_t count,
                                                 T* sum) {
  using V = vector<T, Arch>;
  constexpr std::size_t W = width<T, Arch>;
  detail::column_blocks<T, Arch, N>::for_each([&]<std::size_t Vectors>(std::size_t n) __attribute__((always_inline)) {
    V given[Vectors], taken[Vectors];
#pragma GCC unroll 8
    for (std::size_t j = 0; j < Vectors; ++j) {
      given[j] = V::load_aligned(x + n + j * W);
      taken[j] = V(T(0));
    }
    for (std::size_t r = 0; r < count; ++r) {
      const V factor(factors[r]);
      T* const row = rows[r] + n;
#pragma GCC unroll 8
      for (std::size_t j = 0; j < Vectors; ++j) {
        const V v = V::load_aligned(row + j * W);
        taken[j] = multiply_add(factor, v, taken[j]);
        multiply_add(factor, given[j], v).store_aligned(row + j * W);
      }
    }
#pragma GCC unroll 8
    for (std::size_t j = 0; j < Vectors; ++j) taken[j].store_aligned(sum + n + j * W);
  });
}

/// mean[n] = Σᵣ rows[r][n] / count.
template <class T, class Arch, std::size_t N>
[[gnu::always_inline]] inline void mean_of_rows(T* const* rows, std::size_t count, T* mean) {
  using V = vector<T, Arch>;
  constexpr std::size_t W = width<T, Arch>;
  const V share(T(1) / static_cast<T>(count));
  detail::column_blocks<T, Arch, N>::for_each([&]<std::size_t Vectors>(std::size_t n) __attribute__((always_inline)) {
    V sum[Vectors];
#pragma GCC unroll 8
    for (std::size_t j = 0; j < Vectors; ++j) sum[j] = V(T(0));
    for (std::size_t r = 0; r < count; ++r)
#pragma GCC unroll 8
      for (std::size_t j = 0; j < Vectors; ++j) sum[j] += V::load_aligned(rows[r] + n + j * W);
#pragma GCC unroll 8
    for (std::size_t j = 0; j < Vectors; ++j) (sum[j] * share).store_aligned(mean + n + j * W);
  });
}

/// row[n] += factor · change[n].
template <class T, class Arch, std::size_t N>
[[gnu::always_inline]] inline void add_to_row(T* row, T factor, const T* change) {
  using V = vector<T, Arch>;
#pragma GCC unroll 8
  for (std::size_t n = 0; n < N; n += width<T, Arch>)
    multiply_add(V(factor), V::load_aligned(change + n), V::load_aligned(row + n)).store_aligned(row + n);
}

} // namespace lamina::simd
