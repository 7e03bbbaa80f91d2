#pragma once
#include <lamina/expression/freeze.hpp>
#include <lamina/expression/quotient.hpp>

namespace lamina {

namespace detail {

/// All bindings of an evaluation; each is found by its term.
template <class... Bindings> struct environment : Bindings... {};

template <class Term, class Value>
[[gnu::always_inline]] inline constexpr const Value& bound(const terms::binding<Term, Value>& b) {
  return b.value;
}

template <class E> inline constexpr bool is_quotient_by_root = false;
template <class A, class S, class E>
inline constexpr bool is_quotient_by_root<
    terms::apply<functions::divide, A, terms::apply<functions::add, terms::apply<functions::sqrt, S>, E>>> = true;

template <class V, class E, class Environment>
[[gnu::always_inline]] inline constexpr auto evaluate_as(const E& e, const Environment& given) {
  if constexpr (std::is_same_v<E, terms::number> || functions::is_constant<E>) {
    return math::convert<V>(e.value);
  } else if constexpr (is_quotient_by_root<E>) { // what every adaptive optimizer ends in
    return math::divide_by_root(evaluate_as<V>(e.a, given), evaluate_as<V>(e.b.a.a, given),
                                evaluate_as<V>(e.b.b, given));
  } else if constexpr (requires { e.c; }) {
    return function_of(e).of(evaluate_as<V>(e.a, given), evaluate_as<V>(e.b, given), evaluate_as<V>(e.c, given));
  } else if constexpr (requires { e.b; }) {
    return function_of(e).of(evaluate_as<V>(e.a, given), evaluate_as<V>(e.b, given));
  } else if constexpr (requires { e.a; }) {
    return function_of(e).of(evaluate_as<V>(e.a, given));
  } else {
    static_assert(requires { bound<E>(given); }, "a term of the formula is not bound: evaluate(formula, x = 0.5)");
    return math::convert<V>(bound<E>(given));
  }
}

} // namespace detail

/// The value of a formula: `evaluate(square(x) + y, x = 0.5, y = batch)`. It is of the bindings' type: a batch if one
/// is bound, else float or double; numbers are rounded to it.
template <Expression E, class... Terms, class... Values>
[[gnu::always_inline]] inline constexpr auto evaluate(const E& e, const terms::binding<Terms, Values>&... bindings) {
  using V = typename math::common_value<Values...>::type;
  return detail::evaluate_as<V>(e, detail::environment<terms::binding<Terms, Values>...>{bindings...});
}

/// The same for a frozen formula, given by its type.
template <Expression E, class... Terms, class... Values>
[[gnu::always_inline]] inline constexpr auto evaluate(const terms::binding<Terms, Values>&... bindings) {
  return evaluate(E{}, bindings...);
}

} // namespace lamina
