#pragma once
#include <lamina/core/checked.hpp>
#include <lamina/data/augment/affine.hpp>
#include <lamina/simd/random.hpp>

namespace lamina::augment {

/// Makes the image larger or smaller about its centre, by a factor drawn evenly from 1 - fraction to 1 + fraction.
/// Pixels are interpolated bilinearly; what comes in from outside is 0.
/// Errors: argument_error for a fraction outside 0 … below 1.
/// Example: `trainer.fit(train | augment::scale{0.1}, {.epochs = 10});`
struct scale {
  below_one<"augment::scale: fraction"> fraction = 0.1;

  affine move(const image&, const simd::random_stream& stream) const {
    return by(1 + fraction * (2 * simd::uniform<double>(stream, 0) - 1));
  }

  /// `factor` times as large.
  static constexpr affine by(double factor) {
    const auto inverse = static_cast<float>(1 / factor);
    return {.xx = inverse, .yy = inverse};
  }
};

} // namespace lamina::augment
