#pragma once
#include <cstddef>
#include <lamina/core/shape.hpp>
#include <lamina/core/text.hpp>
#include <string>
#include <vector>

namespace lamina::detail {

/// A shape as messages show it: "(3, 32, 32)".
[[gnu::cold]] inline std::string shape_text(const std::size_t* extents, std::size_t rank) {
  std::string text = "(";
  for (std::size_t axis = 0; axis < rank; ++axis) {
    if (axis == 8) return joined_text({text, ", … of ", rank, " extents)"});
    text = joined_text({text, axis ? ", " : "", extents[axis]});
  }
  return joined_text({text, ")"});
}
inline std::string shape_text(const dimensions& shape) { return shape_text(shape.extent, shape.rank); }
inline std::string shape_text(const std::vector<std::size_t>& shape) { return shape_text(shape.data(), shape.size()); }

} // namespace lamina::detail
