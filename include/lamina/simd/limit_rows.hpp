#pragma once
#include <cmath>
#include <cstddef>

#include <lamina/core/parameter.hpp>
#include <lamina/expression/value.hpp>
#include <lamina/simd/fitting.hpp>
#include <lamina/simd/panels.hpp>
#include <lamina/simd/reduce.hpp>
#include <lamina/simd/traits.hpp>

namespace lamina::simd {

namespace detail {

/// The same for one matrix in panels of vectors of Arch: a row is a lane.
template <class T, class Arch> void limit_lanes(T* start, const parameter_layout& at, T longest) {
  using V = vector<T, Arch>;
  for (std::size_t first = 0; first < at.rows; first += at.columns) {
    const std::size_t columns = at.rows - first < at.columns ? at.rows - first : at.columns;
    T* const panel = start + first * at.depth;
    for (std::size_t n = 0; n < columns; n += V::size) {
      V squares(T(0));
      for (std::size_t k = 0; k < at.depth; ++k) {
        const V w = V::load_aligned(panel + k * columns + n);
        squares = math::fma(w, w, squares);
      }
      const V scale = V(longest) / math::max(math::sqrt(squares), V(longest));
      for (T* w = panel + n; w < panel + at.depth * columns; w += columns)
        (V::load_aligned(w) * scale).store_aligned(w);
    }
  }
}

} // namespace detail

/// Shortens every row of a matrix of weights, wherever its layout puts it in the block, to a Euclidean length of at
/// most `longest`.
template <class T, class Arch = default_arch> void limit_rows(T* block, const parameter_layout& at, T longest) {
  using V = vector<T, Arch>;
  constexpr std::size_t W = width<T, Arch>;
  T* const start = block + at.offset;
  if (at.columns == 0) { // rows
    for (T* row = start; row < start + at.rows * at.stride; row += at.stride) {
      const T length = std::sqrt(sum_of_squares<T, Arch>(row, at.stride));
      if (!(length > longest)) continue;
      for (std::size_t k = 0; k < at.stride; k += W)
        (V::load_aligned(row + k) * V(longest / length)).store_aligned(row + k);
    }
    return;
  }
  const std::size_t group = at.group ? at.group : at.stored;
  for (T* matrix = start; matrix < start + at.stored; matrix += group)
    if (at.columns == panels<T, Arch>::columns)
      detail::limit_lanes<T, Arch>(matrix, at, longest);
    else // fitted to few outputs
      detail::limit_lanes<T, fitting<T, Arch, 1>>(matrix, at, longest);
}

} // namespace lamina::simd
