#pragma once
#include <lamina/core/checked.hpp>
#include <lamina/expression/rule.hpp>

namespace lamina {

/// m ← β₁m + (1−β₁)g; v ← β₂v + (1−β₂)g²; w ← w − η m̂ / (√v̂ + ε), m̂ = m/(1−β₁ᵗ), v̂ = v/(1−β₂ᵗ).
/// Source: Kingma and Ba 2015; torch.optim.Adam.
struct adam {
  non_negative<"learning_rate"> learning_rate = 1e-3;
  below_one<"beta1"> beta1 = 0.9;
  below_one<"beta2"> beta2 = 0.999;
  positive<"epsilon"> epsilon = 1e-8;

  static constexpr auto update() {
    using namespace terms;
    constexpr hyper<&adam::learning_rate> eta;
    constexpr hyper<&adam::beta1> beta1;
    constexpr hyper<&adam::beta2> beta2;
    constexpr hyper<&adam::epsilon> epsilon;
    constexpr slot<"mean"> m;
    constexpr slot<"square"> v;
    constexpr auto root = sqrt(1 - pow(beta2, terms::step)); // both sides of the quotient by it: v̂ need not be formed
    return rule(m = beta1 * m + (1 - beta1) * g, v = beta2 * v + (1 - beta2) * square(g),
                w = w - eta * root / (1 - pow(beta1, terms::step)) * m / (sqrt(v) + epsilon * root));
  }
};

/// Adam with the decay apart from the gradient: w ← w − ηλw first. Source: Loshchilov and Hutter 2019;
/// torch.optim.AdamW.
struct adamw {
  non_negative<"learning_rate"> learning_rate = 1e-3;
  below_one<"beta1"> beta1 = 0.9;
  below_one<"beta2"> beta2 = 0.999;
  positive<"epsilon"> epsilon = 1e-8;
  non_negative<"weight_decay"> weight_decay = 1e-2;

  static constexpr auto update() {
    using namespace terms;
    constexpr hyper<&adamw::learning_rate> eta;
    constexpr hyper<&adamw::beta1> beta1;
    constexpr hyper<&adamw::beta2> beta2;
    constexpr hyper<&adamw::epsilon> epsilon;
    constexpr hyper<&adamw::weight_decay> decay;
    constexpr slot<"mean"> m;
    constexpr slot<"square"> v;
    constexpr auto root = sqrt(1 - pow(beta2, terms::step)); // as in Adam
    return rule(w = w * (1 - eta * decay), m = beta1 * m + (1 - beta1) * g, v = beta2 * v + (1 - beta2) * square(g),
                w = w - eta * root / (1 - pow(beta1, terms::step)) * m / (sqrt(v) + epsilon * root));
  }
};

} // namespace lamina
