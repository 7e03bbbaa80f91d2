// What several models say together, against their single answers brought together by hand.
#include <io/files.hpp>
#include <lamina/ensemble.hpp>
#include <laws/networks.hpp>
#include <laws/support.hpp>

using namespace laws;

namespace {

struct logits : la::network<la::input<6>, la::dense<9>, la::relu, la::dense<4>> {};
struct with_softmax : la::network<la::input<6>, la::dense<9>, la::relu, la::dense<4>, la::softmax> {};
struct with_log_softmax : la::network<la::input<6>, la::dense<9>, la::relu, la::dense<4>, la::log_softmax> {};

template <class Net> la::ensemble<Net, double> five() {
  std::vector<la::model<Net, double>> models;
  for (std::uint64_t number = 1; number <= 5; ++number) models.emplace_back(la::seed{number});
  return la::ensemble<Net, double>{std::move(models)};
}
/// Larger than what is measured at once.
la::dataset<la::label> classes() {
  la::dataset<la::label> data{6};
  for (std::uint64_t m = 0; m < 300; ++m) data.push_back(drawn<float>(6, m), la::label{m % 4});
  return data;
}

/// −y of the label: of log-probabilities it is the negative logarithm of the likelihood.
struct label_output {
  static constexpr bool takes_labels = true;
  static constexpr double divisor(std::size_t batch, std::size_t) { return static_cast<double>(batch); }
  template <class T, class Arch> double sum(const la::detail::loss_view<T>& at, const la::label* targets) const {
    double total = 0;
    for (std::size_t m = 0; m < at.batch; ++m) total -= at.y[m * at.stride + targets[m].value];
    return total;
  }
};

numbers softmax_of(const numbers& y) {
  numbers p;
  double total = 0;
  for (const double one : y) p.push_back(std::exp(one)), total += p.back();
  for (double& one : p) one /= total;
  return p;
}
template <class Net> numbers probabilities_by_hand(const la::ensemble<Net, double>& models, std::span<const double> x) {
  numbers mean(4);
  for (const auto& one : models) {
    const numbers y = as_numbers(one(x)), p = std::is_same_v<Net, with_softmax> ? y : softmax_of(y);
    for (std::size_t i = 0; i < 4; ++i) mean[i] += p[i] / static_cast<double>(models.size());
  }
  return mean;
}
std::size_t largest(const numbers& y) {
  return static_cast<std::size_t>(std::max_element(y.begin(), y.end()) - y.begin());
}

template <class Net> void check_classes() {
  const auto models = five<Net>();
  const auto data = classes();
  std::size_t right = 0, voted = 0;
  double cross_entropy = 0, likelihood = 0;
  for (const auto& [input, target] : data) {
    const numbers x = as_numbers(input), expected = probabilities_by_hand(models, x);
    check_near("probabilities", as_numbers(models.probabilities(x)), expected, {1e-12, 1e-15});
    numbers votes(4), mean(4);
    for (const auto& one : models) {
      const numbers y = as_numbers(one(std::span<const double>{x}));
      votes[largest(y)] += 1;
      for (std::size_t i = 0; i < 4; ++i) mean[i] += y[i] / 5;
    }
    check_near("mean", as_numbers(models.mean(x)), mean, {1e-12, 1e-15});
    CHECK(models.vote(x) == la::label{largest(votes)});
    right += largest(expected) == target.value;
    voted += largest(votes) == target.value;
    cross_entropy -= std::log(expected[target.value]) / 300, likelihood += expected[target.value] / 300;
  }
  CHECK(la::accuracy(models, data) == Approx(static_cast<double>(right) / 300));
  CHECK(la::vote_accuracy(models, data) == Approx(static_cast<double>(voted) / 300));
  if constexpr (std::is_same_v<Net, logits>)
    CHECK(la::mean_loss(models, la::softmax_cross_entropy{}, data) == Approx(cross_entropy).epsilon(1e-12));
  // A loss sees what the members would have said together, in the terms of their end.
  const double loss = la::mean_loss(models, label_output{}, data);
  CHECK(loss == Approx(std::is_same_v<Net, with_softmax> ? -likelihood : cross_entropy).epsilon(1e-12));
}

} // namespace

TEST_CASE("probabilities, votes, accuracy and loss are those of the members, however the network ends") {
  check_classes<logits>();
  check_classes<with_softmax>();
  check_classes<with_log_softmax>();
}

TEST_CASE("values are the mean of the members' outputs, and their loss is that of the mean") {
  const auto models = five<tanh_7_13_5>();
  la::dataset<la::values> data{7, 5};
  for (std::uint64_t m = 0; m < 200; ++m) data.push_back(drawn<float>(7, m), drawn<float>(5, 1000 + m));
  double squares = 0, single = 0;
  for (const auto& [input, target] : data) {
    numbers mean(5);
    for (const auto& one : models) {
      const numbers y = as_numbers(one(std::span<const double>{as_numbers(input)}));
      for (std::size_t i = 0; i < 5; ++i) mean[i] += y[i] / 5;
    }
    for (std::size_t i = 0; i < 5; ++i) squares += std::pow(mean[i] - static_cast<double>(target[i]), 2) / 1000;
  }
  for (const auto& one : models) single += la::mean_loss(one, la::mean_squared_error{}, data) / 5;
  CHECK(la::mean_loss(models, la::mean_squared_error{}, data) == Approx(squares).epsilon(1e-12));
  CHECK(squares < single); // Krogh and Vedelsby 1995
}

TEST_CASE("an ensemble of equal models is the model, and one of several is made of them") {
  const la::model<logits> a{la::seed{1}}, b{la::seed{2}};
  const auto data = classes();
  const la::ensemble same{a, a, a}, one{a}, both{a, b};
  CHECK(la::accuracy(same, data) == la::accuracy(a, data));
  CHECK(la::vote_accuracy(one, data) == la::accuracy(a, data));
  CHECK(la::mean_loss(same, la::softmax_cross_entropy{}, data) ==
        Approx(la::mean_loss(a, la::softmax_cross_entropy{}, data)).epsilon(1e-6));
  CHECK(both.size() == 2);
  CHECK(bytes_of(both[1]) == bytes_of(b));
  // Two models that disagree: the first class is named.
  for (const auto& [input, target] : data) {
    const la::label first{la::argmax(a(input))}, second{la::argmax(b(input))};
    CHECK(both.vote(input) == (first.value < second.value ? first : second));
  }
}

TEST_CASE("a class that every model excludes costs much, but not infinitely much") {
  la::model<logits> sure{la::seed{1}};
  for (const la::parameter& p : sure.parameters) assign(sure.parameter(p.name.view()), numbers(p.shape.size()));
  sure.parameter("2.bias")(0) = 1e4f;
  la::dataset<la::label> data{6};
  data.push_back({0, 0, 0, 0, 0, 0}, la::label{1});
  const la::ensemble models{sure, sure};
  CHECK(std::isfinite(la::mean_loss(models, la::softmax_cross_entropy{.label_smoothing = 0.1}, data)));
  CHECK(la::mean_loss(models, la::softmax_cross_entropy{}, data) > 50);
}

TEST_CASE("no models, and data that does not fit, are refused") {
  CHECK(message_of<la::argument_error>([] { la::ensemble<logits>{std::vector<la::model<logits>>{}}; }) ==
        "ensemble: expected at least one model, got none");
  const la::ensemble models{la::model<logits>{la::seed{1}}};
  CHECK(message_of<la::argument_error>([&] { (void)la::accuracy(models, la::dataset<la::label>{6}); }) ==
        "dataset: expected at least one sample, got none");
  la::dataset<la::label> wide{7};
  wide.push_back({0, 0, 0, 0, 0, 0, 0}, la::label{0});
  CHECK(message_of<la::argument_error>([&] { (void)la::accuracy(models, wide); }) ==
        "accuracy: input size of the data set: expected 6, got 7");
}
