#pragma once
#include <cmath>
#include <cstddef>
#include <limits>

#include <lamina/expression/math.hpp>
#include <lamina/simd/partial.hpp>
#include <lamina/simd/traits.hpp>

/// Rows of logits: what softmax, its logarithm and cross-entropy share.
namespace lamina::simd {

/// The largest of a row and Σ exp(z − largest): all that softmax and log-sum-exp need. Rows may begin anywhere; nothing
/// beyond `count` is read.
template <class T> struct row_exponentials {
  T largest, sum;
};

/// Calls `f(n, v, lanes)` for the vectors of a row, the last one partial with `rest` in the unused lanes.
template <class T, class Arch, class F>
[[gnu::always_inline]] inline void for_row(const T* row, std::size_t count, T rest, const F& f) {
  using V = vector<T, Arch>;
  constexpr std::size_t W = width<T, Arch>;
  std::size_t n = 0;
  for (; n + W <= count; n += W) f(n, V::load_unaligned(row + n), W);
  if (const std::size_t lanes = count % W) f(n, load_partial<T, Arch>(row + n, lanes, rest), lanes);
}

template <class T, class Arch> row_exponentials<T> exponentials_of(const T* row, std::size_t count) {
  using V = vector<T, Arch>;
  constexpr T lowest = -std::numeric_limits<T>::infinity();
  V top(lowest), total(T(0));
  for_row<T, Arch>(row, count, lowest, [&](std::size_t, V v, std::size_t) { top = xsimd::max(v, top); });
  const T largest = horizontal_max<T, Arch>(top);
  for_row<T, Arch>(row, count, lowest, [&](std::size_t, V v, std::size_t) { total += math::exp(v - V(largest)); });
  return {largest, horizontal_sum<T, Arch>(total)};
}

/// Puts exp(z − largest) in place of the first `count` numbers of an aligned row, and 0 in place of those behind them,
/// `size` in all, a multiple of the vector width.
template <class T, class Arch> row_exponentials<T> exponentiate(T* row, std::size_t count, std::size_t size) {
  using V = vector<T, Arch>;
  constexpr T lowest = -std::numeric_limits<T>::infinity();
  V top(lowest), total(T(0));
  for_row<T, Arch>(row, count, lowest, [&](std::size_t, V v, std::size_t) { top = xsimd::max(v, top); });
  const T largest = horizontal_max<T, Arch>(top);
  for_row<T, Arch>(row, count, lowest, [&](std::size_t n, V v, std::size_t) {
    const V e = math::exp(v - V(largest));
    total += e;
    e.store_aligned(row + n);
  });
  for (std::size_t n = padded<T, Arch>(count); n < size; n += V::size) V(T(0)).store_aligned(row + n);
  return {largest, horizontal_sum<T, Arch>(total)};
}

} // namespace lamina::simd
