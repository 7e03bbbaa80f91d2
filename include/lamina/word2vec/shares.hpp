#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <lamina/core/error.hpp>

/// What follows from how often each word is seen.
namespace lamina::detail {

/// The share of a word's occurrences that is kept, √(t/f) + t/f, in units of 2⁻³²: word2vec.c's rule. `counts` are
/// those of all words.
inline std::vector<std::uint64_t> kept_shares(std::span<const std::uint64_t> counts, double t) {
  constexpr double all = 0x1p32;
  double text = 0;
  for (const std::uint64_t count : counts) text += static_cast<double>(count);
  std::vector<std::uint64_t> shares(counts.size(), static_cast<std::uint64_t>(all));
  for (std::size_t word = 0; word < counts.size(); ++word) {
    const double ratio = t * text / static_cast<double>(counts[word]); // t/f; infinite for a word that is never seen
    if (t > 0 && ratio < 1) shares[word] = static_cast<std::uint64_t>(std::min(all, all * (std::sqrt(ratio) + ratio)));
  }
  return shares;
}

/// What words are drawn in proportion to: their counts to the power of ¾. Errors: argument_error where all are 0.
inline std::vector<double> noise_weights(std::span<const std::uint64_t> counts) {
  std::vector<double> weights(counts.size());
  double sum = 0;
  for (std::size_t word = 0; word < counts.size(); ++word)
    sum += weights[word] = std::pow(static_cast<double>(counts[word]), 0.75);
  if (!(sum > 0))
    throw argument_error(expected_got("word2vec: counts", "those of at least one word, one of them above 0",
                                      counts.empty() ? "none" : "0 for all"));
  return weights;
}

} // namespace lamina::detail
