// Every loss: its value and gradient against PyTorch's, against the central difference, and what they leave alone.
#include <golden/golden.hpp>
#include <laws/catalogue.hpp>
#include <laws/gradient.hpp>
#include <laws/support.hpp>
#include <loss/measure.hpp>

using namespace laws;

namespace {

template <class T, class Loss>
void check_golden(const golden::records& all, const std::string& name, const Loss& loss, bool labels) {
  const double near = is_double<T> ? 1e-10 : 1e-5;
  int found = 0;
  for (const char* size : {"1x1", "3x2", "5x7", "1x10", "13x10", "4x33"}) {
    const std::string at = name + "/" + size;
    if (!all.contains(at + "/value")) continue;
    ++found;
    const std::vector<T> outputs = as<T>(all.at(at + "/output"));
    const std::size_t features = std::stoul(std::string(size).substr(std::string(size).find('x') + 1));
    measured got{};
    if constexpr (la::detail::complete_loss<Loss>::takes_labels) {
      if (labels) got = measure<T>(loss, outputs, as_labels(all.at(at + "/target")), features);
    }
    if constexpr (la::detail::complete_loss<Loss>::takes_values)
      if (!labels) got = measure<T>(loss, outputs, as<T>(all.at(at + "/target")), features);
    check_near(at, {got.value}, all.at(at + "/value"), {near, near});
    check_near(at + "'", got.gradient, all.at(at + "/gradient"), {near, near});
  }
  INFO(name);
  CHECK(found >= 5);
}

template <class Loss>
void check_difference(const std::string& name, const Loss& loss, std::size_t features, const auto& targets) {
  const std::size_t batch = 3;
  std::vector<double> outputs = drawn<double>(batch * features, 11);
  const numbers gradient = measure<double>(loss, outputs, targets, features).gradient;
  numbers difference;
  for (double& y : outputs) {
    const double at = y, h = 1e-4;
    const auto value = [&](double nudge) {
      return y = at + nudge, measure<double>(loss, outputs, targets, features).value;
    };
    const double near = value(h) - value(-h), far = value(2 * h) - value(-2 * h);
    difference.push_back((8 * near - far) / (12 * h));
    y = at;
  }
  check_near(name, gradient, difference, {1e-6, 1e-10});
}

} // namespace

TEMPLATE_TEST_CASE("a loss's value and gradient are PyTorch's", "", double, float) {
  const golden::records all = golden::read(LAMINA_TESTS_DIRECTORY "/golden/losses.txt");
  using T = TestType;
  check_golden<T>(all, "mean_squared_error", la::mean_squared_error{}, false);
  check_golden<T>(all, "mean_absolute_error", la::mean_absolute_error{}, false);
  check_golden<T>(all, "binary_cross_entropy", la::binary_cross_entropy{}, false);
  check_golden<T>(all, "binary_cross_entropy_soft", la::binary_cross_entropy{}, false);
  const la::softmax_cross_entropy plain{}, smoothed{.label_smoothing = 0.1};
  check_golden<T>(all, "softmax_cross_entropy_label", plain, true);
  check_golden<T>(all, "softmax_cross_entropy_label_extreme", plain, true);
  check_golden<T>(all, "softmax_cross_entropy_label_smoothing_0.1", smoothed, true);
  check_golden<T>(all, "softmax_cross_entropy_soft", plain, false);
  check_golden<T>(all, "softmax_cross_entropy_soft_smoothing_0.1", smoothed, false);
  const golden::records more = golden::read(LAMINA_TESTS_DIRECTORY "/golden/losses_more.txt");
  check_golden<T>(more, "huber", la::huber{}, false);
  check_golden<T>(more, "huber_0.5", la::huber{.delta = 0.5}, false);
  check_golden<T>(more, "huber_2.5", la::huber{.delta = 2.5}, false);
  check_golden<T>(more, "log_cosh", la::log_cosh{}, false);
  check_golden<T>(more, "log_cosh_far", la::log_cosh{}, false);
  check_golden<T>(more, "hinge", la::hinge{}, false);
  check_golden<T>(more, "kl_divergence", la::kl_divergence{}, false);
  check_golden<T>(more, "negative_log_likelihood", la::negative_log_likelihood{}, true);
  check_golden<T>(golden::read(LAMINA_TESTS_DIRECTORY "/golden/negative_sampling.txt"), "negative_sampling",
                  la::negative_sampling{}, false);
}

TEST_CASE("the gradient of a loss is its central difference") {
  for (const std::size_t features : {1u, 5u, 16u, 19u}) {
    INFO(features << " features");
    std::vector<double> targets = drawn<double>(3 * features, 12);
    for (double& t : targets) t = std::abs(t); // what every loss takes
    const auto labels = drawn_labels(3, features, 13);
    const auto by = [&](const auto& t) {
      return [&]<class E>() { check_difference(E::text(), typename E::type{}, features, t); };
    };
    for_each(value_losses{}, by(targets));
    for_each(value_losses_of_log_probabilities{}, by(targets));
    for_each(label_losses{}, by(labels));
    for_each(label_losses_of_log_probabilities{}, by(labels));
    check_difference("narrow huber", la::huber{.delta = 0.2}, features, targets);
    check_difference("smoothed labels", la::softmax_cross_entropy{.label_smoothing = 0.2}, features, labels);
    check_difference("smoothed targets", la::softmax_cross_entropy{.label_smoothing = 0.2}, features, targets);
  }
}

TEST_CASE("a label is the target with a 1 at its place") {
  const std::vector<double> outputs = drawn<double>(4 * 7, 3);
  const std::vector<la::label> labels = drawn_labels(4, 7, 4);
  std::vector<double> targets(4 * 7);
  for (std::size_t m = 0; m < 4; ++m) targets[m * 7 + labels[m].value] = 1;
  for (const double smoothing : {0.0, 0.1}) {
    const la::softmax_cross_entropy loss{.label_smoothing = smoothing};
    const measured by_label = measure<double>(loss, outputs, labels, 7),
                   by_values = measure<double>(loss, outputs, targets, 7);
    CHECK(by_label.value == Approx(by_values.value).epsilon(1e-14));
    check_near("gradient", by_label.gradient, by_values.gradient, {1e-13, 1e-15});
  }
}

TEST_CASE("a loss of outputs that overflow an exponential is finite") {
  const std::vector<float> outputs{1000, -1000, 0, -1000, 1000, 1000};
  const measured labelled = measure<float>(la::softmax_cross_entropy{}, outputs, as_labels({1, 0}), 3);
  CHECK(labelled.value == Approx(2000 + std::log(2) / 2)); // (2000 + 2000 + log 2) / 2
  const measured binary = measure<float>(la::binary_cross_entropy{}, outputs, std::vector<float>{1, 0, 0, 0, 1, 1}, 3);
  CHECK(binary.value == Approx(std::log(2) / 6));
}

namespace {

struct logits : la::network<la::input<5>, la::dense<7>, la::tanh, la::dense<3>> {};
struct log_probabilities : la::network<la::input<5>, la::dense<7>, la::tanh, la::dense<3>, la::log_softmax> {};
const std::vector<double> inputs = drawn<double>(5 * 4, 1);

/// Four rows of three probabilities.
std::vector<double> distributions() {
  std::vector<double> all = drawn<double>(3 * 4, 2);
  for (std::size_t m = 0; m < 4; ++m) {
    double sum = 0;
    for (std::size_t n = 0; n < 3; ++n) sum += all[3 * m + n] = std::abs(all[3 * m + n]);
    for (std::size_t n = 0; n < 3; ++n) all[3 * m + n] /= sum;
  }
  return all;
}

template <class Net>
void check_network(const std::string& name, const auto& loss, const auto& targets, const auto& narrow_targets) {
  la::model<Net, double> model{la::seed{5}};
  la::model<Net> narrow{la::seed{5}};
  const auto narrow_inputs = as<float>(inputs);
  la::trainer trainer{model, loss, la::sgd{}};
  la::trainer narrow_trainer{narrow, loss, la::sgd{}};
  check_gradient(name, model, trainer, inputs, targets);
  CHECK(narrow_trainer.loss(narrow_inputs, narrow_targets) == Approx(trainer.loss(inputs, targets)).epsilon(1e-5));
  const auto wide_gradient = trainer.gradient(inputs, targets);
  const auto gradient = narrow_trainer.gradient(narrow_inputs, narrow_targets);
  check_near(name + " in float", all_of<la::model<Net>>([&](std::string_view at) { return gradient(at); }),
             all_of<la::model<Net, double>>([&](std::string_view at) { return wide_gradient(at); }), {1e-5, 1e-6});
}

} // namespace

TEST_CASE("the gradient of a network by any loss is the central difference, and in float the same") {
  const std::vector<double> targets = distributions();
  const std::vector<la::label> labels = drawn_labels(4, 3, 3);
  const auto by = [&]<class Net>(std::type_identity<Net>, const auto& t, const auto& narrow) {
    return [&]<class E>() { check_network<Net>(E::text(), typename E::type{}, t, narrow); };
  };
  const std::type_identity<logits> plain;
  const std::type_identity<log_probabilities> normalized;
  for_each(value_losses{}, by(plain, targets, as<float>(targets)));
  for_each(label_losses{}, by(plain, labels, labels));
  for_each(value_losses_of_log_probabilities{}, by(normalized, targets, as<float>(targets)));
  for_each(label_losses_of_log_probabilities{}, by(normalized, labels, labels));
  check_network<logits>("smoothed", la::softmax_cross_entropy{.label_smoothing = 0.1}, labels, labels);
}

TEST_CASE("after log_softmax, likelihood and divergence are cross-entropy on the logits") {
  la::model<logits, double> before{la::seed{5}};
  la::model<log_probabilities, double> after{la::seed{5}};
  la::trainer entropy{before, la::softmax_cross_entropy{}, la::sgd{}};
  la::trainer likelihood{after, la::negative_log_likelihood{}, la::sgd{}};
  la::trainer divergence{after, la::kl_divergence{}, la::sgd{}};
  const auto all = []<class Model>(const Model&, const auto& gradient) {
    return all_of<Model>([&](std::string_view at) { return gradient(at); });
  };
  const std::vector<la::label> labels = drawn_labels(4, 3, 3);
  CHECK(likelihood.loss(inputs, labels) == Approx(entropy.loss(inputs, labels)).epsilon(1e-13));
  check_near("likelihood", all(after, likelihood.gradient(inputs, labels)),
             all(before, entropy.gradient(inputs, labels)), {1e-11, 1e-14});

  const std::vector<double> targets = distributions();
  double negentropy = 0; // of the targets: what the divergence takes off the cross-entropy
  for (const double t : targets) negentropy += t * std::log(t) / 4;
  CHECK(divergence.loss(inputs, targets) == Approx(entropy.loss(inputs, targets) + negentropy).epsilon(1e-12));
  check_near("divergence", all(after, divergence.gradient(inputs, targets)),
             all(before, entropy.gradient(inputs, targets)), {1e-11, 1e-14});
}

TEST_CASE("the divergence of a distribution from itself is 0, and a certain class's is its negative log-likelihood") {
  std::vector<double> targets = distributions(), outputs = targets;
  for (double& y : outputs) y = std::log(y);
  CHECK(measure<double>(la::kl_divergence{}, outputs, targets, 3).value == Approx(0).margin(1e-15));
  const std::vector<la::label> labels = drawn_labels(4, 3, 9);
  std::fill(targets.begin(), targets.end(), 0);
  for (std::size_t m = 0; m < 4; ++m) targets[3 * m + labels[m].value] = 1;
  const measured certain = measure<double>(la::kl_divergence{}, outputs, targets, 3),
                 likelihood = measure<double>(la::negative_log_likelihood{}, outputs, labels, 3);
  CHECK(certain.value == Approx(likelihood.value).epsilon(1e-14));
  check_near("gradient", certain.gradient, likelihood.gradient, {0, 0});
}

TEST_CASE("huber is half the square within delta and delta times the distance beyond") {
  const std::vector<double> outputs = drawn<double>(40, 21), targets = drawn<double>(40, 22);
  const auto value = [&](const auto& loss) { return measure<double>(loss, outputs, targets, 8).value; };
  CHECK(value(la::huber{.delta = 100}) == Approx(value(la::mean_squared_error{}) / 2).epsilon(1e-14));
  CHECK(value(la::huber{.delta = 1e-9}) == Approx(1e-9 * value(la::mean_absolute_error{})).epsilon(1e-6));
}

TEST_CASE("log_cosh stays finite and is the distance less log 2 far away") {
  for (const float far : {1e2f, 1e6f, 1e30f})
    for (const float sign : {1.f, -1.f}) {
      const measured got = measure<float>(la::log_cosh{}, std::vector<float>{sign * far}, std::vector<float>{0}, 1);
      CHECK(got.value == Approx(static_cast<double>(far) - std::log(2)).epsilon(1e-6));
      CHECK(got.gradient[0] == static_cast<double>(sign));
    }
  const measured exact = measure<float>(la::log_cosh{}, std::vector<float>{3}, std::vector<float>{3}, 1);
  CHECK(std::abs(exact.value) < 1e-7);
  CHECK(std::abs(exact.gradient[0]) < 2e-7);
}

TEST_CASE("hinge asks for a margin of 1 on the target's side, and for no more") {
  const std::vector<double> outputs{2, 1, 0.25, -3, -2, -1, -0.25, 3}, targets{1, 1, 1, 1, -1, -1, -1, -1};
  const measured got = measure<double>(la::hinge{}, outputs, targets, 4);
  CHECK(got.value == Approx((0.75 + 4 + 0.75 + 4) / 8));
  check_near("gradient", got.gradient, {0, 0, -0.125, -0.125, 0, 0, 0.125, 0.125}, {1e-15, 0});
}

TEST_CASE("a field of a loss is read when it runs, not when it is compiled") {
  const std::vector<double> outputs = drawn<double>(6, 1), targets = drawn<double>(6, 2);
  for (const double scale : {0.1, 1.0, 30.0}) {
    double expected = 0;
    for (std::size_t i = 0; i < 6; ++i)
      expected += scale * scale * std::log1p(std::pow((outputs[i] - targets[i]) / scale, 2)) / 6;
    CHECK(measure<double>(scaled_cauchy{scale}, outputs, targets, 6).value == Approx(expected).epsilon(1e-12));
  }
}

TEST_CASE("a loss's field out of its range is refused where it is written") {
  const double nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();
  for (const double wrong : {0.0, -1.0, nan, infinity}) CHECK_THROWS_AS(la::huber{.delta = wrong}, la::argument_error);
  for (const double wrong : {-0.1, 1.5, nan})
    CHECK_THROWS_AS(la::softmax_cross_entropy{.label_smoothing = wrong}, la::argument_error);
  CHECK_THROWS_WITH(la::huber{.delta = -1}, "huber: delta: expected a finite number above 0, got -1.000000");
}

TEST_CASE("a label that is no class is refused by every loss that takes labels") {
  const std::vector<la::label> labels(4, la::label{3});
  for_each(label_losses_of_log_probabilities{}, [&]<class E>() {
    la::model<log_probabilities, double> model{la::seed{5}};
    la::trainer trainer{model, typename E::type{}, la::sgd{}};
    const image before = bytes_of(model);
    CHECK_THROWS_AS(trainer.step(inputs, labels), la::argument_error);
    CHECK(bytes_of(model) == before);
  });
}

namespace {

struct other {
  double scale = 1;
};
struct foreign_field {
  static constexpr auto formula() { return la::hyper<&other::scale>{} * la::terms::y; }
};
template <class Loss, class Net>
constexpr bool fits = std::is_same_v<decltype(la::detail::complete_loss<Loss>::template diagnose<Net>()), la::no_error>;

} // namespace

TEST_CASE("a loss is refused by the networks and formulas that it does not fit") {
  struct probabilities : la::network<la::input<5>, la::dense<3>, la::softmax> {};
  struct nested : la::network<la::input<5>, log_probabilities> {};
  static_assert(fits<la::huber, logits> && fits<scaled_cauchy, logits> && !fits<foreign_field, logits>);
  static_assert(fits<la::negative_log_likelihood, log_probabilities> && fits<la::negative_log_likelihood, nested>);
  static_assert(!fits<la::negative_log_likelihood, logits> && !fits<la::negative_log_likelihood, probabilities>);
  static_assert(fits<la::kl_divergence, log_probabilities> && !fits<la::kl_divergence, logits>);
  static_assert(fits<la::softmax_cross_entropy, logits> && !fits<la::softmax_cross_entropy, probabilities> &&
                !fits<la::softmax_cross_entropy, log_probabilities> && !fits<la::softmax_cross_entropy, nested>);
  SUCCEED();
}
