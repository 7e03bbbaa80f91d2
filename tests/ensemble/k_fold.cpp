// Every sample is validated on once, whatever k and the number of samples are.
#include <io/files.hpp>
#include <lamina/ensemble.hpp>
#include <laws/support.hpp>

using namespace laws;

namespace {

/// A data set whose sample i has the input i.
la::dataset<la::label> numbered(std::size_t count) {
  la::dataset<la::label> data{1};
  for (std::size_t i = 0; i < count; ++i) data.push_back({static_cast<float>(i)}, la::label{i % 2});
  return data;
}
template <class Target> std::vector<std::size_t> numbers_of(const la::dataset<Target>& data) {
  std::vector<std::size_t> all;
  for (const auto& [input, target] : data) all.push_back(static_cast<std::size_t>(input[0]));
  return all;
}

template <class Folds> void check_partition(const Folds& folds, std::size_t count, std::size_t k) {
  INFO(count << " samples, " << k << " folds");
  REQUIRE(folds.size() == k);
  std::vector<std::size_t> validated(count);
  for (const auto& [train, validation] : folds) {
    CHECK(validation.size() >= count / k);
    CHECK(validation.size() <= (count + k - 1) / k);
    std::vector<std::size_t> both = numbers_of(train);
    for (const std::size_t i : numbers_of(validation)) ++validated[i], both.push_back(i);
    std::sort(both.begin(), both.end());
    CHECK(both == numbers_of(numbered(count)));
  }
  CHECK(validated == std::vector<std::size_t>(count, 1));
}

} // namespace

TEST_CASE("each fold trains on what it does not validate on, and every sample is validated on once") {
  for (const std::size_t count : {2u, 3u, 10u, 17u, 100u})
    for (std::size_t k = 2; k <= count; k += 1 + count / 10) {
      check_partition(la::k_fold(numbered(count), k), count, k);
      check_partition(la::k_fold(numbered(count), k, la::seed{k}), count, k);
    }
}

TEST_CASE("folds are views: neighbours, or in an order of the seed's") {
  const auto data = numbered(12);
  const auto folds = la::k_fold(data, 5);
  CHECK(numbers_of(folds[0].validation) == std::vector<std::size_t>{0, 1});
  CHECK(numbers_of(folds[4].validation) == std::vector<std::size_t>{9, 10, 11});
  CHECK(folds[4].validation.row(2) == data.row(11));
  const auto once = la::k_fold(data, 3, la::seed{1}), again = la::k_fold(data, 3, la::seed{1}),
             other = la::k_fold(data, 3, la::seed{2});
  CHECK(numbers_of(once[0].train) == numbers_of(again[0].train));
  CHECK(numbers_of(once[0].train) != numbers_of(other[0].train));
  CHECK(numbers_of(once[0].validation) != std::vector<std::size_t>{0, 1, 2, 3});
  // Folds of a view are folds of what it shows.
  const auto odd = data.split([](std::size_t i) { return i % 2 == 1; }).first;
  CHECK(numbers_of(la::k_fold(odd, 2)[1].validation) == std::vector<std::size_t>{7, 9, 11});
}

TEST_CASE("fewer than two folds, and more than samples, are refused with both numbers") {
  const auto said = [](std::size_t count, std::size_t k) {
    return message_of<la::argument_error>([&] { (void)la::k_fold(numbered(count), k); });
  };
  CHECK(said(10, 11) == "k_fold: expected 2 folds or more, and at most one for each of 10 samples, got 11");
  CHECK(said(10, 1) == "k_fold: expected 2 folds or more, and at most one for each of 10 samples, got 1");
  CHECK(said(10, 0) == "k_fold: expected 2 folds or more, and at most one for each of 10 samples, got 0");
  CHECK(said(0, 2) == "k_fold: expected 2 folds or more, and at most one for each of 0 samples, got 2");
}
