// Every loss: its value and gradient against PyTorch's, against the central difference, and what they leave alone.
#include <golden/golden.hpp>
#include <laws/catalogue.hpp>
#include <laws/gradient.hpp>
#include <laws/support.hpp>

using namespace laws;

namespace {

struct measured {
  double value;
  numbers gradient;
};

/// A loss on outputs and targets, rows of `features` numbers or labels, as the trainer calls it.
template <class T, class Arch = xsimd::default_arch, class Loss, class Target>
measured measure(const Loss& loss, const std::vector<T>& outputs, const std::vector<Target>& targets,
                 std::size_t features) {
  const std::size_t batch = outputs.size() / features, stride = la::simd::padded<T, Arch>(features);
  la::aligned_block<T> y{batch * stride}, dy{batch * stride};
  // What stands in the padding must not matter.
  std::fill(y.data(), y.data() + y.size(), std::numeric_limits<T>::quiet_NaN());
  std::fill(dy.data(), dy.data() + dy.size(), T(7));
  std::vector<const T*> rows(batch);
  for (std::size_t m = 0; m < batch; ++m) std::copy_n(&outputs[m * features], features, y.data() + m * stride);
  const la::detail::loss_view<T> with{y.data(), dy.data(), stride, batch, features};
  const la::detail::loss_view<T> without{y.data(), nullptr, stride, batch, features};
  double sum = 0, sum_alone = 0;
  if constexpr (std::is_same_v<Target, la::label>) {
    sum = loss.template sum<T, Arch>(with, targets.data());
    sum_alone = loss.template sum<T, Arch>(without, targets.data());
  } else {
    for (std::size_t m = 0; m < batch; ++m) rows[m] = &targets[m * features];
    sum = loss.template sum<T, Arch>(with, rows.data());
    sum_alone = loss.template sum<T, Arch>(without, rows.data());
  }
  CHECK(sum == Approx(sum_alone).epsilon(is_double<T> ? 1e-14 : 1e-6));
  measured result{sum / loss.divisor(batch, features), {}};
  bool clean = true;
  for (std::size_t m = 0; m < batch; ++m)
    for (std::size_t n = 0; n < stride; ++n) {
      const T d = dy.data()[m * stride + n];
      if (n < features)
        result.gradient.push_back(static_cast<double>(d));
      else
        clean = clean && d == 0;
    }
  INFO("padding of the gradient");
  CHECK(clean);
  return result;
}

std::vector<la::label> as_labels(const numbers& values) {
  std::vector<la::label> all;
  for (const double v : values) all.push_back(la::label{static_cast<unsigned>(v)});
  return all;
}

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
    if constexpr (Loss::takes_labels) {
      if (labels) got = measure<T>(loss, outputs, as_labels(all.at(at + "/target")), features);
    }
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
}

TEST_CASE("the gradient of a loss is its central difference") {
  for (const std::size_t features : {1u, 5u, 16u, 19u}) {
    INFO(features << " features");
    std::vector<double> targets = drawn<double>(3 * features, 12);
    for (double& t : targets) t = std::abs(t); // what every loss takes
    for_each(value_losses{}, [&]<class E>() { check_difference(E::text(), typename E::type{}, features, targets); });
    const auto labels = drawn_labels(3, features, 13);
    check_difference("labels", la::softmax_cross_entropy{}, features, labels);
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

TEST_CASE("the gradient of a network by any loss is the central difference, and in float the same") {
  struct net : la::network<la::input<5>, la::dense<7>, la::tanh, la::dense<3>> {};
  la::model<net, double> model{la::seed{5}};
  la::model<net> narrow{la::seed{5}};
  const auto inputs = drawn<double>(5 * 4, 1);
  const auto narrow_inputs = as<float>(inputs);
  const auto check = [&](const std::string& name, const auto& loss, const auto& targets, const auto& narrow_targets) {
    la::trainer trainer{model, loss, la::sgd{}};
    la::trainer narrow_trainer{narrow, loss, la::sgd{}};
    check_gradient(name, model, trainer, inputs, targets);
    CHECK(narrow_trainer.loss(narrow_inputs, narrow_targets) == Approx(trainer.loss(inputs, targets)).epsilon(1e-5));
    const auto wide_gradient = trainer.gradient(inputs, targets);
    const auto gradient = narrow_trainer.gradient(narrow_inputs, narrow_targets);
    check_near(name + " in float", all_of<la::model<net>>([&](std::string_view at) { return gradient(at); }),
               all_of<la::model<net, double>>([&](std::string_view at) { return wide_gradient(at); }), {1e-5, 1e-6});
  };
  std::vector<double> targets = drawn<double>(3 * 4, 2);
  for (double& t : targets) t = std::abs(t);
  for_each(value_losses{}, [&]<class E>() { check(E::text(), typename E::type{}, targets, as<float>(targets)); });
  const auto labels = drawn_labels(4, 3, 3);
  check("labels", la::softmax_cross_entropy{.label_smoothing = 0.1}, labels, labels);
}
