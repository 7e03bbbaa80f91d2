#pragma once
#include <lamina/expression/formula.hpp>

namespace lamina::detail {

enum class sign { unknown, negative, not_positive, zero, not_negative, positive };

constexpr sign opposite(sign s) {
  switch (s) {
  case sign::negative:
    return sign::positive;
  case sign::not_positive:
    return sign::not_negative;
  case sign::not_negative:
    return sign::not_positive;
  case sign::positive:
    return sign::negative;
  default:
    return s;
  }
}

/// The sign of a product. A strict sign stays strict: a product that underflows is taken for what it stands for.
constexpr sign product(sign a, sign b) {
  if (a == sign::zero || b == sign::zero) return sign::zero;
  if (a == sign::unknown || b == sign::unknown) return sign::unknown;
  const bool flips = a == sign::negative || a == sign::not_positive;
  const bool strict = a == sign::negative || a == sign::positive;
  const sign result = flips ? opposite(b) : b;
  if (strict) return result;
  return result == sign::positive ? sign::not_negative : result == sign::negative ? sign::not_positive : result;
}

constexpr sign sign_of_number(double value) {
  return value > 0 ? sign::positive : value < 0 ? sign::negative : sign::zero;
}

/// The sign of an expression in x, given the sign of x; unknown for all but the simplest.
template <class E> struct sign_of {
  static constexpr sign given(sign) { return sign::unknown; }
};
template <> struct sign_of<terms::term<"x">> {
  static constexpr sign given(sign x) { return x; }
};
template <double Value> struct sign_of<terms::constant<Value>> {
  static constexpr sign given(sign) { return sign_of_number(Value); }
};
template <class A, class B> struct sign_of<terms::apply<functions::multiply, A, B>> {
  static constexpr sign given(sign x) { return product(sign_of<A>::given(x), sign_of<B>::given(x)); }
};
template <class A> struct sign_of<terms::apply<functions::negate, A>> {
  static constexpr sign given(sign x) { return opposite(sign_of<A>::given(x)); }
};
/// Odd-signed functions: f(a) has the sign of a.
template <class A> struct sign_of<terms::apply<functions::expm1, A>> : sign_of<A> {};
template <class A> struct sign_of<terms::apply<functions::tanh, A>> : sign_of<A> {};
template <class A> struct sign_of<terms::apply<functions::erf, A>> : sign_of<A> {};
template <class A> struct sign_of<terms::apply<functions::log1p, A>> : sign_of<A> {};

/// The sign of x where `x Function 0` holds, and where it does not.
template <class Function> inline constexpr sign where = sign::unknown;
template <> inline constexpr sign where<functions::greater> = sign::positive;
template <> inline constexpr sign where<functions::greater_equal> = sign::not_negative;
template <> inline constexpr sign where<functions::less> = sign::negative;
template <> inline constexpr sign where<functions::less_equal> = sign::not_positive;

constexpr sign complement(sign s) {
  switch (s) {
  case sign::positive:
    return sign::not_positive;
  case sign::not_negative:
    return sign::negative;
  case sign::negative:
    return sign::not_negative;
  case sign::not_positive:
    return sign::positive;
  default:
    return sign::unknown;
  }
}

constexpr bool implies(sign s, sign wanted) {
  return s == wanted || (wanted == sign::not_negative && (s == sign::positive || s == sign::zero)) ||
         (wanted == sign::not_positive && (s == sign::negative || s == sign::zero));
}

/// Whether `select(x Function 0, A, B)` satisfies `… Function 0` just where x does.
template <class Function, class A, class B>
inline constexpr bool decides_sign =
    where<Function> != sign::unknown && implies(sign_of<A>::given(where<Function>), where<Function>) &&
    implies(sign_of<B>::given(complement(where<Function>)), complement(where<Function>));

} // namespace lamina::detail
