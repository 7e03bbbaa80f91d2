// Every schedule against PyTorch's, or where PyTorch has none against its formula; and what a schedule does to the
// steps of a trainer.
#include <golden/golden.hpp>
#include <laws/networks.hpp>
#include <laws/support.hpp>
#include <numbers>

using namespace laws;

namespace {

const golden::records& all() {
  static const golden::records records = golden::read(LAMINA_TESTS_DIRECTORY "/golden/schedules.txt");
  return records;
}

/// The rates of the first updates of an optimizer whose own rate is 0.3.
template <class O> numbers rates(const O& optimizer, std::size_t count) {
  numbers some;
  for (std::size_t step = 1; step <= count; ++step) some.push_back(optimizer.at(step).learning_rate);
  return some;
}
template <class O> void check_rates(const std::string& name, const O& optimizer) {
  const numbers& expected = all().at(name);
  check_near(name, rates(optimizer, expected.size()), expected, {1e-12, 1e-13});
}
template <class O, class Formula> void check_formula(const std::string& name, const O& optimizer, Formula formula) {
  numbers expected;
  for (int t = 0; t < 300; ++t) expected.push_back(formula(t));
  check_near(name, rates(optimizer, 300), expected, {1e-12, 1e-15});
}

const la::sgd sgd{.learning_rate = 0.3};

} // namespace

TEST_CASE("schedules are PyTorch's") {
  check_rates("step_decay", sgd | la::step_decay{.every = 40, .factor = 0.5});
  check_rates("exponential_decay", sgd | la::exponential_decay{.factor = 0.98});
  check_rates("polynomial", sgd | la::polynomial{.steps = 250, .power = 2});
  check_rates("cyclic_triangular", sgd | la::cyclic_triangular{.minimum = 0.01, .maximum = 0.2, .period = 70});
  check_rates("cosine_annealing", sgd | la::cosine_annealing{.steps = 250, .minimum = 0.01});
  check_rates("cosine_warm_restarts", sgd | la::cosine_warm_restarts{.period = 40, .minimum = 0.01});
  check_rates("cosine_warm_restarts_longer",
              sgd | la::cosine_warm_restarts{.period = 20, .multiplier = 2, .minimum = 0.01});
  check_rates("one_cycle", sgd | la::one_cycle{.steps = 301, .rise = 0.3});
  check_rates("linear_warmup", sgd | la::linear_warmup{.steps = 50});
  check_rates("linear_warmup_cosine_annealing",
              sgd | la::linear_warmup{.steps = 50} | la::cosine_annealing{.steps = 200, .minimum = 0.01});
}

TEST_CASE("schedules that PyTorch has not are their formula") {
  check_formula("constant_rate", sgd | la::constant_rate{}, [](int) { return 0.3; });
  check_formula("inverse_time", sgd | la::inverse_time{.k = 0.02}, [](int t) { return 0.3 / (1 + 0.02 * t); });
  check_formula("polynomial with a minimum", sgd | la::polynomial{.steps = 200, .power = 1, .minimum = 0.1},
                [](int t) { return t < 200 ? 0.3 - 0.2 * t / 200 : 0.1; });
  check_formula("cosine annealing stays at its end", sgd | la::cosine_annealing{.steps = 100},
                [](int t) { return t < 100 ? 0.15 * (1 + std::cos(std::numbers::pi * t / 100)) : 0; });
  check_formula("two schedules multiply", sgd | la::inverse_time{.k = 0.1} | la::exponential_decay{.factor = 0.99},
                [](int t) { return 0.3 / (1 + 0.1 * t) * std::pow(0.99, t); });
  const auto growing = la::momentum{.learning_rate = 0.3} | la::growing_momentum{.maximum = 0.9, .period = 25};
  const auto growing_adam = la::adam{} | la::growing_momentum{.maximum = 0.9, .period = 25};
  for (std::size_t step = 1; step <= 300; ++step) {
    const double k = static_cast<double>((step - 1) / 25) + 1,
                 expected = std::min(0.9, 1 - std::exp2(-1 - std::log2(k)));
    CHECK(growing.at(step).beta == Approx(expected).epsilon(1e-14));
    CHECK(growing_adam.at(step).beta1 == Approx(expected).epsilon(1e-14));
    CHECK(growing.at(step).learning_rate == 0.3);
  }
}

TEST_CASE("reduce_on_plateau is PyTorch's on a loss that falls, stays and jumps") {
  const auto check = [](const std::string& name, auto optimizer) {
    numbers some;
    for (const double loss : all().at("reduce_on_plateau/loss")) {
      some.push_back(optimizer.at(1).learning_rate);
      optimizer.observe(loss);
    }
    check_near(name, some, all().at(name), {1e-12, 0});
  };
  check("reduce_on_plateau", sgd | la::reduce_on_plateau{.factor = 0.5, .patience = 3});
  check("reduce_on_plateau_0", sgd | la::reduce_on_plateau{.factor = 0.9, .patience = 0, .threshold = 0.01});
}

TEST_CASE("a trainer asks its schedule for every update, and fit shows the plateau its validation loss") {
  using model_type = la::model<tanh_7_13_5, double>;
  const std::vector<double> inputs = drawn<double>(7 * 6, 1), targets = drawn<double>(5 * 6, 2);
  model_type model{la::seed{1}}, by_hand{la::seed{1}};
  la::trainer trainer{model, la::mean_squared_error{}, sgd | la::exponential_decay{.factor = 0.9}};
  la::trainer plain{by_hand, la::mean_squared_error{}, la::sgd{}};
  for (int t = 0; t < 20; ++t) {
    plain.optimizer().learning_rate = 0.3 * std::pow(0.9, t);
    CHECK(trainer.step(inputs, targets) == plain.step(inputs, targets));
  }
  CHECK(bytes_of(model) == bytes_of(by_hand));
  CHECK(trainer.optimizer().learning_rate == 0.3); // its own rate is as it was written

  la::dataset<la::values> data{7, 5};
  data.push_back(as<float>(as_numbers(std::span{inputs}.first(7))), as<float>(as_numbers(std::span{targets}.first(5))));
  la::trainer still{model, la::mean_squared_error{},
                    la::sgd{.learning_rate = 0} | la::reduce_on_plateau{.patience = 2}};
  still.fit(data, {.epochs = 4, .validation = &data});
  CHECK(still.optimizer().scale == Approx(0.1));
}
