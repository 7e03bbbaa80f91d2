// Bootstrap samples, and models that are measured on what they did not see.
#include <io/files.hpp>
#include <lamina/ensemble.hpp>
#include <laws/support.hpp>
#include <set>

using namespace laws;

namespace {

struct net : la::network<la::input<2>, la::dense<8>, la::tanh, la::dense<2>> {};
struct line : la::network<la::input<2>, la::dense<1>> {};

/// Points on two rings, noisy labels.
la::dataset<la::label> rings(std::size_t count, std::uint64_t seed) {
  la::dataset<la::label> data{2};
  for (std::size_t m = 0; m < count; ++m) {
    const std::vector<float> p = drawn<float>(3, seed * 10000 + m);
    const bool outside = p[0] * p[0] + p[1] * p[1] > 0.6f;
    data.push_back({p[0], p[1]}, la::label{(p[2] > 0.8f) != outside});
  }
  return data;
}
const auto train_net = [](la::model<net>& model, const la::dataset<la::label>& sample) {
  la::trainer{model, la::softmax_cross_entropy{}, la::adam{.learning_rate = 0.02}}.fit(sample, {.epochs = 20});
};

} // namespace

TEST_CASE("a bootstrap sample draws evenly and with replacement, and leaves out 1/e") {
  la::dataset<la::label> data{1};
  for (int i = 0; i < 1000; ++i) data.push_back({static_cast<float>(i)}, la::label{0});
  std::vector<int> times(1000);
  double left = 0;
  for (std::size_t number = 0; number < 200; ++number) {
    const auto [drawn, out_of_bag] = la::bootstrap(data, la::seed{5}, number);
    REQUIRE(drawn.size() == 1000);
    std::set<const float*> rows;
    for (std::size_t i = 0; i < 1000; ++i) {
      ++times[static_cast<std::size_t>(drawn.input(i)[0])];
      rows.insert(drawn.row(i));
    }
    for (std::size_t i = 0; i < out_of_bag.size(); ++i) CHECK(rows.insert(out_of_bag.row(i)).second);
    CHECK(rows.size() == 1000); // together they are all, and views of them
    left += static_cast<double>(out_of_bag.size()) / 1000 / 200;
  }
  CHECK(left == Approx(std::exp(-1)).epsilon(0.01));
  double chi = 0; // 999 degrees of freedom
  for (const int n : times) chi += std::pow(n - 200, 2) / 200;
  CHECK(chi > 800);
  CHECK(chi < 1200);
}

TEST_CASE("bagging is a function of its seed, and its members differ") {
  const auto data = rings(60, 1);
  const auto once = la::bagging<net>(data, 3, la::seed{1}, train_net),
             again = la::bagging<net>(data, 3, la::seed{1}, train_net),
             other = la::bagging<net>(data, 3, la::seed{2}, train_net);
  std::set<std::string> all;
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(bytes_of(once.models[i]) == bytes_of(again.models[i]));
    all.insert(bytes_of(once.models[i]).bytes), all.insert(bytes_of(other.models[i]).bytes);
  }
  CHECK(all.size() == 6);
  CHECK(once.models[0].drawn_from().value != once.models[1].drawn_from().value); // their starts differ too
  CHECK(once.models[0].drawn_from().value != other.models[0].drawn_from().value);
}

TEST_CASE(
    "each member is shown its bootstrap sample, and the out-of-bag score asks only those who did not see a sample") {
  const auto data = rings(50, 2);
  std::size_t number = 0;
  const auto bag =
      la::bagging<net, double>(data, 4, la::seed{3}, [&](auto& model, const la::dataset<la::label>& sample) {
        const auto expected = la::bootstrap(data, la::seed{3}, number++).drawn;
        for (std::size_t i = 0; i < 50; ++i) CHECK(sample.row(i) == expected.row(i));
        la::trainer{model, la::softmax_cross_entropy{}, la::adam{.learning_rate = 0.02}}.fit(sample, {.epochs = 5});
      });
  std::vector<numbers> mean(50, numbers(2));
  std::vector<double> asked(50);
  for (number = 0; number < 4; ++number) {
    std::set<const float*> seen;
    const auto drawn = la::bootstrap(data, la::seed{3}, number).drawn;
    for (std::size_t i = 0; i < 50; ++i) seen.insert(drawn.row(i));
    for (std::size_t i = 0; i < 50; ++i) {
      if (seen.count(data.row(i))) continue;
      const auto y = bag.models[number](std::span<const double>{as_numbers(data.input(i))});
      for (std::size_t c = 0; c < 2; ++c) mean[i][c] += std::exp(y[c]) / (std::exp(y[0]) + std::exp(y[1]));
      ++asked[i];
    }
  }
  double right = 0, loss = 0, count = 0;
  for (std::size_t i = 0; i < 50; ++i) {
    if (asked[i] == 0) continue;
    const std::size_t target = data.target(i).value;
    ++count, right += mean[i][target] > mean[i][1 - target];
    loss -= std::log(mean[i][target] / asked[i]);
  }
  CHECK(count < 50); // (1 - 1/e)⁴ of them were seen by all
  CHECK(bag.out_of_bag_accuracy() == Approx(right / count));
  CHECK(bag.out_of_bag_loss(la::softmax_cross_entropy{}) == Approx(loss / count).epsilon(1e-12));
}

TEST_CASE("the out-of-bag score says what a test would say, where the score on the training set does not") {
  const auto data = rings(200, 3), test = rings(2000, 4);
  const auto bag = la::bagging<net>(data, 15, la::seed{1}, [](auto& model, const auto& sample) {
    la::trainer{model, la::softmax_cross_entropy{}, la::adam{.learning_rate = 0.05}}.fit(sample, {.epochs = 150});
  });
  const double tested = la::accuracy(bag.models, test), trained = la::accuracy(bag.models, data);
  double single = 0;
  for (const auto& one : bag.models) single += la::accuracy(one, test) / 15;
  INFO("out of bag " << bag.out_of_bag_accuracy() << ", tested " << tested << ", trained " << trained << ", one alone "
                     << single);
  CHECK(std::abs(bag.out_of_bag_accuracy() - tested) < 0.05);
  CHECK(bag.out_of_bag_accuracy() < trained);
  CHECK(tested > single);
}

TEST_CASE("bagging of values") {
  la::dataset<la::values> data{2, 1};
  for (std::uint64_t m = 0; m < 80; ++m) {
    const auto p = drawn<float>(2, m);
    data.push_back(p, {p[0] - 2 * p[1] + 0.1f * drawn<float>(1, m + 500)[0]});
  }
  const auto bag = la::bagging<line>(data, 5, la::seed{1}, [](auto& model, const auto& sample) {
    la::trainer{model, la::mean_squared_error{}, la::adam{.learning_rate = 0.05}}.fit(sample, {.epochs = 60});
  });
  CHECK(bag.out_of_bag_loss(la::mean_squared_error{}) < 0.01);
  CHECK(bag.models.mean(std::array{0.5f, 0.25f})[0] == Approx(0).margin(0.05));
}

TEST_CASE("empty sets, no models and a score of nothing are refused") {
  const auto train = [](auto&, const auto&) {};
  const auto said = [](auto action) { return message_of<la::argument_error>(action); };
  CHECK(said([&] { (void)la::bagging<net>(la::dataset<la::label>{2}, 3, la::seed{1}, train); }) ==
        "bagging: expected at least 1 sample, got 0");
  CHECK(said([&] { (void)la::bootstrap(la::dataset<la::label>{2}, la::seed{1}); }) ==
        "bootstrap: expected at least 1 sample, got 0");
  CHECK(said([&] { (void)la::bagging<net>(rings(5, 1), 0, la::seed{1}, train); }) ==
        "bagging: expected at least 1 model, got 0");
  const auto alone = la::bagging<net>(rings(1, 1), 3, la::seed{1}, train);
  CHECK(said([&] { (void)alone.out_of_bag_accuracy(); }) ==
        "out-of-bag score: expected a sample that some model did not see, got none of 1 samples and 3 models");
}
