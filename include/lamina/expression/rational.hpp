#pragma once
#include <lamina/expression/value.hpp>

/// tanh and erf of float as x P(x²) / Q(x²), with coefficients fitted by tests/expression/fit_tanh.py; tanh's were
/// walked on, by units in their last places, against every float where errors are large. Below the clamp the error is
/// that of rounding, above it the result rounds to 1. The bounds hold for all floats, where multiply-add is one
/// rounding.
namespace lamina::math {

/// (c0 + c1 u) + u² (c2 + …), in pairs: short chains of dependent operations.
template <class V> [[gnu::always_inline]] inline V polynomial(V u, V u2, float c0, float c1, float c2, float c3) {
  const auto c = [](float value) { return convert<V>(value); };
  return math::fma(u2, math::fma(u, c(c3), c(c2)), math::fma(u, c(c1), c(c0)));
}
template <class V>
[[gnu::always_inline]] inline V polynomial(V u, V u2, float c0, float c1, float c2, float c3, float c4) {
  const auto c = [](float value) { return convert<V>(value); };
  return math::fma(u2, math::fma(u2, c(c4), math::fma(u, c(c3), c(c2))), math::fma(u, c(c1), c(c0)));
}
template <class V>
[[gnu::always_inline]] inline V polynomial(V u, V u2, float c0, float c1, float c2, float c3, float c4, float c5) {
  const auto c = [](float value) { return convert<V>(value); };
  return math::fma(u2, polynomial(u, u2, c2, c3, c4, c5), math::fma(u, c(c1), c(c0)));
}
/// c0 + … + c3 u³ + u⁴ likewise: u + c3 is made beside the multiplier.
template <class V> [[gnu::always_inline]] inline V monic(V u, V u2, float c0, float c1, float c2, float c3) {
  const auto c = [](float value) { return convert<V>(value); };
  return math::fma(u2, math::fma(u, u + c(c3), c(c2)), math::fma(u, c(c1), c(c0)));
}

/// Between -limit and limit; NaN stays NaN.
template <class V> [[gnu::always_inline]] inline V within(V a, float limit) {
  return math::min(math::max(a, convert<V>(-limit)), convert<V>(limit));
}

/// Hyperbolic tangent; at most 4.94 ulp, and exact for tiny arguments, since P(0) = Q(0) = 1. At the clamp the quotient
/// is exactly 1, however multiply-add rounds; below it, it is nowhere more than 1 where that is one rounding, so that
/// the result needs no clamp of its own there.
template <class V>
  requires std::same_as<scalar_t<V>, float>
[[gnu::always_inline]] inline V tanh_float(V a) {
  const V x = within(a, 8.06456566f), u = x * x, u2 = u * u;
  const V p = polynomial(u, u2, 1.f, 0.134275556f, 0.0035511395f, 2.15399596e-05f, 1.46904231e-08f);
  const V q = polynomial(u, u2, 1.f, 0.467608809f, 0.0260875225f, 0.000337712845f, 8.31264742e-07f);
  if constexpr (fuses<V>)
    return x * p / q;
  else
    return within(x * p / q, 1.f);
}

/// scale · tanh(a / K) / K for gates, K a power of 2, by tests/expression/fit_gate.py and walked on as tanh was. A step
/// waits for its gates and for the multiplier: a numerator of one degree less leaves time to multiply x in while the
/// denominator is on its way, and Q rather than P is without a factor, which saves a multiplication.
template <int K, class V> [[gnu::always_inline]] inline V gate_float(V scale, V a) {
  constexpr float k = K * K;
  const V x = within(a, K * 8.1094265f), u = x * x, u2 = u * u;
  const V p = polynomial(u, u2, k * k * k * 4363334.5f, k * k * 561833.f, k * 12649.8877f, 47.5211868f);
  const V q = monic(u, u2, k * k * k * k * 4363340.f, k * k * k * 2016262.75f, k * k * 102975.539f, k * 1010.00482f);
  return scale * x * p / q;
}

/// scale · tanh(a) for gates, to 4.6e-7 of scale.
template <class V>
  requires std::same_as<scalar_t<V>, float>
[[gnu::always_inline]] inline V gate_tanh_float(V scale, V a) {
  return gate_float<1>(scale, a);
}

/// σ(a) − ½ = tanh(a/2)/2 for gates, to 2.6e-7: σ is never more than 1, or what it keeps would grow, and exactly 1 from
/// the clamp on.
template <class V>
  requires std::same_as<scalar_t<V>, float>
[[gnu::always_inline]] inline V gate_less_half_float(V a) {
  const V y = gate_float<2>(convert<V>(1), a);
  if constexpr (fuses<V>)
    return y;
  else
    return within(y, 0.5f);
}

/// Error function; at most 5.6 ulp.
template <class V>
  requires std::same_as<scalar_t<V>, float>
[[gnu::always_inline]] inline V erf_float(V a) {
  const V x = within(a, 3.85f), u = x * x, u2 = u * u;
  const V p =
      polynomial(u, u2, 1.12837923f, 0.188014224f, 0.0524942875f, 0.00367840147f, 0.000285671995f, 2.10619146e-06f);
  const V q = polynomial(u, u2, 1.f, 0.49995625f, 0.113176167f, 0.014794372f, 0.00114636729f, 3.87097971e-05f);
  return within(x * p / q, 1.f);
}

} // namespace lamina::math
