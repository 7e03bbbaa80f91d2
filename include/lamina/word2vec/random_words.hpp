#pragma once
#include <cstddef>
#include <cstdint>

#include <lamina/simd/random.hpp>

namespace lamina::detail {

/// The blocks of a random stream one after another, a vector of them made at once: pairs of words of 32 random bits.
template <class Arch> class random_words {
public:
  explicit random_words(const simd::random_stream& stream) : stream_{stream} {}

  simd::word_pair<std::uint32_t> next() {
    if (used_ == size) {
      const auto words = simd::block<Arch>(stream_, counter_);
      words.first.store_aligned(first_);
      words.second.store_aligned(second_);
      counter_ += size;
      used_ = 0;
    }
    const std::size_t i = used_++;
    return {first_[i], second_[i]};
  }

private:
  static constexpr std::size_t size = simd::width<std::uint32_t, Arch>;
  simd::random_stream stream_;
  std::uint64_t counter_ = 0;
  std::size_t used_ = size;
  alignas(simd::alignment) std::uint32_t first_[size]{}, second_[size]{};
};

} // namespace lamina::detail
