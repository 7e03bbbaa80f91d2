#include <catch.hpp>
#include <cmath>
#include <lamina/expression/derivative.hpp>
#include <lamina/expression/evaluate.hpp>
#include <lamina/expression/substitute.hpp>

namespace la = lamina;
using namespace la::terms;

template <auto E> using frozen = la::frozen<E>;
template <auto E> using by_x = la::derivative_t<la::frozen<E>, term<"x">>;
template <class A, class B> constexpr bool same = std::is_same_v<A, B>;
template <double Value> constexpr constant<Value> c{};

// What types say is simplified, and no more.
static_assert(same<frozen<x * 1>, term<"x">>);
static_assert(same<frozen<1 * x>, term<"x">>);
static_assert(same<frozen<x + 0>, term<"x">>);
static_assert(same<frozen<0 + x>, term<"x">>);
static_assert(same<frozen<x - 0>, term<"x">>);
static_assert(same<frozen<0 * x>, constant<0.0>>);
static_assert(same<frozen<-(-x)>, term<"x">>);
static_assert(same<frozen<0 - x>, frozen<-x>>);
static_assert(same<frozen<x - (-y)>, frozen<x + y>>);
static_assert(same<frozen<x + (-y)>, frozen<x - y>>);
static_assert(same<frozen<2 * (3 * x)>, frozen<6 * x>>);
static_assert(same<frozen<x * 2>, frozen<2 * x>>);
static_assert(same<frozen<x / 4>, frozen<0.25 * x>>);
static_assert(same<frozen<-(2 * x)>, frozen<-2 * x>>);
static_assert(same<frozen<pow(x, 2)>, frozen<square(x)>>);
static_assert(same<frozen<pow(x, 0.5)>, frozen<sqrt(x)>>);
static_assert(same<frozen<select(x > 0, x, x)>, term<"x">>);
static_assert(!same<frozen<x * y>, frozen<y * x>>);
static_assert(!same<frozen<x * 1.5>, frozen<x * 1.25>>);

static_assert(same<by_x<x>, constant<1.0>>);
static_assert(same<by_x<y>, constant<0.0>>);
static_assert(same<by_x<3 * x + 2>, constant<3.0>>);
static_assert(same<by_x<square(x)>, frozen<2 * x>>);
static_assert(same<by_x<x * x>, frozen<2 * x>>);
static_assert(same<by_x<tanh(x)>, frozen<1 - square(tanh(x))>>);
static_assert(same<by_x<sigmoid(x)>, frozen<sigmoid(x) * (1 - sigmoid(x))>>);
static_assert(same<by_x<exp(y)>, constant<0.0>>);

static_assert(same<la::substitute_t<frozen<tanh(x) * tanh(x)>, frozen<tanh(x)>, term<"y">>, decltype(y * y)>);
static_assert(same<la::substitute_t<frozen<x * y>, term<"y">, constant<1.0>>, term<"x">>);
static_assert(la::contains<frozen<exp(2 * x)>, term<"x">> && !la::contains<frozen<exp(2 * x)>, term<"y">>);
static_assert(la::contains<frozen<exp(2 * x)>, frozen<2 * x>>);
// The gradient's product with a choice is a choice.
static_assert(same<decltype(g * by_x<max(x, 0)>{}), decltype(select(max(x, c<0.0>) > c<0.0>, g, c<0.0>))>);

template <auto E> void check_slope(const char* text, double at) {
  const double h = 1e-4;
  const auto value = [](double v) { return la::evaluate(E, x = v, y = 0.7, t = -1.25); };
  const double difference = (8 * (value(at + h) - value(at - h)) - (value(at + 2 * h) - value(at - 2 * h))) / (12 * h);
  INFO(text << " at " << at);
  CHECK(la::evaluate(la::derivative(E, x), x = at, y = 0.7, t = -1.25) ==
        Approx(difference).epsilon(1e-8).margin(1e-9));
  CHECK(la::evaluate<by_x<E>>(x = at, y = 0.7, t = -1.25) == Approx(difference).epsilon(1e-8).margin(1e-9));
}

TEST_CASE("the derivative of every function is its central difference") {
  for (double at : {0.21, 0.9, 1.7, 3.3}) {
    check_slope<exp(-2 * x)>("exp", at);
    check_slope<expm1(x * y)>("expm1", at);
    check_slope<log(3 * x)>("log", at);
    check_slope<log1p(square(x))>("log1p", at);
    check_slope<sqrt(x + 1)>("sqrt", at);
    check_slope<rsqrt(x + 1)>("rsqrt", at);
    check_slope<pow(x, 2.7)>("pow", at);
    check_slope<pow(x, -1)>("pow -1", at);
    check_slope<pow(x, 3)>("pow 3", at);
    check_slope<pow(x, 4)>("pow 4", at);
    check_slope<pow(y, x)>("pow of the exponent", at);
    check_slope<pow(2, x)>("pow of 2", at);
    check_slope<abs(x - 1)>("abs", at);
    check_slope<sin(x) * cos(2 * x)>("sin cos", at);
    check_slope<erf(x)>("erf", at);
    check_slope<softplus(-x)>("softplus", at);
    check_slope<(x - y) / (1 + square(x - t))>("quotient", at);
    check_slope<y / x>("inverse", at);
    check_slope<min(x, 1) + max(y, x)>("min max", at);
    check_slope<clamp(x, 0.5, 2)>("clamp", at);
    check_slope<select(x <= 1, square(x), x - y)>("select", at);
    check_slope<sign(x) * x>("sign", at);
  }
}

TEST_CASE("literals that are known only when the program runs keep their value") {
  double factor = 1;
  for (int i = 0; i < 3; ++i) factor += 0.25;
  CHECK(la::evaluate(la::derivative(factor * square(x), x), x = 2.0) == 4 * factor);
}

TEST_CASE("an evaluation is of the type of its bindings") {
  static_assert(std::is_same_v<decltype(la::evaluate(2.5 * x, x = 1.f)), float>);
  static_assert(std::is_same_v<decltype(la::evaluate(2.5 * x, x = 1)), double>);
  static_assert(std::is_same_v<decltype(la::evaluate(x * y, x = 1.f, y = 1.)), double>);
  using V = xsimd::batch<float>;
  static_assert(std::is_same_v<decltype(la::evaluate(x * y, x = 2.0, y = V(1.f))), V>);
  static_assert(la::evaluate(2.5 * x + square(y), x = 2.0, y = 3.0) == 14); // a constant expression, where it can be
  CHECK(la::evaluate(0.1 * x, x = 1.f) == 0.1f);                            // the literal is rounded, not the product
  const double slope = la::evaluate(la::derivative(square(x) + tanh(x), x), x = 0.5);
  CHECK(std::abs(slope - (1.0 + 1 - std::pow(std::tanh(0.5), 2))) < 1e-15);
}
