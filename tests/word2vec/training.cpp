// What word2vec's training must do, whatever the text.
#include "words.hpp"
#include <catch.hpp>
#include <cstring>
#include <lamina/word2vec.hpp>
#include <set>
#include <simd/architectures.hpp>

namespace la = lamina;

namespace {

template <class Model> std::vector<double> numbers_of(const Model& model) {
  std::vector<double> all;
  for (const auto& view : {model.embedding(), model.output_embedding()})
    for (std::size_t i = 0; i < view.size(); ++i) all.push_back(static_cast<double>(view[i]));
  return all;
}

/// One window over matrices of its own, drawn at random.
template <class Mode> struct window {
  using Arch = la::simd::default_arch;
  static constexpr std::size_t vocabulary = 9, D = 5, stride = la::simd::padded<double, Arch>(D);

  words::tokens around;
  std::uint32_t middle;
  std::size_t negatives;
  la::aligned_block<double> matrices{2 * vocabulary * stride};
  std::vector<double> weights = std::vector<double>{1, 2, 3, 4, 0, 1, 1, 8, 1};
  la::alias_table noise{weights};
  la::simd::random_stream stream{7, 8};

  window(words::tokens a, std::uint32_t m, std::size_t k) : around{std::move(a)}, middle{m}, negatives{k} {
    std::mt19937_64 engine{3};
    for (std::size_t row = 0; row < 2 * vocabulary; ++row)
      for (std::size_t d = 0; d < D; ++d) at(row, d) = std::ldexp(static_cast<double>(engine() >> 11), -52) - 1;
  }
  /// Rows of output vectors come after those of input vectors.
  double& at(std::size_t row, std::size_t d) { return matrices.data()[row * stride + d]; }

  double run(double rate, bool learn) {
    la::detail::word2vec_step<stride, double, Arch> step{
        matrices.data(), matrices.data() + vocabulary * stride, noise, negatives, around.size(), stream};
    step.begin();
    Mode::ask(step, around, middle);
    const double loss = step.score(rate);
    if (learn) Mode::learn(step, around);
    return loss;
  }
  /// The words that are drawn, pair by pair.
  std::vector<std::vector<std::uint32_t>> drawn(std::size_t pairs) const {
    la::detail::random_words<Arch> random{stream};
    std::vector<std::vector<std::uint32_t>> all(pairs);
    for (auto& of_pair : all)
      for (std::size_t i = 0; i < negatives; ++i) {
        const auto [first, second] = random.next();
        if (const std::uint32_t word = noise(first, second); word != middle) of_pair.push_back(word);
      }
    return all;
  }
  double product(const std::vector<double>& x, std::uint32_t word) {
    double sum = 0;
    for (std::size_t d = 0; d < D; ++d) sum += x[d] * at(vocabulary + word, d);
    return sum;
  }
  /// The loss of a pair as it is published.
  double published(const std::vector<double>& x, const std::vector<std::uint32_t>& others) {
    const auto log_sigmoid = [](double a) { return -std::log(1 + std::exp(-a)); };
    double loss = -log_sigmoid(product(x, middle));
    for (const std::uint32_t word : others) loss -= log_sigmoid(-product(x, word));
    return loss;
  }
  std::vector<double> vector(std::uint32_t word) { return {&at(word, 0), &at(word, 0) + D}; }
};

template <class Mode> void for_windows(const auto& visit) {
  for (const std::size_t negatives : {1u, 5u, 16u})
    for (const words::tokens& around : {words::tokens{3}, words::tokens{1, 2, 6}, words::tokens{5, 0, 5, 2, 7, 5, 8}}) {
      CAPTURE(negatives, around);
      visit(window<Mode>{around, 2, negatives});
    }
}

template <class Mode> void check_gradient() {
  for_windows<Mode>([](window<Mode> at) {
    const double rate = 1e-8, h = 1e-5;
    window<Mode> after = at;
    after.run(rate, true);
    double worst = 0;
    for (std::size_t row = 0; row < 2 * at.vocabulary; ++row)
      for (std::size_t d = 0; d < at.D; ++d) {
        const auto loss = [&](double nudge) {
          window<Mode> nudged = at;
          nudged.at(row, d) += nudge;
          return nudged.run(0, false);
        };
        const double difference = (loss(h) - loss(-h)) / (2 * h), step = (at.at(row, d) - after.at(row, d)) / rate;
        worst = std::max(worst, std::abs(step - difference));
      }
    CHECK(worst < 1e-6); // a row that comes twice is seen grown the second time, by the rate
  });
}

} // namespace

TEST_CASE("the loss of a window is the published one") {
  for_windows<la::skip_gram>([](window<la::skip_gram> at) {
    double expected = 0;
    const auto drawn = at.drawn(at.around.size());
    for (std::size_t p = 0; p < drawn.size(); ++p) expected += at.published(at.vector(at.around[p]), drawn[p]);
    CHECK(at.run(0, false) == Approx(expected).epsilon(1e-12));
  });
  for_windows<la::cbow>([](window<la::cbow> at) {
    std::vector<double> mean(at.D);
    for (const std::uint32_t word : at.around)
      for (std::size_t d = 0; d < at.D; ++d) mean[d] += at.at(word, d) / static_cast<double>(at.around.size());
    CHECK(at.run(0, false) == Approx(at.published(mean, at.drawn(1)[0])).epsilon(1e-12));
  });
}

TEST_CASE("a step is the rate times the central difference of the loss") {
  check_gradient<la::skip_gram>();
  check_gradient<la::cbow>();
}

TEST_CASE("a step touches the rows of the words that it asks, and no others") {
  for_windows<la::skip_gram>([](window<la::skip_gram> at) {
    std::set<std::size_t> touched(at.around.begin(), at.around.end());
    touched.insert(at.vocabulary + at.middle);
    for (const auto& of_pair : at.drawn(at.around.size()))
      for (const std::uint32_t word : of_pair) touched.insert(at.vocabulary + word);
    window<la::skip_gram> after = at;
    after.run(0.1, true);
    for (std::size_t row = 0; row < 2 * at.vocabulary; ++row) {
      const bool same = std::memcmp(&at.at(row, 0), &after.at(row, 0), at.stride * sizeof(double)) == 0;
      CAPTURE(row);
      CHECK(same == !touched.contains(row));
    }
  });
}

TEMPLATE_TEST_CASE("words that are not in the text keep their bits", "", la::skip_gram, la::cbow) {
  const words::tokens text = words::drawn(500, 10, 1);
  std::vector<std::uint64_t> counts = words::counted(text, 30);
  for (std::uint32_t word = 10; word < 20; ++word) counts[word] = 5; // may be drawn, though they are not in this text
  la::word2vec<12> model{counts, la::seed{1}};
  const la::word2vec<12> before = model;
  model.fit(text, TestType{}, {.epochs = 2});
  for (std::uint32_t word = 0; word < 30; ++word) {
    CAPTURE(word);
    bool vector = true, output = true;
    for (std::size_t d = 0; d < 12; ++d) {
      vector = vector && model.embedding()(word, d) == before.embedding()(word, d);
      output = output && model.output_embedding()(word, d) == before.output_embedding()(word, d);
    }
    CHECK(vector == (word >= 10));
    CHECK(output == (word >= 20));
  }
}

TEMPLATE_TEST_CASE("the loss falls from chance", "", la::skip_gram, la::cbow) {
  const words::tokens text = words::of_interchangeable_words(3000, 10, 2);
  la::word2vec<16> model{words::counted(text, 40), la::seed{1}};
  const std::vector<double> losses =
      model.fit(text, TestType{}, {.window = 2, .subsample = 0, .learning_rate = 0.1, .epochs = 6});
  REQUIRE(losses.size() == 6);
  CHECK(losses[0] < 6 * std::log(2)); // what six scores of 0 cost
  for (std::size_t epoch = 1; epoch < losses.size(); ++epoch) CHECK(losses[epoch] < losses[epoch - 1]);
  CHECK(losses.back() < 0.8 * losses[0]);
}

TEMPLATE_TEST_CASE("a seed gives the same bits, another one others", "", la::skip_gram, la::cbow) {
  const words::tokens text = words::drawn(400, 20, 4);
  const auto trained = [&](std::uint64_t seed) {
    la::word2vec<10> model{words::counted(text, 20), la::seed{seed}};
    model.fit(text, TestType{}, {.epochs = 2});
    return model;
  };
  const la::word2vec<10> first = trained(1), again = trained(1), other = trained(2);
  CHECK(numbers_of(first) == numbers_of(again));
  CHECK(numbers_of(first) != numbers_of(other));
  la::word2vec<10> once = first, twice = first; // goes on with what comes next
  once.fit(text, TestType{}, {.epochs = 1});
  twice.fit(text, TestType{}, {.epochs = 1});
  CHECK(numbers_of(once) == numbers_of(twice));
}

TEST_CASE("a second training draws what the first one has not") {
  const words::tokens text = words::drawn(400, 20, 4);
  la::word2vec<10> model{words::counted(text, 20), la::seed{1}}, fresh = model;
  model.fit(text, la::skip_gram{}, {.epochs = 1});
  for (std::size_t i = 0; i < model.embedding().size(); ++i) {
    fresh.embedding()[i] = model.embedding()[i];
    fresh.output_embedding()[i] = model.output_embedding()[i];
  }
  model.fit(text, la::skip_gram{}, {.epochs = 1});
  fresh.fit(text, la::skip_gram{}, {.epochs = 1}); // the same place, but the first draws
  CHECK(numbers_of(model) != numbers_of(fresh));
}

namespace {

template <class Mode, class... Arch> void check_architectures(std::tuple<Arch...>) {
  const words::tokens text = words::drawn(300, 20, 5);
  std::vector<std::vector<double>> results;
  const auto train = [&]<class A>(std::type_identity<A>) {
    la::word2vec<21, double, A> model{words::counted(text, 20), la::seed{1}};
    model.fit(text, Mode{}, {.learning_rate = 0.1, .epochs = 3});
    results.push_back(numbers_of(model));
  };
  (train(std::type_identity<Arch>{}), ...);
  for (const std::vector<double>& result : results)
    for (std::size_t i = 0; i < result.size(); ++i) REQUIRE(std::abs(result[i] - results[0][i]) < 1e-12);
}

} // namespace

TEST_CASE("every instruction set draws the same and learns the same but for roundings") {
  check_architectures<la::skip_gram>(machine_architectures{});
  check_architectures<la::cbow>(machine_architectures{});
}

TEMPLATE_TEST_CASE("words that take each other's place become nearest neighbours", "", la::skip_gram, la::cbow) {
  const std::uint32_t places = 12;
  const words::tokens text = words::of_interchangeable_words(6000, places, 6);
  la::word2vec<16> model{words::counted(text, 4 * places), la::seed{3}};
  model.fit(text, TestType{}, {.window = 1, .subsample = 0, .learning_rate = 0.2, .epochs = 10});
  std::size_t found = 0;
  for (std::uint32_t place = 0; place < places; ++place) {
    found += la::nearest(model, 4 * place, 1)[0].token == 4 * place + 1;
    found += la::nearest(model, 4 * place + 1, 1)[0].token == 4 * place;
  }
  CHECK(found == 2 * places);
}
