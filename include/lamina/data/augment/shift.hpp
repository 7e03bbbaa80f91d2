#pragma once
#include <cstdint>
#include <lamina/core/checked.hpp>
#include <lamina/data/augment/affine.hpp>
#include <lamina/simd/random.hpp>

namespace lamina::augment {

namespace detail {
struct whole_pixels {
  static constexpr const char* text = "a whole number from 0 to 65535";
  static constexpr bool holds(double v) { return v >= 0 && v <= 65535 && v == static_cast<int>(v); }
};
} // namespace detail

/// Moves the image by whole pixels, along and across, each from -pixels to pixels and all equally likely. What comes
/// in from outside is 0.
/// Errors: argument_error for pixels that are no whole number from 0 to 65535.
/// Example: `trainer.fit(train | augment::shift{2}, {.epochs = 10});`
struct shift {
  checked<"augment::shift: pixels", detail::whole_pixels> pixels = 2;

  affine move(const image&, const simd::random_stream& stream) const {
    const auto most = static_cast<std::int32_t>(pixels);
    const auto drawn = [&](std::uint64_t counter) {
      return static_cast<std::int32_t>(simd::bounded(stream, counter, 2u * static_cast<std::uint32_t>(most) + 1u));
    };
    return by(drawn(0) - most, drawn(1) - most);
  }

  /// To the right and down.
  static constexpr affine by(std::int32_t right, std::int32_t down) {
    return {.x0 = -static_cast<float>(right), .y0 = -static_cast<float>(down)};
  }
};

} // namespace lamina::augment
