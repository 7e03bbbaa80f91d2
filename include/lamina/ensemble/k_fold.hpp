#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include <lamina/core/error.hpp>
#include <lamina/core/text.hpp>
#include <lamina/data/dataset.hpp>
#include <lamina/model/model.hpp>
#include <lamina/simd/random.hpp>

namespace lamina {

/// One part of k: what to train on, and what to measure on.
template <class Target> struct fold {
  dataset<Target> train, validation;
};

namespace detail {

inline constexpr std::uint64_t fold_stream = std::uint64_t{3} << 62;

template <class Target>
std::vector<fold<Target>> folds_of(const dataset<Target>& data, std::size_t k, const std::vector<std::size_t>& order) {
  const std::size_t count = data.size();
  if (k < 2 || k > count)
    throw argument_error(
        expected_got("k_fold", joined_text({"2 folds or more, and at most one for each of ", count, " samples"}), k));
  std::vector<fold<Target>> folds;
  folds.reserve(k);
  for (std::size_t i = 0; i < k; ++i) {
    const std::size_t first = i * count / k, last = (i + 1) * count / k;
    std::vector<std::size_t> train, validation;
    for (std::size_t j = 0; j < count; ++j) (first <= j && j < last ? validation : train).push_back(order[j]);
    folds.push_back({data.select(train), data.select(validation)});
  }
  return folds;
}
template <class Target> std::vector<std::size_t> in_order(const dataset<Target>& data) {
  std::vector<std::size_t> order(data.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  return order;
}

} // namespace detail

/// k pairs of views for cross-validation: every sample is validated on in exactly one of them and trained on in the
/// others, and their sizes differ by at most one. Validation sets are neighbouring samples; with a seed the samples are
/// shuffled first, which is wanted where a data set is sorted.
/// Errors: argument_error for k below 2 or above the number of samples.
/// Example: `for (const auto& [train, validation] : la::k_fold(data, 5, la::seed{1})) …` (tests/ensemble/k_fold.cpp)
template <class Target> std::vector<fold<Target>> k_fold(const dataset<Target>& data, std::size_t k) {
  return detail::folds_of(data, k, detail::in_order(data));
}
template <class Target> std::vector<fold<Target>> k_fold(const dataset<Target>& data, std::size_t k, seed from) {
  std::vector<std::size_t> order = detail::in_order(data);
  simd::shuffle(simd::random_stream{from.value, detail::fold_stream}, order.data(), order.size());
  return detail::folds_of(data, k, order);
}

} // namespace lamina
