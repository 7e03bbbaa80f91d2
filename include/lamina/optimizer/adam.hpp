#pragma once
#include <lamina/core/checked.hpp>
#include <lamina/expression/rule.hpp>

namespace lamina {

namespace detail {

/// The update of Adam by the members of O; both sides of the quotient times √(1−β₂ᵗ), so that v̂ need not be formed.
template <class O> constexpr auto adam_update() {
  using namespace terms;
  constexpr hyper<&O::learning_rate> eta;
  constexpr hyper<&O::beta1> beta1;
  constexpr hyper<&O::beta2> beta2;
  constexpr hyper<&O::epsilon> epsilon;
  constexpr slot<"mean"> m;
  constexpr slot<"square"> v;
  constexpr auto root = sqrt(1 - pow(beta2, terms::step));
  return rule(m = beta1 * m + (1 - beta1) * g, v = beta2 * v + (1 - beta2) * square(g),
              w = w - eta * root / (1 - pow(beta1, terms::step)) * m / (sqrt(v) + epsilon * root));
}

} // namespace detail

/// m ← β₁m + (1−β₁)g; v ← β₂v + (1−β₂)g²; w ← w − η m̂ / (√v̂ + ε), m̂ = m/(1−β₁ᵗ), v̂ = v/(1−β₂ᵗ).
/// Source: Kingma and Ba 2015; torch.optim.Adam.
struct adam {
  non_negative<"learning_rate"> learning_rate = 1e-3;
  below_one<"beta1"> beta1 = 0.9;
  below_one<"beta2"> beta2 = 0.999;
  positive<"epsilon"> epsilon = 1e-8;

  static constexpr auto update() { return detail::adam_update<adam>(); }
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
    constexpr hyper<&adamw::learning_rate> eta;
    constexpr hyper<&adamw::weight_decay> decay;
    return rule(terms::w = terms::w * (1 - eta * decay), detail::adam_update<adamw>());
  }
};

} // namespace lamina
