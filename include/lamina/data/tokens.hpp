#pragma once
#include <cstddef>
#include <cstdint>
#include <lamina/core/error.hpp>
#include <lamina/core/text.hpp>
#include <span>
#include <utility>
#include <vector>

namespace lamina {

/// A sequence of tokens, numbers below the size of the vocabulary they are from.
/// Errors: `argument_error` naming the first token that is not below it.
/// Example: `const lamina::tokens drawn{{3, 1, 4, 1, 5}, /*vocabulary_size=*/10};`
class tokens {
public:
  tokens(std::vector<std::uint32_t> indices, std::size_t vocabulary_size)
      : indices_{std::move(indices)}, vocabulary_size_{vocabulary_size} {
    for (std::size_t i = 0; i < indices_.size(); ++i)
      if (indices_[i] >= vocabulary_size)
        throw argument_error(expected_got(detail::joined_text({"tokens: token ", i}),
                                          detail::joined_text({"below ", vocabulary_size}), indices_[i]));
  }

  std::size_t size() const { return indices_.size(); }
  bool empty() const { return indices_.empty(); }
  /// How many different tokens there can be.
  std::size_t vocabulary_size() const { return vocabulary_size_; }
  std::uint32_t operator[](std::size_t i) const { return indices_[i]; }
  const std::uint32_t* data() const { return indices_.data(); }
  auto begin() const { return indices_.begin(); }
  auto end() const { return indices_.end(); }

  friend bool operator==(const tokens&, const tokens&) = default;

private:
  std::vector<std::uint32_t> indices_;
  std::size_t vocabulary_size_;
};

} // namespace lamina
