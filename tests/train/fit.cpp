// What fit does and reports: every sample once an epoch, in a new order; means over samples; validation as measured
// outside.
#include <laws/support.hpp>
#include <set>

using namespace laws;

namespace {

struct net : la::network<la::input<6>, la::dense<9>, la::relu, la::dense<3>> {};

/// Three clouds of points, a tenth of them apart for validation.
la::dataset<la::label> clouds(std::size_t count) {
  la::dataset<la::label> data{6};
  for (std::size_t m = 0; m < count; ++m) {
    std::vector<float> point = drawn<float>(6, m);
    const std::size_t c = (m * m + m / 3) % 3;
    point[c] += 1;
    data.push_back(point, la::label{c});
  }
  return data;
}
la::dataset<la::values> lines(std::size_t count) {
  la::dataset<la::values> data{6, 3};
  for (std::size_t m = 0; m < count; ++m) {
    const std::vector<float> x = drawn<float>(6, m);
    data.push_back(x, {x[0] + x[1], x[2] - x[3], x[4] * x[5]});
  }
  return data;
}

/// Remembers which labels it sees, and asks for no change.
struct recording {
  std::vector<std::uint32_t>* seen;
  std::vector<std::size_t>* batches;
  static constexpr bool takes_labels = true, takes_values = false;
  template <class Net> static constexpr la::no_error diagnose() { return {}; }
  static constexpr double divisor(std::size_t batch, std::size_t) { return static_cast<double>(batch); }
  template <class T, class Arch> double sum(const la::detail::loss_view<T>& at, const la::label* targets) const {
    for (std::size_t m = 0; m < at.batch; ++m) seen->push_back(targets[m].value);
    batches->push_back(at.batch);
    if (at.dy) std::fill_n(at.dy, at.batch * at.stride, T(0));
    return 0;
  }
};

} // namespace

TEST_CASE("an epoch is every sample once, in an order of its own; the last batch holds what is left") {
  struct wide : la::network<la::input<1>, la::dense<50>> {};
  la::dataset<la::label> data{1};
  for (int m = 0; m < 50; ++m) data.push_back({0}, la::label{m});
  std::vector<std::uint32_t> seen;
  std::vector<std::size_t> batches;
  la::model<wide> model{la::seed{1}};
  la::trainer trainer{model, recording{&seen, &batches}, la::sgd{}};
  const image before = bytes_of(model);
  trainer.fit(data, {.epochs = 3, .batch_size = 16});
  CHECK(bytes_of(model) == before);
  CHECK(batches == std::vector<std::size_t>{16, 16, 16, 2, 16, 16, 16, 2, 16, 16, 16, 2});
  REQUIRE(seen.size() == 150);
  std::set<std::vector<std::uint32_t>> orders;
  for (int epoch = 0; epoch < 3; ++epoch) {
    std::vector<std::uint32_t> order(seen.begin() + 50 * epoch, seen.begin() + 50 * (epoch + 1));
    orders.insert(order);
    std::sort(order.begin(), order.end());
    for (std::uint32_t m = 0; m < 50; ++m) CHECK(order[m] == m);
  }
  CHECK(orders.size() == 3);
  CHECK(trainer.steps() == 12);
}

TEST_CASE("a batch larger than the data set is the data set") {
  la::model<net> one{la::seed{1}}, other{la::seed{1}};
  const auto data = clouds(10);
  la::trainer{one, la::softmax_cross_entropy{}, la::sgd{}}.fit(data, {.epochs = 2, .batch_size = 10});
  la::trainer{other, la::softmax_cross_entropy{}, la::sgd{}}.fit(data, {.epochs = 2, .batch_size = 1000});
  CHECK(bytes_of(one) == bytes_of(other));
}

TEMPLATE_TEST_CASE("the training loss is the mean over samples, whatever the last batch holds", "", float, double) {
  const auto data = clouds(100);
  la::model<net, TestType> model{la::seed{1}};
  const la::softmax_cross_entropy loss{.label_smoothing = 0.1};
  const double mean = la::mean_loss(model, loss, data);
  for (const std::size_t batch_size : {1u, 7u, 32u, 99u, 100u, 200u}) {
    la::trainer trainer{model, loss, la::sgd{.learning_rate = 0}};
    const la::history past = trainer.fit(data, {.epochs = 2, .batch_size = batch_size});
    CHECK(past.front().training_loss == Approx(mean).epsilon(1e-5));
    CHECK(past.back().training_loss == Approx(mean).epsilon(1e-5));
  }
  const auto table = lines(100);
  const double squares = la::mean_loss(model, la::mean_squared_error{}, table);
  la::trainer trainer{model, la::mean_squared_error{}, la::sgd{.learning_rate = 0}};
  CHECK(trainer.fit(table, {.batch_size = 32}).back().training_loss == Approx(squares).epsilon(1e-5));
}

TEMPLATE_TEST_CASE("the history holds every epoch, and its validation is what mean_loss and accuracy say", "", float,
                   double) {
  const auto [train, test] = clouds(330).split([](std::size_t i) { return i % 10 != 0; });
  la::model<net, TestType> model{la::seed{1}};
  la::trainer trainer{model, la::softmax_cross_entropy{}, la::adam{.learning_rate = 0.01}};
  const la::history past = trainer.fit(train, {.epochs = 8, .batch_size = 32, .validation = &test});
  REQUIRE(past.size() == 8);
  for (std::size_t i = 0; i < past.size(); ++i) {
    CHECK(past[i].epoch == i + 1);
    CHECK(past[i].seconds > 0);
    CHECK(past[i].samples_per_second > 0);
    CHECK((i == 0 || past[i].training_loss < past[i - 1].training_loss + 0.05));
  }
  CHECK(past.back().training_loss < 0.7 * past.front().training_loss);
  CHECK(past.back().validation_loss == la::mean_loss(model, la::softmax_cross_entropy{}, test));
  CHECK(past.back().validation_metric == la::accuracy(model, test));
  CHECK(la::accuracy(model, test) > 0.7);
}

TEST_CASE("without a validation set its values are NaN; for numbers there is no accuracy") {
  la::model<net> model{la::seed{1}};
  la::trainer trainer{model, la::mean_squared_error{}, la::adam{.learning_rate = 0.01}};
  const auto data = lines(70), test = lines(20);
  const la::history without = trainer.fit(data, {});
  CHECK(std::isnan(without.back().validation_loss));
  CHECK(std::isnan(without.back().validation_metric));
  const la::history with = trainer.fit(data, {.epochs = 20, .validation = &test});
  CHECK(with.back().validation_loss == la::mean_loss(model, la::mean_squared_error{}, test));
  CHECK(std::isnan(with.back().validation_metric));
  CHECK(with.back().validation_loss < with.front().validation_loss);
}

TEST_CASE("accuracy and mean_loss are counted by hand") {
  const auto data = clouds(300); // more than are measured at once
  const la::model<net> model{la::seed{4}};
  std::size_t right = 0;
  double total = 0;
  for (const auto& [input, target] : data) {
    const auto y = model(input);
    right += la::argmax(y) == target.value;
    double sum = 0;
    for (const float z : y) sum += std::exp(static_cast<double>(z));
    total += std::log(sum) - static_cast<double>(y[target.value]);
  }
  CHECK(la::accuracy(model, data) == static_cast<double>(right) / 300);
  CHECK(la::mean_loss(model, la::softmax_cross_entropy{}, data) == Approx(total / 300).epsilon(1e-6));
}

TEST_CASE("fit is its steps") {
  // One batch an epoch: the order of samples in it does not matter but to rounding.
  const auto data = lines(20);
  std::vector<double> inputs, targets;
  for (const auto& [input, target] : data) {
    inputs.insert(inputs.end(), input.begin(), input.end());
    targets.insert(targets.end(), target.begin(), target.end());
  }
  la::model<net, double> fitted{la::seed{1}}, stepped{la::seed{1}};
  la::trainer fitting{fitted, la::mean_squared_error{}, la::nesterov{}};
  la::trainer stepping{stepped, la::mean_squared_error{}, la::nesterov{}};
  const la::history past = fitting.fit(data, {.epochs = 10, .batch_size = 20});
  numbers losses, expected;
  for (const la::epoch_record& record : past)
    losses.push_back(record.training_loss), expected.push_back(stepping.step(inputs, targets));
  check_near("losses", losses, expected, {1e-12, 0});
  check_near("parameters", parameters_of(fitted), parameters_of(stepped), {1e-11, 1e-13});
}
