#pragma once
#include <cmath>
#include <cstddef>
#include <cstring>

#include <lamina/simd/gemm.hpp>
#include <lamina/simd/gemm_gradient.hpp>
#include <lamina/simd/gemm_input.hpp>
#include <lamina/simd/partial.hpp>
#include <lamina/simd/softmax.hpp>

/// Scaled dot-product attention of one head over L steps of D numbers, forward and back, in blocks of queries.
namespace lamina::simd {

/// Whom a query sees: the steps below `seen`.
struct sees_all {
  static constexpr std::size_t seen(std::size_t, std::size_t steps) { return steps; }
};
struct sees_past {
  static constexpr std::size_t seen(std::size_t step, std::size_t) { return step + 1; }
};

/// Rows that are `stride` apart.
template <class T> struct strided_rows {
  T* first;
  std::size_t stride;
  T* operator[](std::size_t i) const { return first + i * stride; }
  /// Points at some of them.
  void point(const T** rows, std::size_t from, std::size_t count) const {
    for (std::size_t i = 0; i < count; ++i) rows[i] = (*this)[from + i];
  }
};

/// Stores rows.
template <class T, class Arch> struct store_rows {
  static constexpr bool light = true;
  T* to;
  std::size_t stride;
  template <class V> [[gnu::always_inline]] void operator()(std::size_t m, std::size_t n, V v) const {
    v.store_aligned(to + m * stride + n);
  }
};

/// Copies `count` numbers to where a row is aligned, with zeros behind them.
template <class T, class Arch> void copy_row(const T* from, std::size_t count, T* to) {
  for (std::size_t n = 0; n < count; n += width<T, Arch>)
    load_lanes<T, Arch>(from + n, count - n).store_aligned(to + n);
}

namespace detail {

template <class T, class Arch> struct store_scaled {
  static constexpr bool light = true;
  T* to;
  std::size_t stride;
  T scale;
  template <class V> [[gnu::always_inline]] void operator()(std::size_t m, std::size_t n, V v) const {
    (v * V(scale)).store_aligned(to + m * stride + n);
  }
};
/// Stores D numbers where no more stand, each row by a scale of its own.
template <class T, class Arch, std::size_t D> struct store_row {
  static constexpr bool light = true;
  strided_rows<T> to;
  const T* scales;
  template <class V> [[gnu::always_inline]] void operator()(std::size_t m, std::size_t n, V v) const {
    store_lanes<T, Arch>(to[m] + n, D - n, scales ? v * V(scales[m]) : v);
  }
};
template <class T, class Arch> struct add_at {
  static constexpr bool light = true;
  T* to;
  template <class V> [[gnu::always_inline]] void operator()(std::size_t n, V v) const {
    (V::load_aligned(to + n) + v).store_aligned(to + n);
  }
};

} // namespace detail

/// Forward: yᵢ = Σⱼ pᵢⱼ vⱼ, pᵢ = softmax of qᵢ·kⱼ/√D over the j that i sees. What nobody sees is not computed, but for
/// the corner of a block. Of the probabilities only the largest score and one over the sum of each row are kept
/// (`sums`), and back computes them again: memory grows with L and not with its square. With 4 heads and 128 steps
/// keeping them would save 7 % of a training step and take three times the memory.
template <class T, class Arch, std::size_t L, std::size_t D, class Mask> struct attention_head {
private:
  using V = vector<T, Arch>;
  using layout = panels<T, Arch>;
  /// Queries that are worked on together, and numbers of their scores.
  static constexpr std::size_t block = 16, score_stride = padded<T, Arch>(L), scores = block * score_stride;
  /// Numbers of a matrix of L steps, and of its transposition.
  static constexpr std::size_t numbers = L * padded<T, Arch>(D), turned = score_stride * D;

  static constexpr std::size_t whole(std::size_t n) { return (n + alignment - 1) / alignment * alignment; }
  static constexpr std::size_t seen_by_block(std::size_t first, std::size_t count) {
    constexpr std::size_t tile = rows_shared<Arch>; // the gradient's products take whole tiles of keys
    const std::size_t seen = (Mask::seen(first + count - 1, L) + tile - 1) / tile * tile;
    return seen < L ? seen : L;
  }

public:
  static constexpr std::size_t forward_scratch = whole(numbers) + whole(turned) + scores;
  static constexpr std::size_t backward_scratch = 5 * whole(numbers) + 2 * whole(turned) + 2 * scores;

  static void forward(strided_rows<const T> q, strided_rows<const T> k, strided_rows<const T> v, strided_rows<T> y,
                      strided_rows<T> sums, T* scratch) {
    T *const panel = scratch, *const keys = panel + whole(numbers), *const score = keys + whole(turned);
    pack(k, panel);
    transpose_weights<T, Arch>(panel, D, L, keys);
    pack(v, panel);
    const T* rows[block];
    T inverse[block];
    for (std::size_t first = 0; first < L; first += block) {
      const std::size_t count = L - first < block ? L - first : block, seen = seen_by_block(first, count);
      q.point(rows, first, count);
      gemm_part<T, Arch, L>(rows, count, keys, D, seen, D, detail::store_scaled<T, Arch>{score, score_stride, scale()});
      for (std::size_t i = 0; i < count; ++i) {
        const auto [largest, sum] =
            exponentiate<T, Arch>(score + i * score_stride, Mask::seen(first + i, L), padded<T, Arch>(seen));
        inverse[i] = sums[first + i][1] = 1 / sum;
        sums[first + i][0] = largest;
        rows[i] = score + i * score_stride;
      }
      gemm_part<T, Arch, D>(rows, count, panel, L, D, seen,
                            detail::store_row<T, Arch, D>{{y[first], y.stride}, inverse});
    }
  }

  /// Puts the gradients by q, k and v in their places: ∂s = p (∂p − Σⱼ pⱼ ∂pⱼ), ∂pᵢⱼ = ∂yᵢ·vⱼ.
  static void backward(strided_rows<T> q, strided_rows<T> k, strided_rows<T> v, strided_rows<const T> dy,
                       strided_rows<const T> sums, T* scratch) {
    T *const queries = scratch, *const outputs = queries + whole(numbers), *const panel = outputs + whole(numbers);
    T *const dk = panel + whole(numbers), *const dv = dk + whole(numbers);
    T *const keys = dv + whole(numbers), *const values = keys + whole(turned);
    T *const score = values + whole(turned), *const gradient = score + scores;
    constexpr std::size_t stride = padded<T, Arch>(D);
    copy({q.first, q.stride}, queries);
    copy(dy, outputs);
    pack({v.first, v.stride}, panel);
    transpose_weights<T, Arch>(panel, D, L, values);
    pack({k.first, k.stride}, panel);
    transpose_weights<T, Arch>(panel, D, L, keys);
    std::memset(dk, 0, numbers * sizeof(T));
    std::memset(dv, 0, numbers * sizeof(T));
    const T* rows[block];
    for (std::size_t first = 0; first < L; first += block) {
      const std::size_t count = L - first < block ? L - first : block, seen = seen_by_block(first, count);
      const T *const some_queries = queries + first * stride, *const some_outputs = outputs + first * stride;
      strided_rows<const T>{some_queries, stride}.point(rows, 0, count);
      gemm_part<T, Arch, L>(rows, count, keys, D, seen, D, detail::store_scaled<T, Arch>{score, score_stride, scale()});
      strided_rows<const T>{some_outputs, stride}.point(rows, 0, count);
      gemm_part<T, Arch, L>(rows, count, values, D, seen, D, store_rows<T, Arch>{gradient, score_stride});
      for (std::size_t i = 0; i < count; ++i)
        through_softmax(score + i * score_stride, gradient + i * score_stride, sums[first + i],
                        Mask::seen(first + i, L), padded<T, Arch>(seen));
      strided_rows<const T>{gradient, score_stride}.point(rows, 0, count);
      gemm_part<T, Arch, D>(rows, count, panel, L, D, seen,
                            detail::store_row<T, Arch, D>{{q[first], q.stride}, nullptr});
      gemm_gradient<T, Arch, D>(rows, count, L, some_queries, stride, detail::add_at<T, Arch>{dk}, {0, seen});
      strided_rows<const T>{score, score_stride}.point(rows, 0, count);
      gemm_gradient<T, Arch, D>(rows, count, L, some_outputs, stride, detail::add_at<T, Arch>{dv}, {0, seen});
    }
    unpack(dk, k);
    unpack(dv, v);
  }

private:
  static T scale() { return 1 / std::sqrt(static_cast<T>(D)); }

  /// From scores to probabilities, and from the gradients by the probabilities to those by q·k.
  static void through_softmax(T* score, T* gradient, const T* sums, std::size_t count, std::size_t size) {
    const V largest(sums[0]), inverse(sums[1]);
    V dot(T(0));
    std::size_t n = 0;
    for (; n < size; n += V::size) {
      V p(T(0));
      if (n < count) p = math::exp(V::load_aligned(score + n) - largest) * inverse;
      if (n < count && n + V::size > count) p = first_lanes<T, Arch>(p, count - n);
      p.store_aligned(score + n);
      dot = multiply_add<T, Arch>(p, V::load_aligned(gradient + n), dot);
    }
    const V mean(horizontal_sum<T, Arch>(dot)), by(scale());
    for (n = 0; n < size; n += V::size)
      (V::load_aligned(score + n) * (V::load_aligned(gradient + n) - mean) * by).store_aligned(gradient + n);
  }

  /// L rows of D numbers as the panel block of a D×L matrix, and back; and as aligned rows with zeros behind them.
  static void pack(strided_rows<const T> from, T* to) {
    for (std::size_t t = 0; t < L; ++t)
      for (std::size_t n = 0; n < D; n += V::size)
        load_lanes<T, Arch>(from[t] + n, D - n).store_aligned(to + layout::offset(n, t, D, L));
  }
  static void unpack(const T* from, strided_rows<T> to) {
    for (std::size_t t = 0; t < L; ++t)
      for (std::size_t n = 0; n < D; n += V::size)
        store_lanes<T, Arch>(to[t] + n, D - n, V::load_aligned(from + layout::offset(n, t, D, L)));
  }
  static void copy(strided_rows<const T> from, T* to) {
    for (std::size_t t = 0; t < L; ++t) copy_row<T, Arch>(from[t], D, to + t * padded<T, Arch>(D));
  }
};

} // namespace lamina::simd
