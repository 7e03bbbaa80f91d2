#pragma once
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lamina {

/// Draws an index with the probability of its weight, in one look-up: every index owns an equal share of the draws and
/// gives what it has too much of to one other, its alias.
/// Weights: finite, none negative, not all 0, fewer than 2³² of them; the caller sees to that.
/// Source: Walker 1977; Vose, "A linear algorithm for generating random numbers with a given distribution", 1991.
class alias_table {
public:
  explicit alias_table(std::span<const double> weights) : places_(weights.size()) {
    const std::size_t size = weights.size();
    double sum = 0;
    for (const double weight : weights) sum += weight;
    std::vector<double> share(size); // 1 is what an index owns
    std::vector<std::uint32_t> small, large;
    for (std::size_t i = 0; i < size; ++i) {
      share[i] = weights[i] / sum * static_cast<double>(size);
      (share[i] < 1 ? small : large).push_back(static_cast<std::uint32_t>(i));
    }
    while (!small.empty() && !large.empty()) {
      const std::uint32_t poor = small.back(), rich = large.back();
      small.pop_back();
      places_[poor] = {threshold(share[poor]), rich};
      share[rich] -= 1 - share[poor];
      if (share[rich] < 1) large.pop_back(), small.push_back(rich);
    }
    // What is left is full but for roundings.
    for (const auto& left : {small, large})
      for (const std::uint32_t i : left) places_[i] = {0, i};
  }

  std::size_t size() const { return places_.size(); }

  /// The index for two words of 32 random bits; each of a weight's draws is off by at most 2⁻³² of all.
  std::uint32_t operator()(std::uint32_t first, std::uint32_t second) const {
    const auto index = static_cast<std::uint32_t>(std::uint64_t{first} * places_.size() >> 32);
    const place& at = places_[index];
    const std::uint32_t own =
        0u - static_cast<std::uint32_t>(second < at.threshold); // a branch would often be foreseen wrongly
    return (index & own) | (at.alias & ~own);
  }

private:
  struct place {
    std::uint32_t threshold, alias;
  };
  static std::uint32_t threshold(double share) { return static_cast<std::uint32_t>(share * 0x1p32); }

  std::vector<place> places_;
};

} // namespace lamina
