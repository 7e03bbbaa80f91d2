#pragma once
#include <lamina/expression/value.hpp>

/// log and log1p of float: a = 2ᵏ (1 + f), √½ <= 1 + f < √2, and with s = f / (2 + f)
/// log(1 + f) = f - f²/2 + s (f²/2 + s² R(s²)), where the rounding of s is small against f.
namespace lamina::math {

/// k log 2 + log(1 + f).
template <class V> [[gnu::always_inline]] inline V log_of_parts(V k, V f) {
  const auto c = [](float value) { return convert<V>(value); };
  const V s = f / (f + c(2.f));
  const V z = s * s, half_square = c(0.5f) * f * f;
  const V tail = z * math::fma(z, math::fma(z, c(0.298710048f), c(0.399775714f)), c(0.666667759f));
  const V rest = math::fma(s, half_square + tail, k * c(9.05800061e-6f)) - half_square;
  return math::fma(k, c(0.693138123f), rest + f);
}

/// The natural logarithm: -inf at 0, NaN below.
template <class V>
  requires std::same_as<scalar_t<V>, float>
[[gnu::always_inline]] inline V log_float(V a) {
  using I = typename bits_of<V>::type;
  const auto tiny = a < convert<V>(1.17549435e-38f);
  const V normal = choose(tiny, a * convert<V>(33554432.f), a);
  const I bits = to_bits(normal);
  const I exponent = wrapped_sum(bits, I(-0x3f3504f3)) >> 23;
  const V f = from_bits<V>(wrapped_difference(bits, shift_up(exponent, 23))) - convert<V>(1.f);
  const V k = choose(tiny, as_floating<V>(exponent) - convert<V>(25.f), as_floating<V>(exponent));
  const V infinity = convert<V>(std::bit_cast<float>(0x7f800000));
  const V finite = choose(a < infinity, log_of_parts(k, f), a); // inf and NaN
  const V zero = convert<V>(0.f);
  return choose(a > zero, finite, choose(a == zero, -infinity, (a - a) / zero));
}

/// log(1 + a) for 0 <= a <= 1: what softplus needs, without a look at the bits.
template <class V>
  requires std::same_as<scalar_t<V>, float>
[[gnu::always_inline]] inline V log1p_of_share(V a) {
  const auto large = a > convert<V>(0.41421356f); // √2 - 1
  const V half = convert<V>(0.5f);
  return log_of_parts(choose(large, convert<V>(1.f), convert<V>(0.f)), choose(large, math::fma(a, half, -half), a));
}

/// log(1 + a), exact near 0.
template <class V>
  requires std::same_as<scalar_t<V>, float>
[[gnu::always_inline]] inline V log1p_float(V a) {
  using I = typename bits_of<V>::type;
  const V one = convert<V>(1.f), sum = one + a;
  const V lost = choose(a < one, a - (sum - one), one - (sum - a)); // by the rounding of the sum
  const I bits = to_bits(sum);
  const I exponent = wrapped_sum(bits, I(-0x3f3504f3)) >> 23;
  const I moved = shift_up(exponent, 23);
  const V inverse = from_bits<V>(wrapped_difference(I(0x3f800000), moved)); // 2^-k
  const V f = math::fma(lost, inverse, from_bits<V>(wrapped_difference(bits, moved)) - one);
  const V infinity = convert<V>(std::bit_cast<float>(0x7f800000));
  const V finite = choose(sum < infinity, log_of_parts(as_floating<V>(exponent), f), sum);
  const V zero = convert<V>(0.f);
  const V inside = choose(sum > zero, finite, choose(sum == zero, -infinity, (a - a) / zero));
  return choose(a == zero, a, inside); // -0
}

} // namespace lamina::math
