#pragma once
#include <cmath>
#include <lamina/core/checked.hpp>
#include <lamina/data/augment/affine.hpp>
#include <lamina/simd/random.hpp>

namespace lamina::augment {

namespace detail {
struct half_turn {
  static constexpr const char* text = "degrees from 0 to 180";
  static constexpr bool holds(double v) { return v >= 0 && v <= 180; }
};
} // namespace detail

/// Turns the image about its centre by an angle drawn evenly from -degrees to degrees. Pixels are interpolated
/// bilinearly; what comes in from outside is 0.
/// Errors: argument_error for degrees outside 0 … 180.
/// Example: `trainer.fit(train | augment::rotate{15}, {.epochs = 10});`
struct rotate {
  checked<"augment::rotate: degrees", detail::half_turn> degrees = 15;

  affine move(const image&, const simd::random_stream& stream) const {
    return by(degrees * (2 * simd::uniform<double>(stream, 0) - 1));
  }

  /// A turn against the clock, in degrees.
  static affine by(double angle) {
    const double radians = angle * (3.14159265358979323846 / 180);
    const auto cosine = static_cast<float>(std::cos(radians)), sine = static_cast<float>(std::sin(radians));
    return {.xx = cosine, .xy = -sine, .yx = sine, .yy = cosine};
  }
};

} // namespace lamina::augment
