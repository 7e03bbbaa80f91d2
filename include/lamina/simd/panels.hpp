#pragma once
#include <cstddef>
#include <lamina/simd/traits.hpp>

namespace lamina::simd {

/// The layout of a weight matrix (N outputs, K inputs) that every product reads from front to back.
///
/// The outputs, padded to whole vectors, are cut into panels of `columns` (the last one narrower); a panel is K rows of
/// its columns. Padding is zero.
template <class T, class Arch = default_arch> struct panels {
  static constexpr std::size_t vectors = 4; ///< of a full panel
  static constexpr std::size_t columns = vectors * width<T, Arch>;

  /// Numbers in the block of an N×K matrix.
  static constexpr std::size_t size(std::size_t N, std::size_t K) { return padded<T, Arch>(N) * K; }

  /// Columns of the panel that begins at column `first`.
  static constexpr std::size_t columns_at(std::size_t first, std::size_t N) {
    const std::size_t left = padded<T, Arch>(N) - first;
    return left < columns ? left : columns;
  }

  /// Where element (n, k) is.
  static constexpr std::size_t offset(std::size_t n, std::size_t k, std::size_t N, std::size_t K) {
    const std::size_t first = n / columns * columns;
    return first * K + k * columns_at(first, N) + (n - first);
  }
};

} // namespace lamina::simd
