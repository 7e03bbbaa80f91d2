#pragma once
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <lamina/core/checked.hpp>
#include <lamina/data/augment/image.hpp>
#include <lamina/data/augment/noise.hpp>
#include <lamina/simd/random.hpp>
#include <lamina/simd/resample.hpp>

namespace lamina::augment {

namespace detail {

/// How an elastic step moves each pixel: two fields of numbers drawn from -1 … 1 and smoothed, in memory that the
/// caller gives.
template <class Arch> class displacement {
  using V = simd::vector<float, Arch>;
  static constexpr std::size_t W = simd::width<float, Arch>;

public:
  static std::size_t scratch_size(const image& shape, double deviation) {
    const std::size_t r = reach(shape, deviation), stride = row_stride(shape);
    return 2 * shape.height * stride + 2 * (shape.height + 2 * r) * stride + 2 * (stride + 2 * r) + 2 * r + 1 +
           simd::alignment / sizeof(float);
  }

  displacement(const image& shape, double strength, double deviation, const simd::random_stream& stream, float* scratch)
      : stride_{row_stride(shape)}, strength_{static_cast<float>(strength)}, fields_{aligned(scratch)} {
    const std::size_t height = shape.height, r = reach(shape, deviation), padded = stride_ + 2 * r;
    float *const across = fields_ + 2 * height * stride_, *const drawn = across + 2 * (height + 2 * r) * stride_,
                 *const weights = drawn + 2 * padded;
    gaussian(weights, r, deviation);
    std::memset(across, 0, static_cast<std::size_t>(weights - across) * sizeof(float));
    for (std::size_t y = 0; y < height; ++y) {
      draw_row(y, shape.width, stream, drawn + r, drawn + r + padded);
      smooth(drawn, padded, 1, weights, 2 * r + 1, across + 2 * (r + y) * stride_);
    }
    for (std::size_t y = 0; y < height; ++y)
      smooth(across + 2 * y * stride_, stride_, 2 * stride_, weights, 2 * r + 1, fields_ + 2 * y * stride_);
  }

  /// How far to the right and down the places of pixels x, x + 1, … of row y are.
  simd::places<Arch> at(std::size_t x, std::size_t y) const {
    const float* const row = fields_ + 2 * y * stride_ + x;
    return {V::load_unaligned(row) * V(strength_), V::load_unaligned(row + stride_) * V(strength_)};
  }

private:
  // Loads across cache lines would take twice as long.
  static float* aligned(float* scratch) {
    const auto beyond = std::bit_cast<std::uintptr_t>(scratch) % simd::alignment;
    return scratch + (simd::alignment - beyond) % simd::alignment / sizeof(float);
  }
  // Rows of the two fields lie side by side and end where `resample` asks no more.
  static std::size_t row_stride(const image& shape) {
    return (shape.width + simd::resample_chunk - 1) / simd::resample_chunk * simd::resample_chunk;
  }
  // Three deviations; beyond the image there is nothing to smooth.
  static std::size_t reach(const image& shape, double deviation) {
    const std::size_t most = shape.height < shape.width ? shape.width : shape.height;
    return 3 * deviation < static_cast<double>(most) ? static_cast<std::size_t>(std::ceil(3 * deviation)) : most;
  }

  // 2·reach + 1 weights whose sum is 1.
  static void gaussian(float* weights, std::size_t reach, double deviation) {
    double sum = 0;
    for (std::size_t k = 0; k <= reach; ++k) {
      const double z = static_cast<double>(k) / deviation, weight = std::exp(-0.5 * z * z);
      sum += k == 0 ? weight : 2 * weight;
      weights[reach + k] = weights[reach - k] = static_cast<float>(weight);
    }
    for (std::size_t k = 0; k <= 2 * reach; ++k) weights[k] = static_cast<float>(weights[k] / sum);
  }

  // Row y of both fields. The counters are those of whole vectors, so that all widths draw the same.
  void draw_row(std::size_t y, std::size_t width, const simd::random_stream& stream, float* right, float* down) const {
    const auto even = [](const simd::vector<std::uint32_t, Arch>& bits) { // from -1 to below 1
      return xsimd::to_float(std::bit_cast<simd::vector<std::int32_t, Arch>>(bits)) * V(0x1p-31f);
    };
    for (std::size_t x = 0; x < stride_; x += W) {
      const auto words = simd::block<Arch>(stream, y * stride_ + x);
      even(words.first).store_unaligned(right + x);
      even(words.second).store_unaligned(down + x);
    }
    for (std::size_t x = width; x < stride_; ++x) right[x] = down[x] = 0;
  }

  // to[x] = Σₖ weights[k] · from[x + k·step], for a row of each field; those of `from` are `gap` apart.
  void smooth(const float* from, std::size_t gap, std::size_t step, const float* weights, std::size_t taps,
              float* to) const {
    for (std::size_t x = 0; x < stride_; x += W) {
      V right(0.f), down(0.f);
      const float* at = from + x;
      for (std::size_t k = 0; k < taps; ++k, at += step) {
        const V weight(weights[k]);
        right = simd::multiply_add(V::load_unaligned(at), weight, right);
        down = simd::multiply_add(V::load_unaligned(at + gap), weight, down);
      }
      right.store_unaligned(to + x);
      down.store_unaligned(to + x + stride_);
    }
  }

  std::size_t stride_;
  float strength_;
  float* fields_;
};

struct deviation_of_field {
  static constexpr const char* text = "a number of pixels from 0.1 to 1000000";
  static constexpr bool holds(double v) { return v >= 0.1 && v <= 1e6; }
};

} // namespace detail

/// Bends the image as rubber: every pixel is taken from a place nearby, strength · (G * u) pixels to the right and
/// strength · (G * v) down, where u and v are fields of numbers drawn evenly from -1 … 1, one a pixel, and G is a
/// Gaussian with this deviation in pixels, whose sum is 1 and which ends at three deviations. Pixels are interpolated
/// bilinearly; outside the image everything is 0. The defaults, which are the paper's for MNIST, move a pixel by 1.4 in
/// the root mean square, along and across.
/// Errors: argument_error for a strength outside 0 … 10⁶ or a deviation outside 0.1 … 10⁶.
/// Source: Simard, Steinkraus, Platt, "Best practices for convolutional neural networks applied to visual document
/// analysis", 2003. Example: `trainer.fit(train | augment::elastic{.strength = 20}, {.epochs = 10});`
struct elastic {
  checked<"augment::elastic: strength", detail::zero_to_million> strength = 34;
  checked<"augment::elastic: deviation", detail::deviation_of_field> deviation = 4;

  template <class Arch> static std::size_t scratch_size(const elastic& step, const image& shape) {
    return detail::displacement<Arch>::scratch_size(shape, step.deviation);
  }
  template <class Arch>
  detail::displacement<Arch> bend(const image& shape, const simd::random_stream& stream, float* scratch) const {
    return {shape, strength, deviation, stream, scratch};
  }
};

} // namespace lamina::augment
