#pragma once
#include <concepts>
#include <cstddef>
#include <cstring>
#include <lamina/data/augment/affine.hpp>
#include <lamina/data/augment/image.hpp>
#include <lamina/simd/random.hpp>
#include <span>
#include <type_traits>

namespace lamina::augment {

/// A step that moves the image as a whole.
template <class S>
concept MovesImage = requires(const S step, const image& shape, const simd::random_stream& stream) {
  { step.move(shape, stream) } -> std::same_as<affine>;
};
/// A step that moves every pixel on its own.
template <class S>
concept BendsImage = requires(const S step, const image& shape, const simd::random_stream& stream, float* scratch) {
  step.template bend<simd::default_arch>(shape, stream, scratch);
};
/// A step that changes a sample's numbers; a function of your own is one.
template <class S>
concept ChangesNumbers = std::is_invocable_v<const S&, std::span<float>, const simd::random_stream&>;
/// What may stand behind a data set: `train | step`.
template <class S>
concept Step = MovesImage<S> || BendsImage<S> || ChangesNumbers<S>;

namespace detail {

/// A sample on its way through the steps. Moves are gathered and carried out as one when something else follows, so
/// that an image is interpolated once and nothing is lost at its border in between.
template <class Arch> class canvas {
public:
  canvas(const float* sample, std::size_t size, const image& shape, float* to, float* scratch)
      : from_{sample}, to_{to}, scratch_{scratch}, size_{size}, shape_{shape} {}

  /// Numbers of scratch that a step needs in all.
  template <class S> static std::size_t scratch_size(const S& step, const image& shape) {
    if constexpr (BendsImage<S>)
      return bordered(shape) + S::template scratch_size<Arch>(step, shape);
    else if constexpr (MovesImage<S>)
      return bordered(shape);
    else
      return 0;
  }

  template <class S> void apply(const S& step, const simd::random_stream& stream) {
    if constexpr (MovesImage<S>) {
      move_ = move_.then(step.move(shape_, stream));
    } else if constexpr (BendsImage<S>) {
      using V = simd::vector<float, Arch>;
      const auto bent = step.template bend<Arch>(shape_, stream, scratch_ + bordered(shape_));
      const moved_places<Arch> moved{move_, shape_};
      resample([&](std::size_t x, std::size_t y) {
        const simd::places<Arch> by = bent.at(x, y);
        return moved.from({moved_places<Arch>::columns(x) + by.x, V(static_cast<float>(y)) + by.y});
      });
    } else {
      settle();
      step(std::span<float>{to_, size_}, stream);
    }
  }

  /// The sample as it is now stands in `to`.
  void settle() {
    if (move_.is_shift() && move_ != affine{})
      shift();
    else if (move_ != affine{})
      resample(moved_places<Arch>{move_, shape_});
    else if (from_ != to_)
      std::memcpy(to_, from_, size_ * sizeof(float));
    from_ = to_;
  }

private:
  static std::size_t bordered(const image& shape) {
    return shape.channels * simd::bordered_size(shape.height, shape.width);
  }
  void shift() {
    const std::size_t plane = shape_.height * shape_.width, all = shape_.channels * plane;
    if (from_ == to_) from_ = static_cast<const float*>(std::memcpy(scratch_, from_, all * sizeof(float)));
    for (std::size_t first = 0; first < all; first += plane)
      simd::shift(from_ + first, shape_.height, shape_.width, -static_cast<std::ptrdiff_t>(move_.x0),
                  -static_cast<std::ptrdiff_t>(move_.y0), to_ + first);
    move_ = {};
  }
  template <class Places> void resample(const Places& places) {
    const std::size_t height = shape_.height, width = shape_.width;
    for (std::size_t c = 0; c < shape_.channels; ++c)
      simd::add_border(from_ + c * height * width, height, width, scratch_ + c * simd::bordered_size(height, width));
    simd::resample<Arch>(scratch_, shape_.channels, height, width, places, to_);
    from_ = to_;
    move_ = {};
  }

  const float* from_;
  float *to_, *scratch_;
  std::size_t size_;
  const image& shape_;
  affine move_;
};

} // namespace detail

} // namespace lamina::augment
