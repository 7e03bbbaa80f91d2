#pragma once
#include <cstddef>
#include <lamina/expression/freeze.hpp>

namespace lamina {

namespace detail {

/// Functions that are about one instruction.
template <class Function>
inline constexpr std::size_t operations_of =
    std::is_same_v<Function, functions::add> || std::is_same_v<Function, functions::subtract> ||
            std::is_same_v<Function, functions::multiply> || std::is_same_v<Function, functions::negate> ||
            std::is_same_v<Function, functions::max> || std::is_same_v<Function, functions::min> ||
            std::is_same_v<Function, functions::abs> || std::is_same_v<Function, functions::square> ||
            std::is_same_v<Function, functions::select> || std::is_same_v<Function, functions::greater> ||
            std::is_same_v<Function, functions::less>
        ? 1
        : 10;

} // namespace detail

/// About how many instructions a formula is: what kernels look at when they decide whether to repeat it for every
/// vector of a tile.
template <class E> inline constexpr std::size_t operation_count = 0;
template <class Function, class... Arguments>
inline constexpr std::size_t operation_count<terms::apply<Function, Arguments...>> =
    detail::operations_of<Function> + (operation_count<Arguments> + ... + 0);

/// Formulas up to this cost are repeated for every vector of a tile.
inline constexpr std::size_t light_operations = 4;

} // namespace lamina
