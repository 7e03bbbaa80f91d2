// What word2vec draws: words by their weights, what is kept of a text, how far a window reaches.
#include "words.hpp"
#include <catch.hpp>
#include <lamina/word2vec.hpp>
#include <numeric>

namespace la = lamina;

namespace {

using Arch = la::simd::default_arch;
using weights = std::vector<double>;

/// Pearson's statistic of counts against the weights that they were drawn by, in deviations from its mean.
double deviation(const std::vector<std::uint64_t>& counts, const weights& expected) {
  const double all = static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}));
  const double sum = std::accumulate(expected.begin(), expected.end(), 0.0);
  double statistic = 0, cells = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const double mean = all * expected[i] / sum;
    if (mean == 0) {
      CHECK(counts[i] == 0);
    } else {
      statistic += std::pow(static_cast<double>(counts[i]) - mean, 2) / mean, ++cells;
    }
  }
  const double freedom = cells - 1;
  return freedom == 0 ? 0 : (statistic - freedom) / std::sqrt(2 * freedom);
}

std::vector<std::uint64_t> drawn(const la::alias_table& table, std::size_t draws) {
  la::detail::random_words<Arch> random{{1, 2}};
  std::vector<std::uint64_t> counts(table.size());
  for (std::size_t i = 0; i < draws; ++i) {
    const auto [first, second] = random.next();
    ++counts[table(first, second)];
  }
  return counts;
}

} // namespace

TEST_CASE("an alias table draws in proportion to any weights") {
  weights zipf(1000), even(37, 2.5), halves(16);
  for (std::size_t i = 0; i < zipf.size(); ++i) zipf[i] = 1 / static_cast<double>(i + 1);
  for (std::size_t i = 0; i < halves.size(); ++i) halves[i] = std::ldexp(1, -static_cast<int>(i));
  for (const weights& w : {zipf, even, halves, weights{3}, weights{0, 1, 0, 0}, weights{1, 0, 2, 0, 5, 1e-30}}) {
    CAPTURE(w.size());
    CHECK(std::abs(deviation(drawn(la::alias_table{w}, 1'000'000), w)) < 5);
  }
}

TEST_CASE("words are drawn by the power of ¾ of their counts, and by no other power") {
  std::vector<std::uint64_t> counts(500);
  for (std::size_t i = 0; i < counts.size(); ++i) counts[i] = 100'000 / (i + 1);
  const auto found = drawn(la::alias_table{la::detail::noise_weights(counts)}, 2'000'000);
  const auto by_power = [&](double power) {
    weights expected;
    for (const std::uint64_t count : counts) expected.push_back(std::pow(static_cast<double>(count), power));
    return deviation(found, expected);
  };
  CHECK(std::abs(by_power(0.75)) < 5);
  CHECK(by_power(0.74) > 10);
  CHECK(by_power(0.76) > 10);
}

TEST_CASE("of each word of a text the share is kept that its frequency allows") {
  std::vector<std::uint64_t> counts{60'000, 30'000, 9'000, 900, 100};
  words::tokens text;
  for (std::uint32_t word = 0; word < counts.size(); ++word) text.insert(text.end(), counts[word], word);
  const double all = static_cast<double>(text.size());
  for (const double t : {1e-1, 1e-2, 1e-3, 1e-5, 0.0}) {
    CAPTURE(t);
    la::detail::word_windows<Arch> windows{1};
    windows.begin(text, la::detail::kept_shares(counts, t), {1, 0}, {1, 1});
    std::vector<std::uint64_t> kept(counts.size());
    while (windows.next()) ++kept[windows.middle()];
    for (std::size_t word = 0; word < counts.size(); ++word) {
      const double count = static_cast<double>(counts[word]), f = count / all;
      const double share = t == 0 ? 1 : std::min(1.0, std::sqrt(t / f) + t / f);
      const double margin = 5 * std::sqrt(count * share * (1 - share));
      CAPTURE(word, share);
      CHECK(std::abs(static_cast<double>(kept[word]) - count * share) <= margin);
    }
  }
}

TEST_CASE("a window is centred, and reaches evenly from one word to all") {
  words::tokens text(20'000);
  std::iota(text.begin(), text.end(), 0u);
  const std::vector<std::uint64_t> all(text.size(), std::uint64_t{1} << 32);
  for (const std::size_t window : {1u, 2u, 5u, 50u}) {
    CAPTURE(window);
    la::detail::word_windows<Arch> windows{window};
    windows.begin(text, all, {1, 0}, {1, 1});
    std::vector<std::uint64_t> reaches(window);
    std::uint32_t at = 0;
    bool centred = true;
    for (; windows.next(); ++at) {
      words::tokens expected;
      const auto around = windows.around();
      centred = centred && windows.middle() == at && windows.position() == at;
      if (at < window || at + window >= text.size()) {
        for (const std::uint32_t word : around) centred = centred && word != at && word + window >= at;
        continue;
      }
      const auto reach = static_cast<std::uint32_t>(around.size() / 2);
      for (std::uint32_t word = at - reach; word <= at + reach; ++word)
        if (word != at) expected.push_back(word);
      centred = centred && words::tokens(around.begin(), around.end()) == expected;
      ++reaches[reach - 1];
    }
    CHECK(at == text.size());
    CHECK(centred);
    CHECK(std::abs(deviation(reaches, weights(window, 1))) < 5);
  }
}

TEST_CASE("random words are the stream's blocks in their order") {
  const la::simd::random_stream stream{3, 4};
  la::detail::random_words<Arch> random{stream};
  for (std::uint64_t i = 0; i < 100; ++i) {
    const auto [first, second] = random.next();
    CHECK((std::uint64_t{second} << 32 | first) == stream.bits(i));
  }
}
