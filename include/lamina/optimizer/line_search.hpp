#pragma once
#include <cstddef>
#include <limits>
#include <vector>

#include <lamina/core/checked.hpp>
#include <lamina/expression/rule.hpp>

/// Descent along the gradient as far as the loss says: w ← w − ηg with an η that is looked for in every step. For full
/// batches: each try is a forward pass over the batch. `search(loss_at, loss, g²)` gives η; `loss_at(η)` is the loss of
/// the same batch after a step of η.
namespace lamina {

/// An optimizer that looks for its rate.
template <class O>
concept LineSearch = requires(const O o) { o.search([](double) { return 0.0; }, 0.0, 0.0); };

/// The first of η = initial, initial · shrink, … that lowers the loss by at least slope · η‖g‖²; none, if `tries` are
/// not enough. Source: Armijo 1966; Nocedal and Wright, "Numerical Optimization", algorithm 3.1.
struct backtracking {
  positive<"backtracking: initial"> initial = 1;
  below_one<"backtracking: shrink"> shrink = 0.5;
  below_one<"backtracking: slope"> slope = 1e-4;
  std::size_t tries = 40;
  double rate = 0; ///< what the last search found

  template <class LossAt> double search(const LossAt& loss_at, double loss, double squares) const {
    double eta = initial;
    for (std::size_t i = 0; i < tries; ++i, eta *= shrink)
      if (loss_at(eta) <= loss - slope * eta * squares) return eta;
    return 0;
  }
  static constexpr auto update() {
    using namespace terms;
    constexpr hyper<&backtracking::rate> eta;
    return rule(w = w - eta * g);
  }
};

/// The best of some rates: that with the lowest loss, 0 among them.
struct best_of_grid {
  std::vector<double> rates = {1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1};
  double rate = 0; ///< what the last search found

  template <class LossAt> double search(const LossAt& loss_at, double loss, double) const {
    double best = 0;
    for (const double eta : rates)
      if (const double here = loss_at(eta); here < loss) loss = here, best = eta;
    return best;
  }
  static constexpr auto update() {
    using namespace terms;
    constexpr hyper<&best_of_grid::rate> eta;
    return rule(w = w - eta * g);
  }
};

} // namespace lamina
