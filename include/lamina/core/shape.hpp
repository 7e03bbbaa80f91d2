#pragma once
#include <cstddef>

namespace lamina {

inline constexpr std::size_t max_rank = 4;

/// The extents of one sample as a value: `(channels, height, width)`, `(steps, features)` or `(features)`.
/// One type for every rank, so that a list of layers folds over values and not over types.
struct dimensions {
  std::size_t rank = 0;
  std::size_t extent[max_rank]{};
  std::size_t tokens = 0; ///< where the numbers are tokens: how many there are to choose from

  constexpr std::size_t operator[](std::size_t axis) const { return extent[axis]; }
  /// The number of elements; 0 for the shape of nothing.
  constexpr std::size_t size() const {
    std::size_t product = rank == 0 ? 0 : 1;
    for (std::size_t axis = 0; axis < rank; ++axis) product *= extent[axis];
    return product;
  }
  /// The innermost extent: what `dense`, `softmax` and the normalizations work along.
  constexpr std::size_t last() const { return rank == 0 ? 0 : extent[rank - 1]; }
  friend constexpr bool operator==(const dimensions&, const dimensions&) = default;
};

/// `shape<1, 28, 28>`: the shape with these extents.
template <std::size_t... Extents>
  requires(sizeof...(Extents) <= max_rank)
inline constexpr dimensions shape{sizeof...(Extents), {Extents...}};

} // namespace lamina
