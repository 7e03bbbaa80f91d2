#pragma once
#include <lamina/core/checked.hpp>
#include <lamina/simd/normals.hpp>
#include <lamina/simd/random.hpp>
#include <span>

namespace lamina::augment {

namespace detail {
struct zero_to_million {
  static constexpr const char* text = "a number from 0 to 1000000";
  static constexpr bool holds(double v) { return v >= 0 && v <= 1e6; }
};
} // namespace detail

/// Adds to every number of a sample, image or not, one of the normal distribution with mean 0 and this deviation.
/// Errors: argument_error for a deviation outside 0 … 10⁶.
/// Example: `trainer.fit(train | augment::noise{.deviation = 0.05f}, {.epochs = 10});`
struct noise {
  checked<"augment::noise: deviation", detail::zero_to_million> deviation = 0.1;

  template <class Arch = simd::default_arch>
  void operator()(std::span<float> sample, const simd::random_stream& stream) const {
    simd::add_normals<Arch>(stream, static_cast<float>(deviation), sample.data(), sample.size());
  }
};

} // namespace lamina::augment
