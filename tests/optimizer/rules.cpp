// Updates against the catalogue's formulas, written out for one scalar: what PyTorch has not, and how parts compose.
// The network has matrices in panels and in rows, so that a row of weights is found in both.
#include <functional>
#include <laws/networks.hpp>
#include <laws/support.hpp>

using namespace laws;

namespace {

using net = gelu_3_17_9_2;
using model_type = la::model<net, double>;

const std::vector<double> inputs = drawn<double>(3 * 6, 1), targets = drawn<double>(2 * 6, 2);

/// What a reference works on: all parameters, their gradients and two histories, in PyTorch's order.
struct scalars {
  numbers w, g, m, v;
  double step = 0;
  template <class Rule> void each(Rule rule) {
    for (std::size_t i = 0; i < w.size(); ++i) rule(w[i], g[i], m[i], v[i]);
  }
  double norm() const {
    double squares = 0;
    for (const double one : g) squares += one * one;
    return std::sqrt(squares);
  }
};

/// Thirty steps of a trainer and of its reference, which gets the trainer's gradients.
template <class O>
void check_steps(const std::string& name, const O& optimizer, std::function<void(scalars&)> reference) {
  model_type model{la::seed{7}};
  la::trainer trainer{model, la::mean_squared_error{}, optimizer};
  scalars expected{.w = parameters_of(model),
                   .g = {},
                   .m = numbers(model_type::network::parameter_count),
                   .v = numbers(model_type::network::parameter_count)};
  for (int step = 0; step < 30; ++step) {
    const auto gradient = trainer.gradient(inputs, targets);
    expected.g = all_of<model_type>([&](std::string_view parameter) { return gradient(parameter); });
    ++expected.step;
    reference(expected);
    trainer.step(inputs, targets);
    check_near(name + ": step " + std::to_string(step), parameters_of(model), expected.w, {1e-12, 1e-13});
  }
}

double sign(double x) { return x > 0 ? 1 : x < 0 ? -1 : 0; }
void descend(scalars& s, double eta) {
  for (std::size_t i = 0; i < s.w.size(); ++i) s.w[i] -= eta * s.g[i];
}
/// Rows of weights shortened to a length.
void shorten(scalars& s, double longest) {
  std::size_t first = 0;
  for (const la::parameter& p : model_type::parameters) {
    if (p.shape.rank == 2)
      for (std::size_t n = 0; n < p.shape[0]; ++n) {
        double squares = 0;
        for (std::size_t k = 0; k < p.shape[1]; ++k) squares += std::pow(s.w[first + n * p.shape[1] + k], 2);
        if (std::sqrt(squares) <= longest) continue;
        for (std::size_t k = 0; k < p.shape[1]; ++k) s.w[first + n * p.shape[1] + k] *= longest / std::sqrt(squares);
      }
    first += p.shape.size();
  }
}

} // namespace

TEST_CASE("lion is sign descent along two averages") {
  check_steps("lion", la::lion{.learning_rate = 1e-3}, [](scalars& s) {
    s.each([](double& w, double g, double& m, double&) {
      w -= 1e-3 * sign(0.9 * m + 0.1 * g);
      m = 0.99 * m + 0.01 * g;
    });
  });
}

TEST_CASE("adaptive optimizers are the catalogue's formulas") {
  check_steps("adagrad", la::adagrad{.learning_rate = 0.1}, [](scalars& s) {
    s.each([](double& w, double g, double&, double& v) { v += g * g, w -= 0.1 * g / (std::sqrt(v) + 1e-10); });
  });
  check_steps("rmsprop", la::rmsprop{.learning_rate = 0.01, .beta = 0.95}, [](scalars& s) {
    s.each([](double& w, double g, double&, double& v) {
      v = 0.95 * v + 0.05 * g * g, w -= 0.01 * g / (std::sqrt(v) + 1e-8);
    });
  });
  check_steps("adadelta", la::adadelta{.beta = 0.95, .epsilon = 1e-4}, [](scalars& s) {
    s.each([](double& w, double g, double& u, double& v) {
      v = 0.95 * v + 0.05 * g * g;
      const double d = g * std::sqrt(u + 1e-4) / std::sqrt(v + 1e-4);
      u = 0.95 * u + 0.05 * d * d, w -= d;
    });
  });
  check_steps("adamax", la::adamax{.learning_rate = 0.01}, [](scalars& s) {
    s.each([&](double& w, double g, double& m, double& u) {
      m = 0.9 * m + 0.1 * g, u = std::max(0.999 * u, std::abs(g) + 1e-8);
      w -= 0.01 / (1 - std::pow(0.9, s.step)) * m / u;
    });
  });
}

TEST_CASE("penalties add their slope to the gradient") {
  check_steps("l1", la::sgd{.learning_rate = 0.1} | la::l1{0.01}, [](scalars& s) {
    s.each([](double& w, double g, double&, double&) { w -= 0.1 * (g + 0.01 * sign(w)); });
  });
  check_steps("elastic_net", la::sgd{.learning_rate = 0.1} | la::elastic_net{.lambda1 = 0.01, .lambda2 = 0.05},
              [](scalars& s) {
                s.each([](double& w, double g, double&, double&) { w -= 0.1 * (g + 0.01 * sign(w) + 0.05 * w); });
              });
  check_steps("momentum | l1 | l2", la::momentum{.learning_rate = 0.1, .beta = 0.8} | la::l1{0.01} | la::l2{0.05},
              [](scalars& s) {
                s.each([](double& w, double g, double& u, double&) {
                  u = 0.8 * u + g + 0.01 * sign(w) + 0.05 * w, w -= 0.1 * u;
                });
              });
}

TEST_CASE("a penalty on a weight of 0 pulls nowhere") {
  model_type model{la::seed{7}};
  for (const la::parameter& p : model.parameters) assign(model.parameter(p.name.view()), numbers(p.shape.size()));
  const numbers nothing(2 * 6);
  la::trainer trainer{model, la::mean_squared_error{}, la::sgd{} | la::elastic_net{1, 1}};
  trainer.step(inputs, nothing);
  CHECK(parameters_of(model) == numbers(model_type::network::parameter_count));
}

TEST_CASE("decoupled decay is before the update, with the rate of the step") {
  check_steps("momentum | weight_decay", la::momentum{.learning_rate = 0.1} | la::weight_decay{0.2}, [](scalars& s) {
    s.each([](double& w, double g, double& u, double&) { u = 0.9 * u + g, w = w * (1 - 0.1 * 0.2) - 0.1 * u; });
  });
  check_steps("sgd | weight_decay | schedule",
              la::sgd{.learning_rate = 0.1} | la::weight_decay{0.2} | la::inverse_time{.k = 1}, [](scalars& s) {
                const double eta = 0.1 / s.step;
                s.each([eta](double& w, double g, double&, double&) { w = w * (1 - eta * 0.2) - eta * g; });
              });
}

TEST_CASE("max_norm shortens the weights into each unit, and leaves short ones and biases alone") {
  for (const double longest : {0.05, 0.5, 0.9, 100.0})
    check_steps("max_norm", la::sgd{.learning_rate = 0.3} | la::max_norm{longest}, [&](scalars& s) {
      descend(s, 0.3);
      shorten(s, longest);
    });
}

TEST_CASE("clipping by value holds for what stands before it, penalties too") {
  check_steps("l2 | clip_by_value", la::sgd{.learning_rate = 0.5} | la::l2{0.3} | la::clip_by_value{0.05},
              [](scalars& s) {
                s.each([](double& w, double g, double&, double&) { w -= 0.5 * std::clamp(g + 0.3 * w, -0.05, 0.05); });
              });
  check_steps(
      "clip_by_value | l2", la::sgd{.learning_rate = 0.5} | la::clip_by_value{0.05} | la::l2{0.3}, [](scalars& s) {
        s.each([](double& w, double g, double&, double&) { w -= 0.5 * (std::clamp(g, -0.05, 0.05) + 0.3 * w); });
      });
}

TEST_CASE("the global norm is that of what stands before the clipping") {
  const auto scale = [](const scalars& s, double limit) { return std::min(1.0, limit / (s.norm() + 1e-6)); };
  check_steps("clip_by_global_norm | l2", la::sgd{.learning_rate = 0.5} | la::clip_by_global_norm{0.2} | la::l2{0.3},
              [&](scalars& s) {
                const double by = scale(s, 0.2);
                s.each([by](double& w, double g, double&, double&) { w -= 0.5 * (g * by + 0.3 * w); });
              });
  check_steps("l2 | clip_by_value | clip_by_global_norm",
              la::sgd{.learning_rate = 0.5} | la::l2{0.3} | la::clip_by_value{0.05} | la::clip_by_global_norm{0.2},
              [&](scalars& s) {
                for (std::size_t i = 0; i < s.w.size(); ++i) s.g[i] = std::clamp(s.g[i] + 0.3 * s.w[i], -0.05, 0.05);
                descend(s, 0.5 * scale(s, 0.2));
              });
  check_steps("a limit that is never reached", la::sgd{.learning_rate = 0.5} | la::clip_by_global_norm{1e6},
              [](scalars& s) { descend(s, 0.5); });
  check_steps("everything at once",
              la::adam{.learning_rate = 0.02} | la::l1{0.001} | la::clip_by_global_norm{0.2} | la::weight_decay{0.1} |
                  la::linear_warmup{.steps = 10} | la::exponential_decay{.factor = 0.9} | la::max_norm{0.8},
              [&](scalars& s) {
                const double t = s.step - 1, eta = t < 10 ? 0.02 * (t + 1) / 10 : 0.02 * std::pow(0.9, t - 10);
                for (std::size_t i = 0; i < s.w.size(); ++i) s.g[i] += 0.001 * sign(s.w[i]);
                const double by = scale(s, 0.2);
                s.each([&](double& w, double g, double& m, double& v) {
                  g *= by;
                  w *= 1 - eta * 0.1;
                  m = 0.9 * m + 0.1 * g, v = 0.999 * v + 0.001 * g * g;
                  w -= eta * m / (1 - std::pow(0.9, s.step)) / (std::sqrt(v / (1 - std::pow(0.999, s.step))) + 1e-8);
                });
                shorten(s, 0.8);
              });
}

TEST_CASE("three gathered batches and a clipped norm are one update from their mean") {
  model_type model{la::seed{7}};
  numbers expected = parameters_of(model);
  la::trainer trainer{model, la::mean_squared_error{},
                      la::sgd{.learning_rate = 0.5} | la::l2{0.1} | la::clip_by_global_norm{0.2} |
                          la::accumulate_gradients{3}};
  for (int update = 0; update < 5; ++update) {
    scalars s{.w = expected, .g = numbers(expected.size()), .m = {}, .v = {}};
    for (std::size_t batch = 0; batch < 3; ++batch) {
      const std::span<const double> x = std::span{inputs}.subspan(6 * batch, 6),
                                    t = std::span{targets}.subspan(4 * batch, 4);
      const auto gradient = trainer.gradient(x, t);
      const numbers g = all_of<model_type>([&](std::string_view name) { return gradient(name); });
      for (std::size_t i = 0; i < g.size(); ++i) s.g[i] += g[i] / 3;
      trainer.step(x, t);
    }
    for (std::size_t i = 0; i < s.w.size(); ++i) s.g[i] += 0.1 * s.w[i];
    descend(s, 0.5 * std::min(1.0, 0.2 / (s.norm() + 1e-6)));
    check_near("update " + std::to_string(update), parameters_of(model), s.w, {1e-12, 1e-13});
    expected = s.w;
  }
}
