#pragma once
#include <cstddef>

#include <lamina/simd/transpose.hpp>

namespace lamina::simd {

/// Copies as many rows of a weight matrix as a vector has numbers out of their panel, row-major: element (r, k) from
/// `panel + k · columns + r` to `out + r · K + k`. `panel` points at the first row's column.
template <class T, class Arch = default_arch>
void unpack_rows(const T* panel, std::size_t columns, std::size_t K, T* out) {
  using V = vector<T, Arch>;
  constexpr std::size_t W = width<T, Arch>;
  std::size_t k = 0;
  for (; k + W <= K; k += W) {
    V row[W];
#pragma GCC unroll 16
    for (std::size_t i = 0; i < W; ++i) row[i] = V::load_aligned(panel + (k + i) * columns);
    transpose<T, Arch>(row);
#pragma GCC unroll 16
    for (std::size_t r = 0; r < W; ++r) row[r].store_unaligned(out + r * K + k);
  }
  for (; k < K; ++k)
    for (std::size_t r = 0; r < W; ++r) out[r * K + k] = panel[k * columns + r];
}

} // namespace lamina::simd
