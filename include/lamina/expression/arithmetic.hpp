#pragma once
#include <lamina/expression/terms.hpp>
#include <lamina/expression/value.hpp>

/// One empty tag per function. A tag has
///   of(values...)         its value for scalars and batches,
///   build(arguments...)   the expression, simplified by what the types of the arguments say,
///   chain(e, da, ...)     the derivative of e = apply<tag, ...> where da, ... are those of its arguments.
namespace lamina::functions {
using terms::apply;
using terms::constant;
using terms::number;

inline constexpr constant<0.0> zero{};
inline constexpr constant<1.0> one{};

template <class E> inline constexpr bool is_constant = false;
template <double Value> inline constexpr bool is_constant<constant<Value>> = true;

/// Whether E is the constant of this value.
template <class E> constexpr bool is(double value) {
  if constexpr (is_constant<E>)
    return E::value == value;
  else
    return false;
}

/// Whether the type says all about the expression: no literal holds a value of its own.
template <class E> inline constexpr bool is_stateless = true;
template <> inline constexpr bool is_stateless<number> = false;
template <class Function, class... Arguments>
inline constexpr bool is_stateless<apply<Function, Arguments...>> = (is_stateless<Arguments> && ...);

template <class A, class B> inline constexpr bool is_same_expression = false;
template <class A> inline constexpr bool is_same_expression<A, A> = is_stateless<A>;

template <class Function, class E> inline constexpr bool is_applied = false;
template <class Function, class... Arguments>
inline constexpr bool is_applied<Function, apply<Function, Arguments...>> = true;

/// What most tags share: nothing to simplify.
template <class Function> struct function {
  template <class... Arguments> static constexpr auto build(Arguments... arguments) {
    return apply<Function, Arguments...>{arguments...};
  }
};

struct negate;
struct add;
struct subtract;
struct multiply;
struct divide;
struct select;

/// A tree of `select` whose leaves are constants: multiplying it is choosing.
template <class E> inline constexpr bool is_choice = false;
template <class Condition, class A, class B>
inline constexpr bool is_choice<apply<select, Condition, A, B>> =
    (is_constant<A> || is_choice<A>) && (is_constant<B> || is_choice<B>);

/// `c * a` with a constant c.
template <class E> inline constexpr bool is_scaled = false;
template <double Factor, class A> inline constexpr bool is_scaled<apply<multiply, constant<Factor>, A>> = true;

struct negate {
  template <class V> [[gnu::always_inline]] static constexpr V of(V a) { return -a; }
  template <class A> static constexpr auto build(A a) {
    if constexpr (is_constant<A>)
      return constant<-A::value>{};
    else if constexpr (std::is_same_v<A, number>)
      return number{-a.value};
    else if constexpr (is_applied<negate, A>)
      return a.a;
    else if constexpr (is_scaled<A>)
      return apply<multiply, decltype(negate::build(a.a)), decltype(a.b)>{{}, a.b};
    else
      return apply<negate, A>{a};
  }
  static constexpr auto chain(auto, auto da) { return build(da); }
};

struct subtract {
  template <class V> [[gnu::always_inline]] static constexpr V of(V a, V b) { return a - b; }
  template <class A, class B> static constexpr auto build(A a, B b) {
    if constexpr (is_constant<A> && is_constant<B>)
      return constant<A::value - B::value>{};
    else if constexpr (is<B>(0))
      return a;
    else if constexpr (is<A>(0))
      return negate::build(b);
    else if constexpr (is_applied<negate, B>)
      return apply<add, A, decltype(b.a)>{a, b.a};
    else
      return apply<subtract, A, B>{a, b};
  }
  static constexpr auto chain(auto, auto da, auto db) { return build(da, db); }
};

struct add {
  template <class V> [[gnu::always_inline]] static constexpr V of(V a, V b) { return a + b; }
  template <class A, class B> static constexpr auto build(A a, B b) {
    if constexpr (is_constant<A> && is_constant<B>)
      return constant<A::value + B::value>{};
    else if constexpr (is<A>(0))
      return b;
    else if constexpr (is<B>(0))
      return a;
    else if constexpr (is_applied<negate, B>)
      return apply<subtract, A, decltype(b.a)>{a, b.a};
    else if constexpr (is_same_expression<A, B>)
      return apply<multiply, constant<2.0>, A>{{}, a};
    else
      return apply<add, A, B>{a, b};
  }
  static constexpr auto chain(auto, auto da, auto db) { return build(da, db); }
};

struct multiply {
  template <class V> [[gnu::always_inline]] static constexpr V of(V a, V b) { return a * b; }
  template <class A, class B> static constexpr auto build(A a, B b) {
    if constexpr (is_constant<A> && is_constant<B>)
      return constant<A::value * B::value>{};
    else if constexpr (is<A>(0) || is<B>(0))
      return zero;
    else if constexpr (is<A>(1))
      return b;
    else if constexpr (is<A>(-1))
      return negate::build(b);
    else if constexpr (is_constant<B>)
      return build(b, a);
    else if constexpr (is_constant<A> && is_scaled<B>)
      return build(build(a, b.a), b.b);
    else if constexpr (is_constant<A> && is_applied<negate, B>)
      return build(negate::build(a), b.a);
    else if constexpr (is_choice<A>)
      return choose(a, b);
    else if constexpr (is_choice<B>)
      return choose(b, a);
    else if constexpr (is_applied<negate, A>)
      return negate::build(build(a.a, b));
    else if constexpr (is_applied<negate, B>)
      return negate::build(build(a, b.a));
    else
      return apply<multiply, A, B>{a, b};
  }
  static constexpr auto chain(auto e, auto da, auto db) { return add::build(build(da, e.b), build(e.a, db)); }

private:
  template <class Choice, class B> static constexpr auto choose(Choice choice, B b) {
    const auto first = build(choice.b, b);
    const auto second = build(choice.c, b);
    return apply<select, decltype(choice.a), std::remove_const_t<decltype(first)>,
                 std::remove_const_t<decltype(second)>>{choice.a, first, second};
  }
};

struct divide {
  template <class V> [[gnu::always_inline]] static constexpr V of(V a, V b) { return a / b; }
  template <class A, class B> static constexpr auto build(A a, B b) {
    if constexpr (is_constant<A> && is_constant<B>)
      return constant<A::value / B::value>{};
    else if constexpr (is<A>(0))
      return zero;
    else if constexpr (is_constant<B>)
      return multiply::build(constant<1.0 / B::value>{}, a);
    else if constexpr (is_applied<negate, A>)
      return negate::build(build(a.a, b));
    else
      return apply<divide, A, B>{a, b};
  }
  static constexpr auto chain(auto e, auto da, auto db) {
    return build(subtract::build(da, multiply::build(e, db)), e.b);
  }
};

} // namespace lamina::functions

namespace lamina::terms {

template <Operand A, Operand B>
  requires(Expression<A> || Expression<B>)
constexpr auto operator+(A a, B b) {
  return functions::add::build(lift(a), lift(b));
}
template <Operand A, Operand B>
  requires(Expression<A> || Expression<B>)
constexpr auto operator-(A a, B b) {
  return functions::subtract::build(lift(a), lift(b));
}
template <Operand A, Operand B>
  requires(Expression<A> || Expression<B>)
constexpr auto operator*(A a, B b) {
  return functions::multiply::build(lift(a), lift(b));
}
template <Operand A, Operand B>
  requires(Expression<A> || Expression<B>)
constexpr auto operator/(A a, B b) {
  return functions::divide::build(lift(a), lift(b));
}
template <Expression A> constexpr auto operator-(A a) { return functions::negate::build(a); }
template <Expression A> constexpr auto operator+(A a) { return a; }

} // namespace lamina::terms
