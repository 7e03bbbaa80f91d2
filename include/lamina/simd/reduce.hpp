#pragma once
#include <cstddef>
#include <lamina/simd/traits.hpp>

namespace lamina::simd {

/// Folds vectors of `term(i)` for i = 0, W, 2W … below n (a multiple of W) with `combine`, beginning at `identity`, in
/// four chains joined in a fixed order: the same numbers give the same result in every run.
template <class T, class Arch = default_arch, class Term, class Combine>
[[gnu::always_inline]] inline vector<T, Arch> fold(std::size_t n, T identity, const Term& term,
                                                   const Combine& combine) {
  using V = vector<T, Arch>;
  constexpr std::size_t W = width<T, Arch>;
  V a(identity), b(identity), c(identity), d(identity);
  std::size_t i = 0;
  for (; i + 4 * W <= n; i += 4 * W) {
    a = combine(a, term(i));
    b = combine(b, term(i + W));
    c = combine(c, term(i + 2 * W));
    d = combine(d, term(i + 3 * W));
  }
  for (; i < n; i += W) a = combine(a, term(i));
  return combine(combine(a, b), combine(c, d));
}

/// Σ x[i] over n aligned numbers, n a multiple of the vector width.
template <class T, class Arch = default_arch> T sum(const T* x, std::size_t n) {
  using V = vector<T, Arch>;
  return horizontal_sum(
      fold<T, Arch>(n, T(0), [x](std::size_t i) { return V::load_aligned(x + i); }, [](V a, V b) { return a + b; }));
}

/// Σ x[i]·y[i].
template <class T, class Arch = default_arch> T dot(const T* x, const T* y, std::size_t n) {
  using V = vector<T, Arch>;
  constexpr std::size_t W = width<T, Arch>;
  V a(T(0)), b(T(0)), c(T(0)), d(T(0));
  const auto product = [x, y](std::size_t i, const V& s) {
    return multiply_add(V::load_aligned(x + i), V::load_aligned(y + i), s);
  };
  std::size_t i = 0;
  for (; i + 4 * W <= n; i += 4 * W) {
    a = product(i, a);
    b = product(i + W, b);
    c = product(i + 2 * W, c);
    d = product(i + 3 * W, d);
  }
  for (; i < n; i += W) a = product(i, a);
  return horizontal_sum((a + b) + (c + d));
}

/// Σ x[i]².
template <class T, class Arch = default_arch> T sum_of_squares(const T* x, std::size_t n) {
  return dot<T, Arch>(x, x, n);
}

/// The largest of n > 0 numbers.
template <class T, class Arch = default_arch> T maximum(const T* x, std::size_t n) {
  using V = vector<T, Arch>;
  return horizontal_max(fold<T, Arch>(
      n, x[0], [x](std::size_t i) { return V::load_aligned(x + i); }, [](V a, V b) { return xsimd::max(a, b); }));
}

/// The sums of columns: `epilogue(n, v)` with v = Σ_m rows[m·stride + n …] for each vector of N columns (a multiple of
/// the vector width). Gradients of biases.
template <class T, class Arch = default_arch, class Epilogue>
void column_sums(const T* rows, std::size_t M, std::size_t stride, std::size_t N, const Epilogue& epilogue) {
  using V = vector<T, Arch>;
  constexpr std::size_t W = width<T, Arch>;
  std::size_t n = 0;
  for (; n + 4 * W <= N; n += 4 * W) {
    V a(T(0)), b(T(0)), c(T(0)), d(T(0));
    for (std::size_t m = 0; m < M; ++m) {
      const T* row = rows + m * stride + n;
      a += V::load_aligned(row);
      b += V::load_aligned(row + W);
      c += V::load_aligned(row + 2 * W);
      d += V::load_aligned(row + 3 * W);
    }
    const V sums[]{a, b, c, d};
#pragma GCC unroll 1
    for (std::size_t j = 0; j < 4; ++j)
      epilogue(n + j * W, sums[j]); // an optimizer's rule is compiled once, not four times
  }
  for (; n < N; n += W) {
    V a(T(0)), b(T(0));
    std::size_t m = 0;
    for (; m + 2 <= M; m += 2) {
      a += V::load_aligned(rows + m * stride + n);
      b += V::load_aligned(rows + (m + 1) * stride + n);
    }
    if (m < M) a += V::load_aligned(rows + m * stride + n);
    epilogue(n, a + b);
  }
}

} // namespace lamina::simd
