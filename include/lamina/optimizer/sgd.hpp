#pragma once
#include <lamina/core/checked.hpp>
#include <lamina/expression/rule.hpp>

namespace lamina {

/// Gradient descent: w ← w − ηg. Source: torch.optim.SGD.
struct sgd {
  non_negative<"learning_rate"> learning_rate = 1e-2;

  static constexpr auto update() {
    using namespace terms;
    constexpr hyper<&sgd::learning_rate> eta;
    return rule(w = w - eta * g);
  }
};

/// u ← βu + g; w ← w − ηu. Source: Polyak 1964; torch.optim.SGD(momentum).
struct momentum {
  non_negative<"learning_rate"> learning_rate = 1e-2;
  below_one<"beta"> beta = 0.9;

  static constexpr auto update() {
    using namespace terms;
    constexpr hyper<&momentum::learning_rate> eta;
    constexpr hyper<&momentum::beta> beta;
    constexpr slot<"velocity"> u;
    return rule(u = beta * u + g, w = w - eta * u);
  }
};

/// u ← βu + g; w ← w − η(g + βu). Source: Nesterov 1983 in the form of torch.optim.SGD(nesterov).
struct nesterov {
  non_negative<"learning_rate"> learning_rate = 1e-2;
  below_one<"beta"> beta = 0.9;

  static constexpr auto update() {
    using namespace terms;
    constexpr hyper<&nesterov::learning_rate> eta;
    constexpr hyper<&nesterov::beta> beta;
    constexpr slot<"velocity"> u;
    return rule(u = beta * u + g, w = w - eta * (g + beta * u));
  }
};

} // namespace lamina
