#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include <lamina/data/batch.hpp>
#include <lamina/simd/random.hpp>

namespace lamina::detail {

/// What a data set, or what is made of one, is beneath, and its kind of target.
template <class Target> const dataset<Target>& samples_of(const dataset<Target>& data) { return data; }
template <class Data> auto samples_of(const Data& data) -> decltype(data.samples()) { return data.samples(); }
template <class Target> Target target_kind(const dataset<Target>&);
template <class Data> using target_of = decltype(target_kind(samples_of(std::declval<const Data&>())));

/// Streams of random numbers: those below belong to the parameters, these to training.
inline constexpr std::uint64_t shuffle_stream = std::uint64_t{1} << 32, augmentation_stream = std::uint64_t{1} << 62;

/// The batches of an epoch: all samples, in an order that is a function of the seed and of the epochs so far.
/// An augmented data set draws each sample anew, as a function of the seed, the epoch and the sample.
template <class T, class Data> class epoch_batches {
  using Target = target_of<Data>;
  static constexpr bool draws =
      requires(const Data d, simd::random_stream s, float* to) { d.draw(std::size_t{}, s, to, to); };

public:
  epoch_batches(const Data& data, std::size_t capacity)
      : data_{data}, samples_{samples_of(data)}, order_(samples_.size()) {
    rows_.reserve(capacity * samples_.input_size());
    targets_.reserve(capacity, samples_.target_size());
    if constexpr (draws) drawn_.resize(capacity * samples_.input_size()), scratch_.resize(data.scratch_size());
  }
  std::size_t size() const { return samples_.size(); }

  void begin_epoch(std::uint64_t seed, std::uint64_t epoch) {
    seed_ = seed, epoch_ = epoch;
    for (std::size_t i = 0; i < order_.size(); ++i) order_[i] = static_cast<std::uint32_t>(i);
    simd::shuffle(simd::random_stream{seed, shuffle_stream + epoch}, order_.data(), order_.size());
  }

  /// Points `inputs` at samples first… of the epoch; gives their targets.
  auto point(const T** inputs, std::size_t first, std::size_t batch) {
    const auto index_of = [&](std::size_t m) { return std::size_t{order_[first + m]}; };
    rows_.point(inputs, batch, samples_.input_size(), [&](std::size_t m) {
      if constexpr (draws) {
        float* const to = drawn_.data() + m * samples_.input_size();
        const std::size_t i = index_of(m);
        data_.draw(i, simd::random_stream{seed_, augmentation_stream + (epoch_ << 32) + i}, to, scratch_.data());
        return static_cast<const float*>(to);
      } else {
        return samples_.row(index_of(m));
      }
    });
    return targets_.gather(samples_, batch, index_of);
  }

private:
  const Data& data_;
  const dataset<Target>& samples_;
  std::vector<std::uint32_t> order_;
  batch_rows<T> rows_;
  batch_targets<T, Target> targets_;
  std::vector<float> drawn_, scratch_;
  std::uint64_t seed_ = 0, epoch_ = 0;
};

} // namespace lamina::detail
