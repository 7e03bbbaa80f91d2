#pragma once
#include <lamina/core/checked.hpp>
#include <lamina/expression/rule.hpp>

/// Penalties on the parameters, as parts of an optimizer: `sgd{} | l2{1e-4}`. They act on every parameter that is
/// trained, biases included.
namespace lamina {

/// L + λ Σ|w|: g ← g + λ sign(w).
struct l1 {
  using optimizer_part = void;
  non_negative<"l1"> lambda = 1e-4;

  static constexpr auto gradient() {
    using namespace terms;
    constexpr hyper<&l1::lambda> lambda;
    return rule(g = g + lambda * sign(w));
  }
};

/// L + λ/2 Σw²: g ← g + λw. Source: the weight_decay of torch.optim.SGD and Adam.
struct l2 {
  using optimizer_part = void;
  non_negative<"l2"> lambda = 1e-4;

  static constexpr auto gradient() {
    using namespace terms;
    constexpr hyper<&l2::lambda> lambda;
    return rule(g = g + lambda * w);
  }
};

/// Both: g ← g + λ₁ sign(w) + λ₂w. Source: Zou and Hastie 2005.
struct elastic_net {
  using optimizer_part = void;
  non_negative<"elastic_net l1"> lambda1 = 1e-4;
  non_negative<"elastic_net l2"> lambda2 = 1e-4;

  static constexpr auto gradient() {
    using namespace terms;
    constexpr hyper<&elastic_net::lambda1> lambda1;
    constexpr hyper<&elastic_net::lambda2> lambda2;
    return rule(g = g + lambda1 * sign(w) + lambda2 * w);
  }
};

/// Decay apart from the gradient: w ← w − ηλw before the update, with the η of this step.
/// Source: Loshchilov and Hutter 2019; torch.optim.AdamW.
struct weight_decay {
  using optimizer_part = void;
  non_negative<"weight_decay"> lambda = 1e-2;

  template <class Base> static constexpr auto parameter() {
    using namespace terms;
    constexpr hyper<&Base::learning_rate> eta;
    constexpr hyper<&weight_decay::lambda> lambda;
    return rule(w = w * (1 - eta * lambda));
  }
};

/// After the update, the weights into one unit are shortened to a Euclidean length of at most `length`: a row of the
/// weight, all of a filter. (The rows of `conv_transpose2d` are its inputs: there it is what leaves one.)
/// Source: Srivastava et al. 2014.
struct max_norm {
  using optimizer_part = void;
  positive<"max_norm"> length = 3;

  double longest_row() const { return length; }
};

} // namespace lamina
