#pragma once
#include <lamina/core/fixed_string.hpp>
#include <type_traits>

/// Expression types and the functions on them. They live apart from `lamina`, where layers of the same names live
/// (`la::tanh` is a layer, `tanh(x)` finds the function by its argument).
namespace lamina::terms {

/// What the formulas are made of: terms, slots, hyper-parameters, numbers, and functions applied to these.
template <class T>
concept Expression = requires { typename std::remove_cvref_t<T>::expression_tag; };

/// What may stand beside an expression in an operator: another one, or a number.
template <class T>
concept Operand = Expression<T> || std::is_arithmetic_v<std::remove_cvref_t<T>>;

/// `u = beta * u + g`: one line of a rule.
template <class Target, Expression Value> struct assignment {
  using assignment_tag = void;
  using target = Target;
  Value value;
};

/// `x = 0.5`: the value of a term in one evaluation; a number or a batch of them.
template <class Term, class Value> struct binding {
  using binding_tag = void;
  Value value;
};

/// A literal in a formula. Its value is a member, so that it can be written in place; `frozen` moves it into the type.
struct number {
  using expression_tag = void;
  double value;
};

/// A number that is part of the type: what derivatives produce and simplification sees.
template <double Value> struct constant {
  using expression_tag = void;
  static constexpr double value = Value;
};

/// An expression as it is, a number as a literal.
template <Operand T> constexpr auto lift(T operand) {
  if constexpr (Expression<T>)
    return operand;
  else
    return number{static_cast<double>(operand)};
}

/// What assigning to a term, slot or hyper-parameter means: nothing is changed, a line of a rule or a binding is made.
template <class Target, class Value> constexpr auto assign(Value value) {
  if constexpr (Expression<Value>)
    return assignment<Target, Value>{value};
  else
    return binding<Target, Value>{value};
}

/// A named quantity; which one it is depends on where the formula is used.
template <fixed_string Name> struct term {
  using expression_tag = void;
  static constexpr auto name = Name;

  template <class Value> constexpr auto operator=(Value value) const { return assign<term>(value); }
};

/// A number per parameter that an optimizer remembers: `constexpr slot<"velocity"> u;`. Starts at 0 and is saved under
/// its name.
template <fixed_string Name> struct slot {
  using expression_tag = void;
  static constexpr auto name = Name;

  template <class Value> constexpr auto operator=(Value value) const { return assign<slot>(value); }
};

/// A number that is set at run time, read from a member of the object that owns the formula:
/// `constexpr hyper<&sgd::learning_rate> eta;`.
template <auto Member> struct hyper {
  using expression_tag = void;
  static constexpr auto member = Member;

  template <class Value>
    requires(!Expression<Value>)
  constexpr auto operator=(Value value) const {
    return assign<hyper>(value);
  }
};

/// A function (a tag of `lamina::functions`) applied to expressions.
template <class Function, class... Arguments> struct apply;

template <class Function, class A> struct apply<Function, A> {
  using expression_tag = void;
  A a;
};

template <class Function, class A, class B> struct apply<Function, A, B> {
  using expression_tag = void;
  A a;
  B b;
};

template <class Function, class A, class B, class C> struct apply<Function, A, B, C> {
  using expression_tag = void;
  A a;
  B b;
  C c;
};

inline constexpr term<"x"> x{};         ///< input of an activation
inline constexpr term<"y"> y{};         ///< output: of an activation, or of the network in a loss
inline constexpr term<"z"> z{};         ///< pre-activation
inline constexpr term<"t"> t{};         ///< target
inline constexpr term<"w"> w{};         ///< parameter
inline constexpr term<"g"> g{};         ///< gradient of the loss by the parameter
inline constexpr term<"step"> step{};   ///< number of the update, from 1; the same for all parameters
inline constexpr term<"norm"> norm{};   ///< Euclidean length of the whole gradient; the same for all parameters
inline constexpr term<"noise"> noise{}; ///< a draw of its own for every element, even in [0, 1)
inline constexpr term<"channel_noise"> channel_noise{}; ///< the same, one draw for all pixels of a sample's channel
inline constexpr term<"normal"> normal{}; ///< a draw of its own for every element, of the standard normal distribution

} // namespace lamina::terms

namespace lamina {
using terms::Expression;
using terms::hyper;
using terms::slot;
} // namespace lamina
