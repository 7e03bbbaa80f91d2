#pragma once
#include <lamina/core/checked.hpp>
#include <lamina/data/augment/affine.hpp>
#include <lamina/simd/random.hpp>

namespace lamina::augment {

/// Mirrors the image, left to right, with this probability.
/// Errors: argument_error for a probability outside 0 … 1.
/// Example: `trainer.fit(train | shape<3, 32, 32> | augment::flip{}, {.epochs = 10});`
struct flip {
  fraction<"augment::flip: probability"> probability = 0.5;

  affine move(const image&, const simd::random_stream& stream) const {
    return simd::uniform<double>(stream, 0) < probability ? mirrored() : affine{};
  }

  /// Left to right.
  static constexpr affine mirrored() { return {.xx = -1}; }
};

} // namespace lamina::augment
