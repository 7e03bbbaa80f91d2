#pragma once
#include <lamina/expression/terms.hpp>

namespace lamina {

/// Stands for every hyper-parameter that is a field of Owner, among the known terms of `is_formula_in`.
template <class Owner> struct fields_of;

namespace detail {

template <class E, class Known> inline constexpr bool is_known = std::is_same_v<E, Known>;
template <auto Member, class Owner>
inline constexpr bool is_known<hyper<Member>, fields_of<Owner>> = requires(const Owner& owner) { owner.*Member; };

} // namespace detail

/// Whether a formula is made of numbers, functions and the known terms alone.
template <class E, class... Known> inline constexpr bool is_formula_in = (detail::is_known<E, Known> || ...);
template <class... Known> inline constexpr bool is_formula_in<terms::number, Known...> = true;
template <double Value, class... Known> inline constexpr bool is_formula_in<terms::constant<Value>, Known...> = true;
template <class Function, class... Arguments, class... Known>
inline constexpr bool is_formula_in<terms::apply<Function, Arguments...>, Known...> =
    (is_formula_in<Arguments, Known...> && ...);

} // namespace lamina
