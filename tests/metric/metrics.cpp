// Measures against plain references that read one prediction after the other.
#include <laws/support.hpp>
#include <limits>
#include <numeric>
#include <sstream>

using namespace laws;

namespace {

template <std::size_t Classes> struct net : la::network<la::input<6>, la::dense<9>, la::tanh, la::dense<Classes>> {};
/// A network whose outputs are its inputs.
template <std::size_t Size> struct mirror : la::network<la::input<Size>, la::identity> {};

/// More and fewer samples than are measured at once, and just as many.
constexpr std::size_t sizes[]{1, 7, 127, 128, 129, 300};

la::dataset<la::label> labelled(std::size_t samples, std::size_t inputs, std::size_t classes) {
  return {inputs, drawn<float>(samples * inputs, 31), drawn_labels(samples, classes, 32)};
}
la::dataset<la::values> valued(std::size_t samples, std::size_t inputs, std::size_t outputs) {
  return {inputs, outputs, drawn<float>(samples * inputs, 33), drawn<float>(samples * outputs, 34)};
}

/// The outputs for sample i, as numbers.
template <class Model, class Data> numbers outputs_of(const Model& model, const Data& data, std::size_t i) {
  const auto row = data.input(i);
  std::vector<typename Model::scalar> input(row.begin(), row.end());
  const auto y = model(std::span<const typename Model::scalar>{input});
  return numbers(y.data(), y.data() + y.size());
}

/// Classes from the most likely one to the least; the first ones first among equals.
std::vector<std::size_t> ranked(const numbers& y) {
  std::vector<std::size_t> order(y.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return y[a] > y[b]; });
  return order;
}

/// The share of samples whose label is among the first k, by sorting.
template <class Model> double sorted_top(const Model& model, const la::dataset<la::label>& data, std::size_t k) {
  std::size_t right = 0;
  for (std::size_t i = 0; i < data.size(); ++i) {
    const auto order = ranked(outputs_of(model, data, i));
    const auto end = order.begin() + static_cast<std::ptrdiff_t>(k);
    right += std::find(order.begin(), end, data.target(i).value) != end;
  }
  return static_cast<double>(right) / static_cast<double>(data.size());
}

template <class Model> double plain_r_squared(const Model& model, const la::dataset<la::values>& data) {
  double error = 0, variation = 0;
  for (std::size_t n = 0; n < data.target_size(); ++n) {
    double mean = 0;
    const auto target = [&](std::size_t i) { return static_cast<double>(data.target(i)[n]); };
    for (std::size_t i = 0; i < data.size(); ++i) mean += target(i);
    mean /= static_cast<double>(data.size());
    for (std::size_t i = 0; i < data.size(); ++i) {
      error += std::pow(outputs_of(model, data, i)[n] - target(i), 2);
      variation += std::pow(target(i) - mean, 2);
    }
  }
  return 1 - error / variation;
}

template <class Net> const la::model<Net>& untrained() {
  static const la::model<Net> model{la::seed{3}};
  return model;
}

} // namespace

TEMPLATE_TEST_CASE("top-k accuracy is what sorting gives, and the accuracy for k = 1", "", double, float) {
  const la::model<net<7>, TestType> model{la::seed{3}};
  for (const std::size_t size : sizes) {
    INFO(size << " samples");
    const auto data = labelled(size, 6, 7);
    const double top[]{la::top_k_accuracy<1>(model, data), la::top_k_accuracy<2>(model, data),
                       la::top_k_accuracy<3>(model, data), la::top_k_accuracy<4>(model, data),
                       la::top_k_accuracy<5>(model, data), la::top_k_accuracy<6>(model, data),
                       la::top_k_accuracy<7>(model, data)};
    CHECK(top[0] == la::accuracy(model, data));
    CHECK(top[6] == 1);
    for (std::size_t k = 0; k < 7; ++k) CHECK(top[k] == sorted_top(model, data, k + 1));
  }
}

TEST_CASE("among equal outputs the first ones are the largest, and what is no number is none of them") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  la::dataset<la::label> equal{4}, broken{4};
  for (unsigned c = 0; c < 4; ++c) {
    equal.push_back({1, 1, 1, 1}, la::label{c});
    broken.push_back({nan, nan, nan, nan}, la::label{c});
  }
  const auto& model = untrained<mirror<4>>();
  CHECK(la::top_k_accuracy<1>(model, equal) == 0.25);
  CHECK(la::top_k_accuracy<3>(model, equal) == 0.75);
  CHECK(la::top_k_accuracy<3>(model, broken) == 0);
}

TEMPLATE_TEST_CASE("a confusion matrix counts every sample where its class and its prediction meet", "", double,
                   float) {
  const la::model<net<5>, TestType> model{la::seed{3}};
  for (const std::size_t size : sizes) {
    INFO(size << " samples");
    const auto data = labelled(size, 6, 5);
    const la::confusion_matrix confusion = la::evaluate_confusion(model, data);
    la::confusion_matrix expected{5};
    std::size_t present[5]{}, taken[5]{}, right[5]{};
    for (std::size_t i = 0; i < size; ++i) {
      const std::size_t truth = data.target(i).value, predicted = ranked(outputs_of(model, data, i))[0];
      expected.add(data.target(i), la::label{predicted});
      ++present[truth], ++taken[predicted], right[truth] += truth == predicted;
    }
    CHECK(confusion == expected);
    CHECK(confusion.classes() == 5);
    CHECK(confusion.total() == size);
    CHECK(confusion.accuracy() == la::accuracy(model, data));
    const auto share = [](std::size_t part, std::size_t whole) {
      return whole ? static_cast<double>(part) / static_cast<double>(whole) : 0;
    };
    for (std::size_t c = 0; c < 5; ++c) {
      CHECK(confusion.precision(c) == share(right[c], taken[c]));
      CHECK(confusion.recall(c) == share(right[c], present[c]));
    }
  }
}

TEST_CASE("a confusion matrix by hand") {
  la::confusion_matrix confusion{3};
  CHECK(confusion.accuracy() == 0); // shares of nothing
  CHECK(confusion.precision(1) == 0);
  CHECK(confusion.recall(1) == 0);
  const auto add = [&](unsigned truth, unsigned predicted, int times) {
    for (int i = 0; i < times; ++i) confusion.add(la::label{truth}, la::label{predicted});
  };
  add(0, 0, 6), add(0, 1, 2), add(1, 1, 1234), add(1, 0, 3), add(2, 0, 1);
  CHECK(confusion(0, 1) == 2);
  CHECK(confusion(1, 0) == 3);
  CHECK(confusion.precision(0) == Approx(0.6));
  CHECK(confusion.recall(0) == Approx(0.75));
  CHECK(confusion.precision(2) == 0);
  CHECK(confusion.accuracy() == Approx(1240. / 1246));
}

TEST_CASE("a confusion matrix is printed as a table, right-aligned under its labels") {
  la::confusion_matrix confusion{3};
  for (int i = 0; i < 120; ++i) confusion.add(la::label{0}, la::label{0});
  for (int i = 0; i < 7; ++i) confusion.add(la::label{2}, la::label{1});
  std::ostringstream out;
  out << confusion << "after";
  CHECK(out.str() == "true \\ predicted    0    1    2\n"
                     "               0  120    0    0\n"
                     "               1    0    0    0\n"
                     "               2    0    7    0\n"
                     "after");
  // However many classes and digits, every line is as long as the first.
  for (const std::size_t classes : {1u, 2u, 11u, 101u}) {
    la::confusion_matrix large{classes};
    for (int i = 0; i < 12; ++i) large.add(la::label{classes - 1}, la::label{0});
    std::ostringstream text;
    text << large;
    std::istringstream lines{text.str()};
    std::size_t length = 0, count = 0;
    for (std::string line; std::getline(lines, line); ++count) {
      if (count == 0) length = line.size();
      CHECK(line.size() == length);
    }
    CHECK(count == classes + 1);
  }
}

TEMPLATE_TEST_CASE("R squared is what the definition gives", "", double, float) {
  const la::model<net<3>, TestType> model{la::seed{3}};
  for (const std::size_t size : sizes) {
    if (size == 1) continue; // one target does not vary
    INFO(size << " samples");
    const auto data = valued(size, 6, 3);
    CHECK(la::r_squared(model, data) ==
          Approx(plain_r_squared(model, data)).epsilon(is_double<TestType> ? 1e-12 : 1e-5));
  }
}

TEST_CASE("R squared is 1 for exact predictions, 0 for the mean, and below 0 for worse") {
  const auto& model = untrained<mirror<2>>();
  la::dataset<la::values> exact{2, 2}, mean{2, 2}, worse{2, 2};
  for (int i = 0; i < 10; ++i) {
    const float a = static_cast<float>(i), b = static_cast<float>(1000 - 3 * i);
    exact.push_back({a, b}, {a, b});
    mean.push_back({4.5f, 986.5f}, {a, b});
    worse.push_back({b, a}, {a, b});
  }
  CHECK(la::r_squared(model, exact) == 1);
  CHECK(la::r_squared(model, mean) == Approx(0).margin(1e-12));
  CHECK(la::r_squared(model, worse) < -1);
}

TEST_CASE("targets that do not vary are explained by exact predictions alone") {
  const auto& model = untrained<mirror<1>>();
  la::dataset<la::values> exact{1, 1}, off{1, 1};
  for (int i = 0; i < 300; ++i) {
    exact.push_back({0.1f}, {0.1f});
    off.push_back({i == 299 ? 0.2f : 0.1f}, {0.1f});
  }
  CHECK(la::r_squared(model, exact) == 1);
  CHECK(la::r_squared(model, off) == 0);
  CHECK(la::r_squared(model, exact.take(1)) == 1);
}

TEST_CASE("the mean loss is the mean over samples one by one, for a loss with fields too") {
  const auto& model = untrained<net<3>>();
  const auto data = valued(300, 6, 3);
  double sum = 0;
  for (std::size_t i = 0; i < data.size(); ++i)
    for (std::size_t n = 0; n < 3; ++n) {
      const double d = std::abs(outputs_of(model, data, i)[n] - static_cast<double>(data.target(i)[n]));
      sum += d < 0.3 ? d * d / 2 : 0.3 * (d - 0.15);
    }
  CHECK(la::mean_loss(model, la::huber{.delta = 0.3}, data) == Approx(sum / 900).epsilon(1e-5));
}

TEST_CASE("a data set that does not fit is refused by every measure") {
  const auto& model = untrained<net<3>>();
  const auto check = [&](const la::dataset<la::label>& data) {
    CHECK_THROWS_AS(la::accuracy(model, data), la::argument_error);
    CHECK_THROWS_AS(la::top_k_accuracy<2>(model, data), la::argument_error);
    CHECK_THROWS_AS(la::evaluate_confusion(model, data), la::argument_error);
    CHECK_THROWS_AS(la::mean_loss(model, la::softmax_cross_entropy{}, data), la::argument_error);
  };
  check(la::dataset<la::label>{6}); // empty
  check(labelled(4, 5, 3));         // other inputs
  la::dataset<la::label> fourth{6};
  fourth.push_back({1, 2, 3, 4, 5, 6}, la::label{3});
  check(fourth); // a class that there is not
  CHECK_THROWS_AS(la::r_squared(model, la::dataset<la::values>{6, 3}), la::argument_error);
  CHECK_THROWS_AS(la::r_squared(model, valued(4, 5, 3)), la::argument_error);
  CHECK_THROWS_AS(la::r_squared(model, valued(4, 6, 2)), la::argument_error);
  CHECK_THROWS_WITH(la::r_squared(model, valued(4, 6, 2)), "r_squared: target size of the data set: expected 3, got 2");
}

TEST_CASE("a confusion matrix refuses classes that it has not, and counts nothing then") {
  CHECK_THROWS_AS(la::confusion_matrix{0}, la::argument_error);
  la::confusion_matrix confusion{3};
  CHECK_THROWS_WITH(confusion.add(la::label{0}, la::label{3}), "confusion_matrix: class: expected below 3, got 3");
  CHECK_THROWS_AS(confusion.add(la::label{7}, la::label{0}), la::argument_error);
  CHECK_THROWS_AS(confusion(3, 0), la::argument_error);
  CHECK_THROWS_AS(confusion(0, 3), la::argument_error);
  CHECK_THROWS_AS(confusion.precision(3), la::argument_error);
  CHECK_THROWS_AS(confusion.recall(3), la::argument_error);
  CHECK(confusion.total() == 0);
}
