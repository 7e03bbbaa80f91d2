// Outputs (steps, classes) with a label a step: losses against PyTorch's, and rows of one sample as samples of one row.
#include <golden/golden.hpp>
#include <lamina/ensemble.hpp>
#include <laws/catalogue.hpp>
#include <laws/gradient.hpp>
#include <laws/support.hpp>
#include <loss/measure.hpp>
#include <simd/architectures.hpp>

using namespace laws;

namespace {

constexpr std::size_t steps = 3, classes = 5;
struct net
    : la::network<la::input<4>, la::dense<6>, la::tanh, la::dense<steps * classes>, la::reshape<steps, classes>> {};
struct log_net : la::network<la::input<4>, la::dense<steps * classes>, la::reshape<steps, classes>, la::log_softmax> {};
struct flat : la::network<la::input<4>, la::dense<classes>> {};

template <class T, class Loss>
void check_golden(const golden::records& all, const std::string& name, const Loss& loss, bool labelled) {
  const double near = is_double<T> ? 1e-10 : 1e-5;
  const std::vector<std::pair<std::string, std::size_t>> cases{{"1x1x5", 5},   {"1x4x3", 3},   {"3x5x7", 7},
                                                               {"1x3x16", 16}, {"2x3x19", 19}, {"4x2x1", 1}};
  for (const auto& [size, count] : cases) {
    const std::string at = name + "/" + size;
    const std::vector<T> outputs = as<T>(all.at(at + "/output"));
    const std::size_t samples = std::stoul(size), features = outputs.size() / samples;
    measured got{};
    if constexpr (la::detail::complete_loss<Loss>::takes_labels) {
      if (labelled) got = measure<T>(loss, outputs, as_labels(all.at(at + "/target")), features, count);
    }
    if constexpr (la::detail::complete_loss<Loss>::takes_values)
      if (!labelled) got = measure<T>(loss, outputs, as<T>(all.at(at + "/target")), features, count);
    check_near(at, {got.value}, all.at(at + "/value"), {near, near});
    check_near(at + "'", got.gradient, all.at(at + "/gradient"), {near, near});
  }
}

template <class T, class Arch>
void check_rows(const std::string& name, const auto& loss, std::size_t count, const auto& targets) {
  const std::size_t samples = 3, rows = 4;
  const std::vector<T> outputs = drawn<T>(samples * rows * count, 1);
  const measured whole = measure<T, Arch>(loss, outputs, targets, rows * count, count),
                 single = measure<T, Arch>(loss, outputs, targets, count, count);
  INFO(name << ", rows of " << count << ", vectors of " << (la::simd::width<T, Arch>));
  const double near = is_double<T> ? 1e-13 : 1e-5;
  CHECK(whole.value == Approx(single.value).epsilon(near));
  check_near(name, whole.gradient, single.gradient, {near, near});
}

la::dataset<la::labels> sequences(std::size_t count) {
  la::dataset<la::labels> data{4, steps};
  for (std::size_t i = 0; i < count; ++i) data.push_back(drawn<float>(4, i), drawn_labels(steps, classes, 77 + i));
  return data;
}

std::size_t largest(const auto& y, std::size_t row) {
  std::size_t best = 0;
  for (std::size_t c = 0; c < classes; ++c)
    if (y(row, c) > y(row, best)) best = c;
  return best;
}

} // namespace

TEMPLATE_TEST_CASE("losses of sequences are PyTorch's on (N·L, C), or on (N, L, C)", "", double, float) {
  const golden::records all = golden::read(LAMINA_TESTS_DIRECTORY "/golden/labels.txt");
  using T = TestType;
  const la::softmax_cross_entropy plain{}, smoothed{.label_smoothing = 0.1};
  check_golden<T>(all, "softmax_cross_entropy_labels", plain, true);
  check_golden<T>(all, "softmax_cross_entropy_labels_smoothing_0.1", smoothed, true);
  check_golden<T>(all, "softmax_cross_entropy_soft", plain, false);
  check_golden<T>(all, "softmax_cross_entropy_soft_smoothing_0.1", smoothed, false);
  check_golden<T>(all, "negative_log_likelihood", la::negative_log_likelihood{}, true);
  check_golden<T>(all, "mean_squared_error", la::mean_squared_error{}, false);
  check_golden<T>(all, "kl_divergence", la::kl_divergence{}, false);
}

TEMPLATE_TEST_CASE("rows of a sample are samples of a row, to every loss that is a mean", "", double, float) {
  using T = TestType;
  std::apply(
      [&]<class... Arch>(Arch...) {
        for (const std::size_t count : {1u, 3u, 8u, 16u, 17u, 33u}) {
          std::vector<T> targets = drawn<T>(12 * count, 2);
          for (T& t : targets) t = std::abs(t);
          const auto labels = drawn_labels(12, count, 3);
          const auto by = [&](const auto& t) {
            return [&]<class E>() { // word2vec's loss is the sum of a sample's scores
              if constexpr (!std::is_same_v<typename E::type, la::negative_sampling>)
                (check_rows<T, Arch>(E::text(), typename E::type{}, count, t), ...);
            };
          };
          for_each(value_losses{}, by(targets));
          for_each(label_losses{}, by(labels));
          for_each(label_losses_of_log_probabilities{}, by(labels));
          const la::softmax_cross_entropy smoothed{.label_smoothing = 0.3};
          (check_rows<T, Arch>("smoothed", smoothed, count, labels), ...);
          (check_rows<T, Arch>("smoothed", smoothed, count, targets), ...);
        }
      },
      machine_architectures{});
}

TEST_CASE("the gradient of a network whose samples have a row of labels is the central difference") {
  const std::vector<double> inputs = drawn<double>(4 * 6, 1);
  const auto targets = drawn_labels(steps * 6, classes, 2);
  la::model<net, double> model{la::seed{1}};
  for (const double smoothing : {0.0, 0.2}) {
    la::trainer trainer{model, la::softmax_cross_entropy{.label_smoothing = smoothing}, la::sgd{}};
    check_gradient("sequence", model, trainer, inputs, targets);
  }
  la::model<log_net, double> log_model{la::seed{1}};
  la::trainer trainer{log_model, la::negative_log_likelihood{}, la::sgd{}};
  check_gradient("log-probabilities", log_model, trainer, inputs, targets);
}

TEST_CASE("a batch of sequences has a label for each step, below the number of classes") {
  la::model<net> model{la::seed{1}};
  la::trainer trainer{model, la::softmax_cross_entropy{}, la::sgd{}};
  const std::vector<float> inputs = drawn<float>(8, 1);
  const image before = bytes_of(model);
  auto targets = drawn_labels(2 * steps, classes, 2);
  targets[4] = la::label{classes};
  const auto refusal = [&](std::size_t count) {
    try {
      trainer.step(inputs, std::span<const la::label>{targets}.first(count));
    } catch (const la::argument_error& wrong) {
      return std::string(wrong.what());
    }
    return std::string("nothing was thrown");
  };
  CHECK(refusal(2) == "targets of a batch: expected 6 labels, got 2");
  CHECK(refusal(6) == "label 4 of a batch: expected below 5, got 5");
  CHECK(bytes_of(model) == before);
}

TEST_CASE("measures of sequences count rows: loss, accuracy, top-k, confusion, ensemble") {
  const auto data = sequences(150); // more than are measured at once
  la::model<net> model{la::seed{3}}, other{la::seed{4}};
  std::size_t right = 0, among_two = 0;
  double loss = 0;
  la::confusion_matrix counts{classes};
  for (const auto& [input, target] : data) {
    const auto y = model(input);
    for (std::size_t row = 0; row < steps; ++row) {
      const std::size_t truth = target[row].value;
      double sum = 0;
      std::size_t above = 0;
      for (std::size_t c = 0; c < classes; ++c)
        sum += std::exp(static_cast<double>(y(row, c))), above += y(row, c) > y(row, truth);
      loss += std::log(sum) - static_cast<double>(y(row, truth));
      right += above == 0, among_two += above < 2;
      counts.add(target[row], la::label{largest(y, row)});
    }
  }
  const double rows = 150 * steps;
  CHECK(la::mean_loss(model, la::softmax_cross_entropy{}, data) == Approx(loss / rows).epsilon(1e-6));
  CHECK(la::accuracy(model, data) == Approx(static_cast<double>(right) / rows));
  CHECK(la::top_k_accuracy<1>(model, data) == Approx(static_cast<double>(right) / rows));
  CHECK(la::top_k_accuracy<2>(model, data) == Approx(static_cast<double>(among_two) / rows));
  CHECK(la::top_k_accuracy<classes>(model, data) == 1);
  CHECK(la::evaluate_confusion(model, data) == counts);

  const la::ensemble alone{model};
  CHECK(la::accuracy(alone, data) == la::accuracy(model, data));
  CHECK(la::vote_accuracy(alone, data) == la::accuracy(model, data));
  CHECK(la::mean_loss(alone, la::softmax_cross_entropy{}, data) == Approx(loss / rows).epsilon(1e-5));
  const la::ensemble thrice{other, model, other}; // two of three votes
  CHECK(la::vote_accuracy(thrice, data) == la::accuracy(other, data));
}

TEST_CASE("training on sequences learns them, and validation is what the measures say") {
  la::dataset<la::labels> data{4, steps};
  for (std::size_t i = 0; i < 200; ++i) {
    const std::vector<float> x = drawn<float>(4, i);
    const auto sign = [&](std::size_t k) { return la::label{x[k] > 0 ? 1 : 0}; };
    data.push_back(x, {sign(0), sign(1), sign(2)});
  }
  const auto [train, test] = data.split([](std::size_t i) { return i % 4 != 0; });
  la::model<net> model{la::seed{1}};
  la::trainer trainer{model, la::softmax_cross_entropy{}, la::adam{.learning_rate = 0.02}};
  const la::history past = trainer.fit(train, {.epochs = 30, .batch_size = 16, .validation = &test});
  CHECK(past.back().validation_metric == Approx(la::accuracy(model, test)));
  CHECK(past.back().validation_loss == Approx(la::mean_loss(model, la::softmax_cross_entropy{}, test)));
  CHECK(past.back().validation_metric > 0.85);
  CHECK(past.back().training_loss < 0.3);

  la::model<net, double> twin{la::seed{1}};
  la::trainer slow{twin, la::softmax_cross_entropy{}, la::adam{.learning_rate = 0.02}};
  CHECK(slow.fit(train, {.epochs = 30, .batch_size = 16}).back().training_loss ==
        Approx(past.back().training_loss).epsilon(1e-3));
}

TEST_CASE("a data set of sequences that does not fit a network is refused") {
  la::model<net> model{la::seed{1}};
  la::trainer trainer{model, la::softmax_cross_entropy{}, la::sgd{}};
  const auto refusal = [](auto action) {
    try {
      action();
    } catch (const la::argument_error& wrong) {
      return std::string(wrong.what());
    }
    return std::string("nothing was thrown");
  };
  la::dataset<la::label> one_each{4};
  one_each.push_back({0, 0, 0, 0}, la::label{0});
  CHECK(refusal([&] { trainer.fit(one_each, {}); }) == "fit: target size of the data set: expected 3, got 1");
  CHECK(refusal([&] { la::accuracy(model, one_each); }) == "accuracy: target size of the data set: expected 3, got 1");
  la::dataset<la::labels> large = sequences(3);
  large.push_back({0, 0, 0, 0}, {la::label{0}, la::label{classes}, la::label{0}});
  CHECK(refusal([&] { trainer.fit(large, {}); }) == "dataset: label 1 of sample 3: expected below 5, got 5");

  // Without an axis of steps, one label is a row of one.
  la::model<flat> single{la::seed{1}};
  la::dataset<la::labels> rows_of_one{4, 1};
  la::dataset<la::label> labels{4};
  for (std::size_t i = 0; i < 20; ++i) {
    const auto target = drawn_labels(1, classes, i);
    rows_of_one.push_back(drawn<float>(4, i), target);
    labels.push_back(drawn<float>(4, i), target[0]);
  }
  CHECK(la::accuracy(single, rows_of_one) == la::accuracy(single, labels));
  CHECK(la::mean_loss(single, la::softmax_cross_entropy{}, rows_of_one) ==
        la::mean_loss(single, la::softmax_cross_entropy{}, labels));
}
