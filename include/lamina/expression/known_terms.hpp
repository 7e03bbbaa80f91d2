#pragma once
#include <lamina/expression/terms.hpp>

namespace lamina {

/// Whether a formula is made of numbers, functions and the known terms alone.
template <class E, class... Known> inline constexpr bool is_formula_in = (std::is_same_v<E, Known> || ...);
template <class... Known> inline constexpr bool is_formula_in<terms::number, Known...> = true;
template <double Value, class... Known> inline constexpr bool is_formula_in<terms::constant<Value>, Known...> = true;
template <class Function, class... Arguments, class... Known>
inline constexpr bool is_formula_in<terms::apply<Function, Arguments...>, Known...> =
    (is_formula_in<Arguments, Known...> && ...);

} // namespace lamina
