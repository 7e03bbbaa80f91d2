#pragma once
// Made-up texts, and how often each word is in them.
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

namespace words {

using tokens = std::vector<std::uint32_t>;

inline std::vector<std::uint64_t> counted(std::span<const std::uint32_t> text, std::size_t vocabulary) {
  std::vector<std::uint64_t> counts(vocabulary);
  for (const std::uint32_t token : text) ++counts[token];
  return counts;
}

/// Words drawn evenly.
inline tokens drawn(std::size_t length, std::uint32_t vocabulary, std::uint64_t seed) {
  std::mt19937_64 engine{seed};
  tokens text(length);
  for (std::uint32_t& token : text) token = static_cast<std::uint32_t>(engine() % vocabulary);
  return text;
}

/// Sentences "a x b" for each of `places`: x is one of two words that never meet, a and b are always the same. Words 4i
/// and 4i + 1 take each other's place, 4i + 2 and 4i + 3 stand to the left and right of them.
inline tokens of_interchangeable_words(std::size_t sentences, std::uint32_t places, std::uint64_t seed) {
  std::mt19937_64 engine{seed};
  tokens text;
  for (std::size_t i = 0; i < sentences; ++i) {
    const auto place = static_cast<std::uint32_t>(engine() % places) * 4;
    const auto either = static_cast<std::uint32_t>(engine() % 2);
    text.insert(text.end(), {place + 2, place + either, place + 3});
  }
  return text;
}

} // namespace words
