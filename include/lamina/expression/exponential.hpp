#pragma once
#include <lamina/expression/value.hpp>

/// exp and expm1 of float: a = k log 2 + r, |r| <= log(2) / 2, eʳ - 1 by a polynomial (minimax by the relative error of
/// expm1, 0.1 ulp before rounding).
namespace lamina::math {

template <class V> struct exp_parts {
  V k;         // how often log 2 goes into the argument
  V expm1;     // of the rest
  V k_in_bits; // k once more, in the last bits
};

template <class V> [[gnu::always_inline]] inline exp_parts<V> reduce_exp(V a) {
  const auto c = [](float value) { return convert<V>(value); };
  const V magic = c(12582912.f); // 1.5 · 2²³: adding it rounds to a whole number and leaves that in the last bits
  const V sum = math::fma(a, c(1.44269504f), magic);
  const V k = sum - magic;
  // log 2 in two parts, of which the first has few bits, so that k times it is exact
  const V r = math::fma(k, c(-1.42860677e-6f), math::fma(k, c(-0.693145752f), a));
  const V r2 = r * r;
  const V low = math::fma(r, c(0.16666542f), c(0.49999997f));
  const V middle = math::fma(r, c(0.00836669188f), c(0.0416672044f));
  const V high = math::fma(r2, c(0.00138824887f), middle);
  return {k, math::fma(r2, math::fma(r2, high, low), r), sum};
}

/// eᵃ; results below the smallest normal number are 0.
template <class V>
  requires std::same_as<scalar_t<V>, float>
[[gnu::always_inline]] inline V exp_float(V a) {
  const exp_parts<V> parts = reduce_exp(a);
  const auto scaled = wrapped_sum(to_bits(convert<V>(1.f) + parts.expm1), shift_up(to_bits(parts.k_in_bits), 23));
  const V infinity = convert<V>(std::bit_cast<float>(0x7f800000));
  const V bounded = choose(a <= convert<V>(88.7228394f), from_bits<V>(scaled), a + infinity); // NaN stays NaN
  return choose(a < convert<V>(-87.3365402f), convert<V>(0.f), bounded);
}

/// eᵃ - 1, exact near 0.
template <class V>
  requires std::same_as<scalar_t<V>, float>
[[gnu::always_inline]] inline V expm1_float(V a) {
  // Below -18 the result is -1; above 89 it overflows, which it does here by doubling.
  const V bounded = math::min(math::max(a, convert<V>(-18.f)), convert<V>(89.f));
  const exp_parts<V> parts = reduce_exp(bounded);
  using I = typename bits_of<V>::type;
  const V half_scale = from_bits<V>(shift_up(wrapped_sum(to_bits(parts.k_in_bits), I(126)), 23)); // 2^(k - 1)
  const V half = math::fma(parts.expm1, half_scale, half_scale - convert<V>(0.5f));
  return half + half;
}

} // namespace lamina::math
