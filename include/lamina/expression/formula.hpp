#pragma once
#include <lamina/expression/functions.hpp>

/// The functions that formulas are written with; argument-dependent lookup finds them.
namespace lamina::terms {

/// |a|; the derivative at 0 is 0
template <Expression A> constexpr auto abs(A a) { return functions::abs::build(a); }
/// -1, 0 or 1
template <Expression A> constexpr auto sign(A a) { return functions::sign::build(a); }
/// a²
template <Expression A> constexpr auto square(A a) { return functions::square::build(a); }
/// √a
template <Expression A> constexpr auto sqrt(A a) { return functions::sqrt::build(a); }
/// 1 / √a
template <Expression A> constexpr auto rsqrt(A a) { return functions::rsqrt::build(a); }
/// eᵃ
template <Expression A> constexpr auto exp(A a) { return functions::exp::build(a); }
/// eᵃ - 1, exact near 0
template <Expression A> constexpr auto expm1(A a) { return functions::expm1::build(a); }
/// natural logarithm
template <Expression A> constexpr auto log(A a) { return functions::log::build(a); }
/// log(1 + a), exact near 0
template <Expression A> constexpr auto log1p(A a) { return functions::log1p::build(a); }
/// hyperbolic tangent
template <Expression A> constexpr auto tanh(A a) { return functions::tanh::build(a); }
/// 1 / (1 + e⁻ᵃ)
template <Expression A> constexpr auto sigmoid(A a) { return functions::sigmoid::build(a); }
/// log(1 + eᵃ), without overflow
template <Expression A> constexpr auto softplus(A a) { return functions::softplus::build(a); }
/// error function
template <Expression A> constexpr auto erf(A a) { return functions::erf::build(a); }
/// sine
template <Expression A> constexpr auto sin(A a) { return functions::sin::build(a); }
/// cosine
template <Expression A> constexpr auto cos(A a) { return functions::cos::build(a); }
/// The greater one; the derivative of `max(a, 0)` at 0 is 0.
template <Operand A, Operand B>
  requires(Expression<A> || Expression<B>)
constexpr auto max(A a, B b) {
  return functions::max::build(lift(a), lift(b));
}
/// The smaller one.
template <Operand A, Operand B>
  requires(Expression<A> || Expression<B>)
constexpr auto min(A a, B b) {
  return functions::min::build(lift(a), lift(b));
}
/// aᵇ; the exponent is a number, or the same for all elements.
template <Expression A, Operand B> constexpr auto pow(A a, B exponent) {
  return functions::pow::build(a, lift(exponent));
}
template <class A, Expression B>
  requires std::is_arithmetic_v<A>
constexpr auto pow(A a, B exponent) {
  return functions::pow::build(lift(a), exponent);
}
/// a, but not below `low` nor above `high`; the derivative is 0 at both.
template <Expression A, Operand Low, Operand High> constexpr auto clamp(A a, Low low, High high) {
  return functions::clamp::build(a, lift(low), lift(high));
}
/// `condition ? a : b`, where the condition is a comparison: `select(x > 0, x, expm1(x))`. Both are evaluated.
template <Expression Condition, Operand A, Operand B> constexpr auto select(Condition condition, A a, B b) {
  return functions::select::build(condition, lift(a), lift(b));
}
template <Operand A, Operand B>
  requires(Expression<A> || Expression<B>)
constexpr auto operator>(A a, B b) {
  return functions::greater::build(lift(a), lift(b));
}
template <Operand A, Operand B>
  requires(Expression<A> || Expression<B>)
constexpr auto operator>=(A a, B b) {
  return functions::greater_equal::build(lift(a), lift(b));
}
template <Operand A, Operand B>
  requires(Expression<A> || Expression<B>)
constexpr auto operator<(A a, B b) {
  return functions::less::build(lift(a), lift(b));
}
template <Operand A, Operand B>
  requires(Expression<A> || Expression<B>)
constexpr auto operator<=(A a, B b) {
  return functions::less_equal::build(lift(a), lift(b));
}

} // namespace lamina::terms
