#pragma once
#include <lamina/expression/arithmetic.hpp>
#include <lamina/expression/math.hpp>

namespace lamina::functions {

/// A tag of one argument: `slope(a, r)` is its derivative, by the argument a or the result r, whichever is nicer.
template <class Function> struct unary : function<Function> {
  static constexpr auto chain(auto e, auto da) { return Function::slope(e.a, e) * da; }
};

struct greater : function<greater> {
  [[gnu::always_inline]] static constexpr auto of(auto a, auto b) { return a > b; }
  static constexpr auto chain(auto...) { return zero; }
};
struct greater_equal : function<greater_equal> {
  [[gnu::always_inline]] static constexpr auto of(auto a, auto b) { return a >= b; }
  static constexpr auto chain(auto...) { return zero; }
};
struct less : function<less> {
  [[gnu::always_inline]] static constexpr auto of(auto a, auto b) { return a < b; }
  static constexpr auto chain(auto...) { return zero; }
};
struct less_equal : function<less_equal> {
  [[gnu::always_inline]] static constexpr auto of(auto a, auto b) { return a <= b; }
  static constexpr auto chain(auto...) { return zero; }
};

struct select {
  template <class Condition, class V> [[gnu::always_inline]] static constexpr V of(Condition condition, V a, V b) {
    return math::choose(condition, a, b);
  }
  template <class Condition, class A, class B> static constexpr auto build(Condition condition, A a, B b) {
    if constexpr (is_same_expression<A, B>)
      return a;
    else
      return apply<select, Condition, A, B>{condition, a, b};
  }
  static constexpr auto chain(auto e, auto, auto da, auto db) { return build(e.a, da, db); }
};

/// max and min know their derivative by the result when one side is a number: the result is above it just when the
/// other side is. At a tie of two expressions each gets half, as in PyTorch.
struct max : function<max> {
  template <class V> [[gnu::always_inline]] static constexpr V of(V a, V b) { return math::max(a, b); }
  template <class E, class A, class B> static constexpr auto chain(E e, A da, B db) {
    if constexpr (is<B>(0))
      return select::build(greater::build(e, e.b), da, zero);
    else if constexpr (is<A>(0))
      return select::build(greater::build(e, e.a), db, zero);
    else
      return select::build(greater::build(e.a, e.b), da,
                           select::build(less::build(e.a, e.b), db, constant<0.5>{} * (da + db)));
  }
};
struct min : function<min> {
  template <class V> [[gnu::always_inline]] static constexpr V of(V a, V b) { return math::min(a, b); }
  template <class E, class A, class B> static constexpr auto chain(E e, A da, B db) {
    if constexpr (is<B>(0))
      return select::build(less::build(e, e.b), da, zero);
    else if constexpr (is<A>(0))
      return select::build(less::build(e, e.a), db, zero);
    else
      return select::build(less::build(e.a, e.b), da,
                           select::build(greater::build(e.a, e.b), db, constant<0.5>{} * (da + db)));
  }
};
struct clamp : function<clamp> {
  template <class V> [[gnu::always_inline]] static constexpr V of(V a, V low, V high) {
    return math::min(math::max(a, low), high);
  }
  static constexpr auto chain(auto e, auto da, auto, auto) {
    return select::build(greater::build(e, e.b), select::build(less::build(e, e.c), da, zero), zero);
  }
};

struct sign : unary<sign> {
  template <class V> [[gnu::always_inline]] static constexpr V of(V a) {
    const V none = math::convert<V>(0);
    return math::choose(a > none, math::convert<V>(1), math::choose(a < none, math::convert<V>(-1), none));
  }
  static constexpr auto slope(auto, auto) { return zero; }
};
struct abs : unary<abs> {
  [[gnu::always_inline]] static auto of(auto a) { return math::abs(a); }
  static constexpr auto slope(auto a, auto) {
    return select::build(greater::build(a, zero), one, select::build(less::build(a, zero), -one, zero));
  }
};
struct square : unary<square> {
  template <class A> static constexpr auto build(A a) {
    if constexpr (is_constant<A>)
      return constant<A::value * A::value>{};
    else
      return apply<square, A>{a};
  }
  template <class V> [[gnu::always_inline]] static constexpr V of(V a) { return a * a; }
  static constexpr auto slope(auto a, auto) { return constant<2.0>{} * a; }
};
struct sqrt : unary<sqrt> {
  [[gnu::always_inline]] static auto of(auto a) { return math::sqrt(a); }
  static constexpr auto slope(auto, auto r) { return constant<0.5>{} / r; }
};
struct rsqrt : unary<rsqrt> {
  template <class V> [[gnu::always_inline]] static V of(V a) { return math::convert<V>(1) / math::sqrt(a); }
  static constexpr auto slope(auto a, auto r) { return constant<-0.5>{} * (r / a); }
};
struct exp : unary<exp> {
  [[gnu::always_inline]] static auto of(auto a) { return math::exp(a); }
  static constexpr auto slope(auto, auto r) { return r; }
};
struct expm1 : unary<expm1> {
  [[gnu::always_inline]] static auto of(auto a) { return math::expm1(a); }
  static constexpr auto slope(auto, auto r) { return r + one; }
};
struct log : unary<log> {
  [[gnu::always_inline]] static auto of(auto a) { return math::log(a); }
  static constexpr auto slope(auto a, auto) { return one / a; }
};
struct log1p : unary<log1p> {
  [[gnu::always_inline]] static auto of(auto a) { return math::log1p(a); }
  static constexpr auto slope(auto a, auto) { return one / (a + one); }
};
struct tanh : unary<tanh> {
  [[gnu::always_inline]] static auto of(auto a) { return math::tanh(a); }
  static constexpr auto slope(auto, auto r) { return one - square::build(r); }
};
struct sigmoid : unary<sigmoid> {
  [[gnu::always_inline]] static auto of(auto a) { return math::sigmoid(a); }
  static constexpr auto slope(auto, auto r) { return r * (one - r); }
};
struct softplus : unary<softplus> {
  [[gnu::always_inline]] static auto of(auto a) { return math::softplus(a); }
  static constexpr auto slope(auto a, auto) { return sigmoid::build(a); }
};
struct erf : unary<erf> {
  [[gnu::always_inline]] static auto of(auto a) { return math::erf(a); }
  static constexpr auto slope(auto a, auto) {
    return constant<1.1283791670955126>{} * exp::build(-square::build(a)); // 2 / sqrt(pi)
  }
};
struct cos;
struct sin : unary<sin> {
  [[gnu::always_inline]] static auto of(auto a) { return math::sin(a); }
  template <class A> static constexpr auto slope(A a, auto) { return apply<cos, A>{a}; }
};
struct cos : unary<cos> {
  [[gnu::always_inline]] static auto of(auto a) { return math::cos(a); }
  static constexpr auto slope(auto a, auto) { return -sin::build(a); }
};

/// Small whole exponents and 1/2 become products and roots; the derivative by the exponent is taken too.
struct pow {
  [[gnu::always_inline]] static auto of(auto a, auto exponent) { return math::pow(a, exponent); }
  template <class A, class B> static constexpr auto build(A a, B exponent) {
    if constexpr (is<B>(0))
      return one;
    else if constexpr (is<B>(1))
      return a;
    else if constexpr (is<B>(2))
      return square::build(a);
    else if constexpr (is<B>(3))
      return a * square::build(a);
    else if constexpr (is<B>(4))
      return square::build(square::build(a));
    else if constexpr (is<B>(-1))
      return one / a;
    else if constexpr (is<B>(0.5))
      return sqrt::build(a);
    else
      return apply<pow, A, B>{a, exponent};
  }
  template <class E, class A, class B> static constexpr auto chain(E e, A da, B db) {
    const auto by_base = e.b * build(e.a, e.b - one) * da;
    if constexpr (is<B>(0))
      return by_base;
    else
      return by_base + e * log::build(e.a) * db;
  }
};

} // namespace lamina::functions
