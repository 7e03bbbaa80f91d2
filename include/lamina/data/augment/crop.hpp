#pragma once
#include <lamina/core/checked.hpp>
#include <lamina/data/augment/affine.hpp>
#include <lamina/data/augment/shift.hpp>
#include <lamina/simd/random.hpp>

namespace lamina::augment {

/// Puts so many pixels of 0 around the image and cuts one of its own size out of that, every place equally likely: what
/// `shift` of as many pixels does, under the name that recipes for CIFAR have for it.
/// Errors: argument_error for a padding that is no whole number from 0 to 65535.
/// Source: He, Zhang, Ren, Sun, "Deep residual learning for image recognition", 2016, section 4.2.
/// Example: `trainer.fit(train | shape<3, 32, 32> | augment::crop{4} | augment::flip{}, {.epochs = 10});`
struct crop {
  checked<"augment::crop: padding", detail::whole_pixels> padding = 4;

  affine move(const image& shape, const simd::random_stream& stream) const {
    return shift{static_cast<double>(padding)}.move(shape, stream);
  }
};

} // namespace lamina::augment
