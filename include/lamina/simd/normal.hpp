#pragma once
#include <bit>
#include <cmath>
#include <cstdint>
#include <lamina/simd/random.hpp>

namespace lamina::simd {

namespace detail {

// The standard library's logarithm and cosine differ in their last bits between systems; sums written with fma, square
// root and division do not. Every sum below is an explicit fma, so that no compiler contracts one and another does not.

/// ln x for 0 < x < 1: x = 2^e·m with m in [√½, √2), ln m = 2·artanh((m-1)/(m+1)).
inline double portable_log(double x) {
  const auto bits = std::bit_cast<std::uint64_t>(x);
  auto exponent = static_cast<double>(static_cast<std::int64_t>(bits >> 52) - 1023);
  double mantissa = std::bit_cast<double>((bits & 0x000FFFFFFFFFFFFFu) | 0x3FF0000000000000u);
  if (mantissa > 1.4142135623730951) mantissa *= 0.5, exponent += 1;
  const double s = (mantissa - 1) / (mantissa + 1), square = s * s;
  double series = 1.0 / 25;
  for (int odd = 23; odd > 0; odd -= 2) series = std::fma(series, square, 1.0 / odd);
  const double log_mantissa = 2 * (s * series);
  return std::fma(exponent, 0.69314718055994531, log_mantissa);
}

/// cos(2π·turn) for 0 <= turn < 1, by its series in the first quarter.
inline double portable_cosine(double turn) {
  double part = turn < 0.5 ? turn : 1 - turn;
  const bool mirrored = part > 0.25;
  if (mirrored) part = 0.5 - part;
  const double angle = part * 6.283185307179586, square = angle * angle;
  double series = 1;
  for (int k = 24; k > 0; k -= 2) series = std::fma(series, -square / (k * (k - 1)), 1.0);
  return mirrored ? -series : series;
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
