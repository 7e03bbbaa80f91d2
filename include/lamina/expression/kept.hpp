#pragma once
#include <lamina/expression/derivative.hpp>
#include <lamina/expression/sign.hpp>
#include <lamina/expression/substitute.hpp>

namespace lamina {

/// What the forward pass of an activation must keep for its backward pass.
enum class keeps { nothing, output, input };

namespace detail {

/// The condition `x > 0` as a condition on the output of `select(x > 0, a, b)`, if the branches have the signs that
/// make both the same; the condition as it is otherwise.
template <class Function, class A, class B, class Condition, class Output>
constexpr auto condition_by(Condition condition, Output output) {
  if constexpr (std::is_same_v<Condition, terms::apply<Function, terms::term<"x">, terms::constant<0.0>>> &&
                decides_sign<Function, A, B>)
    return Function::build(output, functions::zero);
  else
    return condition;
}

/// The derivative d of the formula e, with the formula's value `output` in place of what it determines: of e itself, of
/// u in e = c·u, and in each branch of a select, of that branch.
template <class D, class E, class Output> constexpr auto express_by(D d, E e, Output output) {
  using terms::apply;
  if constexpr (functions::is_constant<D>) {
    return d;
  } else if constexpr (functions::is_scaled<E>) {
    return express_by(substitute(d, e, output), e.b, functions::multiply::build(functions::one / e.a, output));
  } else if constexpr (functions::is_applied<functions::negate, E>) {
    return express_by(substitute(d, e, output), e.a, -output);
  } else if constexpr (functions::is_applied<functions::softplus, E>) { // σ(a) is 1 − e⁻ˢ with s = softplus(a)
    return substitute(substitute(d, e, output), functions::sigmoid::build(e.a), -functions::expm1::build(-output));
  } else if constexpr (functions::is_applied<functions::select, D> && functions::is_applied<functions::select, E>) {
    if constexpr (std::is_same_v<decltype(d.a), decltype(e.a)>) {
      using condition = decltype(function_of(e.a));
      return functions::select::build(condition_by<condition, decltype(e.b), decltype(e.c)>(e.a, output),
                                      express_by(d.b, e.b, output), express_by(d.c, e.c, output));
    } else {
      return substitute(d, e, output);
    }
  } else if constexpr (std::is_same_v<E, terms::term<"x">>) {
    return d; // an output that is the input: only a condition may use it, and it has been rewritten
  } else {
    return substitute(d, e, output);
  }
}

template <class E> struct backward_of {
  using by_input = derivative_t<E, terms::term<"x">>;
  using by_output = decltype(express_by(by_input{}, E{}, terms::y));
  static constexpr keeps value = !contains<by_input, terms::term<"x">>    ? keeps::nothing
                                 : !contains<by_output, terms::term<"x">> ? keeps::output
                                                                          : keeps::input;
  using type = std::conditional_t<value == keeps::output, by_output, by_input>;
};

} // namespace detail

/// What backward keeps of the activation with the frozen formula E in x: nothing if the derivative is a number, the
/// output if the derivative can be written with y alone (sigmoid: y (1 - y)), else the input.
template <Expression E> inline constexpr keeps kept = detail::backward_of<E>::value;

/// The derivative of the activation E to use in its backward pass: a frozen formula over x or over y as `kept` says.
template <Expression E> using backward_formula = typename detail::backward_of<E>::type;

} // namespace lamina
