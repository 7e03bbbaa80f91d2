#pragma once
#include <cstddef>
#include <lamina/core/shape.hpp>
#include <span>
#include <string>

namespace lamina::detail {

/// A shape as messages show it: "(3, 32, 32)".
inline std::string shape_text(std::span<const std::size_t> shape) {
  std::string text = "(";
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    if (axis == 8) return text + ", … of " + std::to_string(shape.size()) + " extents)";
    text += (axis ? ", " : "") + std::to_string(shape[axis]);
  }
  return text + ")";
}
inline std::string shape_text(const dimensions& shape) {
  return shape_text(std::span<const std::size_t>{shape.extent, shape.rank});
}

} // namespace lamina::detail
