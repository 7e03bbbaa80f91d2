#pragma once
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <lamina/simd/random.hpp>

namespace lamina::simd {

namespace detail {

// The standard library's logarithm and cosine differ in their last bits between systems; sums written with fma, square
// root and division do not. Every sum below is an explicit fma, so that no compiler contracts one and another does not.

/// c[0] + c[1]·x + c[2]·x² …
template <std::size_t Count> [[gnu::always_inline]] inline double polynomial(const double (&c)[Count], double x) {
  double value = c[Count - 1];
#pragma GCC unroll 16
  for (std::size_t i = Count - 1; i > 0; --i) value = std::fma(value, x, c[i - 1]);
  return value;
}

/// ln x for 0 < x < 1: x = 2^e·m with m in [√½, √2), ln m = 2·artanh((m-1)/(m+1)).
inline double portable_log(double x) {
  static constexpr double artanh[] = {1,       1. / 3,  1. / 5,  1. / 7,  1. / 9,  1. / 11, 1. / 13,
                                      1. / 15, 1. / 17, 1. / 19, 1. / 21, 1. / 23, 1. / 25};
  const auto bits = std::bit_cast<std::uint64_t>(x);
  auto exponent = static_cast<double>(static_cast<std::int64_t>(bits >> 52) - 1023);
  double mantissa = std::bit_cast<double>((bits & 0x000FFFFFFFFFFFFFu) | 0x3FF0000000000000u);
  if (mantissa > 1.4142135623730951) mantissa *= 0.5, exponent += 1;
  const double s = (mantissa - 1) / (mantissa + 1);
  return std::fma(exponent, 0.69314718055994531, 2 * (s * polynomial(artanh, s * s)));
}

/// cos(2π·turn) for 0 <= turn < 1, by its series in the first quarter.
inline double portable_cosine(double turn) {
  static constexpr double cosine[] = {1,
                                      -1. / 2,
                                      1. / 24,
                                      -1. / 720,
                                      1. / 40320,
                                      -1. / 3628800,
                                      1. / 479001600,
                                      -1. / 87178291200,
                                      1. / 20922789888000,
                                      -1. / 6402373705728000,
                                      1. / 2432902008176640000,
                                      -1. / 1.1240007277776077e21,
                                      1. / 6.2044840173323944e23};
  double part = turn < 0.5 ? turn : 1 - turn;
  const bool mirrored = part > 0.25;
  if (mirrored) part = 0.5 - part;
  const double angle = part * 6.283185307179586, value = polynomial(cosine, angle * angle);
  return mirrored ? -value : value;
}

} // namespace detail

/// A number of the standard normal distribution.
///
/// Source: Box, Muller, "A note on the generation of random normal deviates", 1958.
template <class T> inline T normal(const random_stream& stream, std::uint64_t counter) {
  const std::uint64_t bits = stream.bits(counter);
  const double radius_at = (static_cast<double>(static_cast<std::uint32_t>(bits)) + 0.5) * 0x1p-32; // never 0
  const double turn = static_cast<double>(bits >> 32) * 0x1p-32;
  return static_cast<T>(std::sqrt(-2 * detail::portable_log(radius_at)) * detail::portable_cosine(turn));
}

} // namespace lamina::simd
