#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <lamina/simd/random.hpp>
#include <lamina/word2vec/random_words.hpp>

namespace lamina::detail {

/// The windows of an epoch: the text without the occurrences that are left out, and for each of its words those around.
template <class Arch> class word_windows {
public:
  explicit word_windows(std::size_t window) : window_{window}, around_(2 * window) {}

  /// Draws what is kept of the text, and begins before its first word.
  void begin(std::span<const std::uint32_t> text, std::span<const std::uint64_t> kept_shares,
             const simd::random_stream& kept, const simd::random_stream& reaches) {
    kept_.clear();
    random_words<Arch> random{kept};
    for (const std::uint32_t word : text)
      if (random.next().first < kept_shares[word]) kept_.push_back(word);
    reaches_ = random_words<Arch>{reaches};
    next_ = 0;
  }

  /// Goes on to the next word; false after the last one.
  bool next() {
    if (next_ == kept_.size()) return false;
    const std::size_t at = next_++, reach = 1 + static_cast<std::size_t>(reaches_.next().first * window_ >> 32);
    const std::size_t first = at - std::min(at, reach), last = std::min(kept_.size(), at + reach + 1);
    count_ = 0;
    for (std::size_t i = first; i < at; ++i) around_[count_++] = kept_[i];
    for (std::size_t i = at + 1; i < last; ++i) around_[count_++] = kept_[i];
    return true;
  }

  std::uint32_t middle() const { return kept_[next_ - 1]; }
  /// Empty where the text has one word.
  std::span<const std::uint32_t> around() const { return {around_.data(), count_}; }
  /// Words before the one in the middle, and of the epoch.
  std::size_t position() const { return next_ - 1; }
  std::size_t size() const { return kept_.size(); }

private:
  std::uint64_t window_;
  std::vector<std::uint32_t> kept_, around_;
  random_words<Arch> reaches_{{0, 0}};
  std::size_t next_ = 0, count_ = 0;
};

} // namespace lamina::detail
