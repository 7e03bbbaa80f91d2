#pragma once
#include <lamina/expression/freeze.hpp>

namespace lamina {

/// The expression with every occurrence of the expression `from` replaced by `to`, simplified anew.
template <Expression E, Expression From, Expression To>
constexpr auto substitute(const E& e, const From& from, const To& to) {
  static_assert(functions::is_stateless<From>, "what is replaced is found by its type: freeze it first");
  if constexpr (std::is_same_v<E, From>)
    return to;
  else if constexpr (requires { e.c; })
    return detail::rebuild(e, substitute(e.a, from, to), substitute(e.b, from, to), substitute(e.c, from, to));
  else if constexpr (requires { e.b; })
    return detail::rebuild(e, substitute(e.a, from, to), substitute(e.b, from, to));
  else if constexpr (requires { e.a; })
    return detail::rebuild(e, substitute(e.a, from, to));
  else
    return e;
}

/// The type of `substitute(E, From, To)`.
template <Expression E, Expression From, Expression To>
using substitute_t = std::remove_cvref_t<decltype(substitute(E{}, From{}, To{}))>;

/// Whether the expression (or term) Part occurs in E.
template <class E, class Part> inline constexpr bool contains = std::is_same_v<E, Part>;
template <class Function, class... Arguments, class Part>
inline constexpr bool contains<terms::apply<Function, Arguments...>, Part> =
    std::is_same_v<terms::apply<Function, Arguments...>, Part> || (contains<Arguments, Part> || ...);

/// The expression built anew from its leaves, so that everything the types of constants allow is simplified.
template <Expression E> constexpr auto simplify(const E& e) {
  return substitute(e, terms::term<"">{}, functions::zero);
}

} // namespace lamina
