#pragma once
#include <cmath>
#include <cstddef>

#include <lamina/core/checked.hpp>
#include <lamina/expression/rule.hpp>

/// Optimizers that divide by a history of the gradient; Adam and its weight decay are in adam.hpp.
namespace lamina {

/// v ← v + g²; w ← w − η g / (√v + ε). Source: Duchi, Hazan, Singer 2011; torch.optim.Adagrad.
struct adagrad {
  non_negative<"learning_rate"> learning_rate = 1e-2;
  positive<"epsilon"> epsilon = 1e-10;

  static constexpr auto update() {
    using namespace terms;
    constexpr hyper<&adagrad::learning_rate> eta;
    constexpr hyper<&adagrad::epsilon> epsilon;
    constexpr slot<"square"> v;
    return rule(v = v + square(g), w = w - eta * g / (sqrt(v) + epsilon));
  }
};

/// v ← βv + (1−β)g²; w ← w − η g / (√v + ε). Source: Tieleman and Hinton 2012; torch.optim.RMSprop.
struct rmsprop {
  non_negative<"learning_rate"> learning_rate = 1e-2;
  below_one<"beta"> beta = 0.99;
  positive<"epsilon"> epsilon = 1e-8;

  static constexpr auto update() {
    using namespace terms;
    constexpr hyper<&rmsprop::learning_rate> eta;
    constexpr hyper<&rmsprop::beta> beta;
    constexpr hyper<&rmsprop::epsilon> epsilon;
    constexpr slot<"square"> v;
    return rule(v = beta * v + (1 - beta) * square(g), w = w - eta * g / (sqrt(v) + epsilon));
  }
};

/// v ← βv + (1−β)g²; d = g √(u+ε) / √(v+ε); u ← βu + (1−β)d²; w ← w − d: the ratio of two histories, and no rate.
/// Source: Zeiler 2012; torch.optim.Adadelta with lr = 1.
struct adadelta {
  below_one<"beta"> beta = 0.9;
  positive<"epsilon"> epsilon = 1e-6;

  static constexpr auto update() {
    using namespace terms;
    constexpr hyper<&adadelta::beta> beta;
    constexpr hyper<&adadelta::epsilon> epsilon;
    constexpr slot<"square"> v;
    constexpr slot<"delta"> u;
    constexpr term<"d"> d;
    return rule(v = beta * v + (1 - beta) * square(g), d = g * sqrt((u + epsilon) / (v + epsilon)),
                u = beta * u + (1 - beta) * square(d), w = w - d);
  }
};

/// m ← β₁m + (1−β₁)g; u ← max(β₂u, |g| + ε); w ← w − η/(1−β₁ᵗ) m/u. Source: Kingma and Ba 2015; torch.optim.Adamax.
struct adamax {
  non_negative<"learning_rate"> learning_rate = 2e-3;
  below_one<"beta1"> beta1 = 0.9;
  below_one<"beta2"> beta2 = 0.999;
  positive<"epsilon"> epsilon = 1e-8;

  static constexpr auto update() {
    using namespace terms;
    constexpr hyper<&adamax::learning_rate> eta;
    constexpr hyper<&adamax::beta1> beta1;
    constexpr hyper<&adamax::beta2> beta2;
    constexpr hyper<&adamax::epsilon> epsilon;
    constexpr slot<"mean"> m;
    constexpr slot<"largest"> u;
    return rule(m = beta1 * m + (1 - beta1) * g, u = max(beta2 * u, abs(g) + epsilon),
                w = w - eta / (1 - pow(beta1, terms::step)) * m / u);
  }
};

/// Adam with Nesterov's momentum, which grows: μₜ = β₁(1 − ½·0.96^(0.004 t)), P = μ₁…μₜ;
/// w ← w − η (μₜ₊₁ m/(1 − P μₜ₊₁) + (1−μₜ) g/(1−P)) / (√v̂ + ε). Source: Dozat 2016; torch.optim.NAdam.
struct nadam {
  non_negative<"learning_rate"> learning_rate = 2e-3;
  below_one<"beta1"> beta1 = 0.9;
  below_one<"beta2"> beta2 = 0.999;
  positive<"epsilon"> epsilon = 1e-8;
  double product = 1, this_momentum = 0, next_momentum = 0; ///< P, μₜ and μₜ₊₁: what `advance` sets
  std::size_t advanced = 0;                                 ///< the step that they belong to

  constexpr double momentum_at(std::size_t step) const {
    return beta1 * (1 - 0.5 * std::pow(0.96, 0.004 * static_cast<double>(step)));
  }
  /// Makes ready for update number `step`; cheap where it follows the one before.
  void advance(std::size_t step) {
    if (step != advanced + 1) product = 1, advanced = 0;
    while (advanced < step) product *= momentum_at(++advanced);
    this_momentum = momentum_at(step), next_momentum = momentum_at(step + 1);
  }

  static constexpr auto update() {
    using namespace terms;
    constexpr hyper<&nadam::learning_rate> eta;
    constexpr hyper<&nadam::beta1> beta1;
    constexpr hyper<&nadam::beta2> beta2;
    constexpr hyper<&nadam::epsilon> epsilon;
    constexpr hyper<&nadam::product> product;
    constexpr hyper<&nadam::this_momentum> now;
    constexpr hyper<&nadam::next_momentum> next;
    constexpr slot<"mean"> m;
    constexpr slot<"square"> v;
    constexpr auto root = sqrt(1 - pow(beta2, terms::step)); // as in Adam
    return rule(m = beta1 * m + (1 - beta1) * g, v = beta2 * v + (1 - beta2) * square(g),
                w = w - (eta * root * next / (1 - product * next) * m + eta * root * (1 - now) / (1 - product) * g) /
                            (sqrt(v) + epsilon * root));
  }
};

/// w ← w − η sign(β₁m + (1−β₁)g); m ← β₂m + (1−β₂)g. Source: Chen et al. 2023.
struct lion {
  non_negative<"learning_rate"> learning_rate = 1e-4;
  below_one<"beta1"> beta1 = 0.9;
  below_one<"beta2"> beta2 = 0.99;

  static constexpr auto update() {
    using namespace terms;
    constexpr hyper<&lion::learning_rate> eta;
    constexpr hyper<&lion::beta1> beta1;
    constexpr hyper<&lion::beta2> beta2;
    constexpr slot<"mean"> m;
    return rule(w = w - eta * sign(beta1 * m + (1 - beta1) * g), m = beta2 * m + (1 - beta2) * g);
  }
};

} // namespace lamina
