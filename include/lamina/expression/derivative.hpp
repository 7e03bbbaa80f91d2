#pragma once
#include <lamina/expression/freeze.hpp>

namespace lamina {

namespace detail {

template <class Term, class E> constexpr auto derive(const E&) {
  if constexpr (std::is_same_v<E, Term>)
    return functions::one;
  else
    return functions::zero;
}

template <class Term, class Function, class A> constexpr auto derive(const terms::apply<Function, A>& e) {
  const auto da = derive<Term>(e.a);
  if constexpr (functions::is<std::remove_const_t<decltype(da)>>(0))
    return functions::zero;
  else
    return Function::chain(e, da);
}

template <class Term, class Function, class A, class B> constexpr auto derive(const terms::apply<Function, A, B>& e) {
  const auto da = derive<Term>(e.a);
  const auto db = derive<Term>(e.b);
  if constexpr (functions::is<std::remove_const_t<decltype(da)>>(0) &&
                functions::is<std::remove_const_t<decltype(db)>>(0))
    return functions::zero;
  else
    return Function::chain(e, da, db);
}

template <class Term, class Function, class A, class B, class C>
constexpr auto derive(const terms::apply<Function, A, B, C>& e) {
  return Function::chain(e, derive<Term>(e.a), derive<Term>(e.b), derive<Term>(e.c));
}

} // namespace detail

/// The derivative of an expression by a term, simplified: `derivative(square(x), x)` is `2 * x`. At a kink it is what
/// PyTorch takes.
template <Expression E, Expression Term> constexpr auto derivative(E e, Term) { return detail::derive<Term>(e); }

/// The type of `derivative(E, Term)` for a frozen E.
template <Expression E, Expression Term> using derivative_t = decltype(detail::derive<Term>(E{}));

} // namespace lamina
