#pragma once
#include <cstddef>
#include <cstdint>
#include <lamina/core/shape.hpp>
#include <lamina/data/augment/canvas.hpp>
#include <lamina/data/dataset.hpp>
#include <lamina/simd/random.hpp>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace lamina {

/// A data set whose samples are drawn anew whenever they are trained on: `train | augment::shift{2} |
/// augment::noise{.deviation = 0.05f}`. Steps apply in the order they are written; moves that follow one another are
/// carried out as one. Targets stay as they are. A step of your own is a function
/// `void(std::span<float> sample, const simd::random_stream&)`.
///
/// What is drawn is a pure function of the model's seed, the epoch and the sample: the same in every run and for every
/// batch size, and a run that is resumed needs no state. Measuring (`accuracy`, `.validation`) takes the data set
/// beneath, never an augmented one.
/// Errors: argument_error where a step that moves pixels is put behind samples that are no image.
/// Example: tests/data/augment.cpp.
template <class Target, class... Steps> class augmented {
  using canvas = augment::detail::canvas<simd::default_arch>;
  static constexpr bool needs_image = ((augment::MovesImage<Steps> || augment::BendsImage<Steps>) || ...);

public:
  /// Takes a view of the samples. An image that is not known is the square that fits.
  augmented(dataset<Target> samples, const augment::image& shape, std::tuple<Steps...> steps)
      : samples_{std::move(samples)}, image_{shape}, steps_{std::move(steps)} {
    if (shape.height + shape.width != 0 || shape.channels != 1)
      augment::detail::require_covers(shape, samples_.input_size());
    if constexpr (needs_image) image_ = augment::detail::image_of(image_, samples_.input_size());
  }

  /// The data set beneath.
  const dataset<Target>& samples() const { return samples_; }
  const augment::image& shape() const { return image_; }
  const std::tuple<Steps...>& steps() const { return steps_; }

  /// Numbers of scratch memory that `draw` needs.
  std::size_t scratch_size() const {
    std::size_t most = 0;
    const auto need = [&](std::size_t count) { most = count > most ? count : most; };
    std::apply([&](const Steps&... step) { (need(canvas::scratch_size(step, image_)), ...); }, steps_);
    return most;
  }

  /// Writes sample `index`, which must be below `samples().size()`, as this stream draws it, to `to`.
  void draw(std::size_t index, const simd::random_stream& stream, float* to, float* scratch) const {
    canvas at{samples_.row(index), samples_.input_size(), image_, to, scratch};
    const std::uint64_t seed = std::uint64_t{stream.key1} << 32 | stream.key0;
    std::uint64_t place = 0;
    std::apply([&](const Steps&... step) { (at.apply(step, simd::random_stream{seed, place++}), ...); }, steps_);
    at.settle();
  }

  /// The same, to look at: for figures and tests.
  std::vector<float> draw(std::size_t index, const simd::random_stream& stream) const {
    std::vector<float> sample(samples_.input_size()), scratch(scratch_size());
    draw(index, stream, sample.data(), scratch.data());
    return sample;
  }

private:
  dataset<Target> samples_;
  augment::image image_;
  std::tuple<Steps...> steps_;
};

template <class Target> augmented<Target> operator|(dataset<Target> samples, const augment::image& shape) {
  augment::detail::require_covers(shape, samples.input_size());
  return {std::move(samples), shape, {}};
}
template <class Target> augmented<Target> operator|(dataset<Target> samples, const dimensions& shape) {
  return std::move(samples) | augment::detail::image_of(shape);
}
template <class Target, augment::Step Step> augmented<Target, Step> operator|(dataset<Target> samples, Step step) {
  return {std::move(samples), {}, std::tuple<Step>{std::move(step)}};
}
template <class Target, class... Steps, augment::Step Step>
augmented<Target, Steps..., Step> operator|(const augmented<Target, Steps...>& data, Step step) {
  return {data.samples(), data.shape(), std::tuple_cat(data.steps(), std::tuple<Step>{std::move(step)})};
}

} // namespace lamina
