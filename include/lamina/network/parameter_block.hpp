#pragma once
#include <array>
#include <cstddef>

#include <lamina/core/parameter.hpp>
#include <lamina/network/leaf.hpp>
#include <lamina/simd/fitting.hpp>
#include <lamina/simd/narrow.hpp>
#include <lamina/simd/panels.hpp>
#include <lamina/simd/traits.hpp>

namespace lamina {

namespace detail {

/// The layout of a parameter that begins at this offset of the block.
template <class T, class Arch> constexpr parameter_layout layout_of(const parameter& p, std::size_t offset) {
  const std::size_t all = p.matrix || p.transposed ? p.shape[p.transposed ? 1 : 0] : 1;
  const std::size_t depth = p.shape.size() / all, rows = all / p.groups;
  parameter_layout at{.offset = offset,
                      .depth = depth,
                      .channels = p.channels,
                      .positions = p.positions,
                      .outputs = rows,
                      .transposed = p.transposed};
  if (p.gates) {
    at.gates = p.gates, at.units = p.shape[0] / p.gates, at.lanes = simd::gate_width<T, Arch>(at.units);
    at.rows = p.gates * ((at.units + at.lanes - 1) / at.lanes * at.lanes);
    at.stored = simd::padded<T, Arch>(at.rows * (p.matrix ? depth : 1));
    if (p.matrix) at.columns = simd::panels<T, Arch>::vectors * at.lanes;
  } else if (p.matrix && p.fitted) {
    const std::size_t width = simd::fitting_width<T, Arch>(rows);
    at.rows = (rows + width - 1) / width * width;
    at.columns = simd::panels<T, Arch>::vectors * width;
    at.group = simd::padded<T, Arch>(at.rows * depth);
    at.stored = p.groups * at.group;
    if (p.narrow && simd::is_narrow<T, Arch>(rows, depth)) at.columns = 0, at.stride = depth;
  } else if (p.transposed || (p.matrix && !simd::is_narrow<T, Arch>(rows))) {
    at.rows = simd::padded<T, Arch>(rows);
    at.columns = simd::panels<T, Arch>::columns;
    at.stored = at.rows * depth;
  } else {
    at.rows = rows;
    at.stride = simd::padded<T, Arch>(depth);
    at.stored = rows * at.stride;
  }
  return at;
}

} // namespace detail

/// The parameters of a network for one scalar and architecture, each with its place in the block.
template <class Net, class T, class Arch> struct parameter_block {
  static constexpr auto parameters = [] {
    auto table = Net::leaf_table.parameters;
    std::size_t offset = 0;
    for (parameter& p : table) {
      p.layout = detail::layout_of<T, Arch>(p, offset);
      offset += p.layout.stored;
    }
    return table;
  }();
  /// Elements of the block, padding included.
  static constexpr std::size_t size = [] {
    std::size_t size = 0;
    for (const parameter& p : parameters) size += p.layout.stored;
    return size;
  }();

  /// The offsets of the parameters of leaf `Leaf`: where it uses another's weight, that one's and then its own.
  template <std::size_t Leaf>
  static constexpr auto offsets = [] {
    constexpr detail::leaf here = detail::leaf_at<Net>(Leaf);
    constexpr std::size_t others = here.source == detail::none ? 0 : 1;
    std::array<std::size_t, others + here.parameters + 1> found{};
    if constexpr (others) found[0] = parameters[Net::leaf_table.leaves[here.source].first_parameter].layout.offset;
    for (std::size_t i = 0; i < here.parameters; ++i)
      found[others + i] = parameters[here.first_parameter + i].layout.offset;
    return found;
  }();
};

} // namespace lamina
