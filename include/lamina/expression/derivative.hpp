#pragma once
#include <lamina/expression/freeze.hpp>

namespace lamina {

namespace detail {

template <class E> inline constexpr bool vanishes = functions::is<std::remove_const_t<E>>(0);

template <class Term, class E> constexpr auto derive(const E& e) {
  if constexpr (std::is_same_v<E, Term>) {
    return functions::one;
  } else if constexpr (requires { e.c; }) {
    return function_of(e).chain(e, derive<Term>(e.a), derive<Term>(e.b), derive<Term>(e.c));
  } else if constexpr (requires { e.b; }) {
    const auto da = derive<Term>(e.a);
    const auto db = derive<Term>(e.b);
    if constexpr (vanishes<decltype(da)> && vanishes<decltype(db)>)
      return functions::zero;
    else
      return function_of(e).chain(e, da, db);
  } else if constexpr (requires { e.a; }) {
    const auto da = derive<Term>(e.a);
    if constexpr (vanishes<decltype(da)>)
      return functions::zero;
    else
      return function_of(e).chain(e, da);
  } else {
    return functions::zero;
  }
}

} // namespace detail

/// The derivative of an expression by a term, simplified: `derivative(square(x), x)` is `2 * x`. At a kink it is what
/// PyTorch takes.
template <Expression E, Expression Term> constexpr auto derivative(E e, Term) { return detail::derive<Term>(e); }

/// The type of `derivative(E, Term)` for a frozen E.
template <Expression E, Expression Term> using derivative_t = decltype(detail::derive<Term>(E{}));

} // namespace lamina
