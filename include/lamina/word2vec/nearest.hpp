#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <vector>

#include <lamina/model/storage.hpp>
#include <lamina/simd/reduce.hpp>
#include <lamina/word2vec/word2vec.hpp>

namespace lamina {

/// A word and how alike its vector is to what was asked for: the cosine between them.
struct neighbour {
  std::uint32_t token;
  double similarity;
};

namespace detail {

/// The words whose vectors point most into the direction of a row, the nearest first; of equals the smaller token.
template <std::size_t D, class T, class Arch>
std::vector<neighbour> nearest_to(const word2vec<D, T, Arch>& words, const T* direction, std::size_t count,
                                  std::initializer_list<std::uint32_t> left_out) {
  constexpr std::size_t stride = word2vec<D, T, Arch>::stride;
  const T length = std::sqrt(simd::sum_of_squares<T, Arch>(direction, stride));
  std::vector<neighbour> all;
  all.reserve(words.size());
  for (std::uint32_t token = 0; token < words.size(); ++token) {
    if (std::find(left_out.begin(), left_out.end(), token) != left_out.end()) continue;
    const T* const row = words.vector(token).data();
    const T lengths = length * std::sqrt(simd::sum_of_squares<T, Arch>(row, stride));
    const T product = simd::dot<T, Arch>(direction, row, stride);
    all.push_back({token, lengths > 0 ? static_cast<double>(product / lengths) : 0.0});
  }
  const auto end = all.begin() + static_cast<std::ptrdiff_t>(std::min(count, all.size()));
  std::partial_sort(all.begin(), end, all.end(), [](const neighbour& a, const neighbour& b) {
    return a.similarity != b.similarity ? a.similarity > b.similarity : a.token < b.token;
  });
  all.erase(end, all.end());
  return all;
}

} // namespace detail

/// The `count` words most alike to a word by the cosine of their vectors, the nearest first, without the word itself.
/// Errors: argument_error for a token that is none. Example: examples/31_word2vec.cpp.
template <std::size_t D, class T, class Arch>
std::vector<neighbour> nearest(const word2vec<D, T, Arch>& words, std::uint32_t token, std::size_t count = 10) {
  return detail::nearest_to(words, words.vector(token).data(), count, {token});
}

/// What is to `c` as `b` is to `a`: the words most alike to b/|b| − a/|a| + c/|c|, without these three.
/// `analogy(words, man, king, woman)`. Errors: argument_error for a token that is none.
/// Source: Mikolov, Yih and Zweig, "Linguistic regularities in continuous space word representations", 2013. Example:
/// tests/word2vec/nearest.cpp.
template <std::size_t D, class T, class Arch>
std::vector<neighbour> analogy(const word2vec<D, T, Arch>& words, std::uint32_t a, std::uint32_t b, std::uint32_t c,
                               std::size_t count = 10) {
  constexpr std::size_t stride = word2vec<D, T, Arch>::stride;
  aligned_block<T> direction{stride};
  const auto add = [&](std::uint32_t token, T sign) {
    const auto vector = words.vector(token);
    const T length = std::sqrt(simd::sum_of_squares<T, Arch>(vector.data(), stride));
    for (std::size_t n = 0; n < D && length > 0; ++n) direction.data()[n] += sign * vector[n] / length;
  };
  add(b, 1), add(a, -1), add(c, 1);
  return detail::nearest_to(words, direction.data(), count, {a, b, c});
}

} // namespace lamina
