#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>

#include <lamina/core/checked.hpp>

/// Learning rates as pure functions of the number of updates, and momentum's: parts of an optimizer,
/// `adam{} | linear_warmup{.steps = 50} | cosine_annealing{.steps = 1000}`. `rate(η, t)` is the rate of the update that
/// t others went before, where the optimizer's own rate is η.
namespace lamina {

/// The optimizer's own rate, all the time.
struct constant_rate {
  using optimizer_part = void;
  double rate(double eta, double) const { return eta; }
};

/// η · factor^⌊t/every⌋: halved every so many steps. Source: torch.optim.lr_scheduler.StepLR.
struct step_decay {
  using optimizer_part = void;
  positive<"step_decay: every"> every = 1000;
  fraction<"step_decay: factor"> factor = 0.5;
  double rate(double eta, double t) const { return eta * std::pow(factor, std::floor(t / every)); }
};

/// η · factor^t. Source: torch.optim.lr_scheduler.ExponentialLR.
struct exponential_decay {
  using optimizer_part = void;
  fraction<"exponential_decay: factor"> factor = 0.999;
  double rate(double eta, double t) const { return eta * std::pow(factor, t); }
};

/// η / (1 + kt).
struct inverse_time {
  using optimizer_part = void;
  non_negative<"inverse_time: k"> k = 1e-3;
  double rate(double eta, double t) const { return eta / (1 + k * t); }
};

/// η₁ + (η − η₁)(1 − t/steps)^power, η₁ from then on. Source: torch.optim.lr_scheduler.PolynomialLR.
struct polynomial {
  using optimizer_part = void;
  positive<"polynomial: steps"> steps = 1000;
  positive<"polynomial: power"> power = 1;
  non_negative<"polynomial: minimum"> minimum = 0;
  double rate(double eta, double t) const {
    return minimum + (eta - minimum) * std::pow(1 - std::min(t / steps, 1.0), power);
  }
};

/// From the minimum to the maximum and back in every period, along straight lines; the optimizer's own rate is not
/// asked. Source: Smith 2017; torch.optim.lr_scheduler.CyclicLR.
struct cyclic_triangular {
  using optimizer_part = void;
  non_negative<"cyclic_triangular: minimum"> minimum = 1e-4;
  non_negative<"cyclic_triangular: maximum"> maximum = 1e-2;
  positive<"cyclic_triangular: period"> period = 1000;
  double rate(double, double t) const {
    const double phase = 2 * (t / period - std::floor(t / period)); // 0 … 2
    return minimum + (maximum - minimum) * (1 - std::abs(phase - 1));
  }
};

/// η₁ + (η − η₁)(1 + cos(πt/steps))/2, η₁ from then on. Source: Loshchilov and Hutter 2017;
/// torch.optim.lr_scheduler.CosineAnnealingLR.
struct cosine_annealing {
  using optimizer_part = void;
  positive<"cosine_annealing: steps"> steps = 1000;
  non_negative<"cosine_annealing: minimum"> minimum = 0;
  double rate(double eta, double t) const {
    return minimum + (eta - minimum) * (1 + std::cos(std::numbers::pi * std::min(t / steps, 1.0))) / 2;
  }
};

/// Cosine annealing that starts again after `period` steps, then after periods that are `multiplier` times longer each.
/// Source: Loshchilov and Hutter 2017; torch.optim.lr_scheduler.CosineAnnealingWarmRestarts.
struct cosine_warm_restarts {
  using optimizer_part = void;
  positive<"cosine_warm_restarts: period"> period = 1000;
  at_least_one<"cosine_warm_restarts: multiplier"> multiplier = 1;
  non_negative<"cosine_warm_restarts: minimum"> minimum = 0;
  double rate(double eta, double t) const {
    double length = period;
    if (multiplier == 1)
      t -= length * std::floor(t / length);
    else
      for (; t >= length; length *= multiplier) t -= length;
    return minimum + (eta - minimum) * (1 + std::cos(std::numbers::pi * t / length)) / 2;
  }
};

/// Up from η/25 to η over the first `rise` of the steps and down to η/250,000 over the rest, along cosines: the
/// optimizer's own rate is the largest. Source: Smith and Topin 2018; torch.optim.lr_scheduler.OneCycleLR.
struct one_cycle {
  using optimizer_part = void;
  positive<"one_cycle: steps"> steps = 1000;
  fraction<"one_cycle: rise"> rise = 0.3;
  double rate(double eta, double t) const {
    const double top = rise * steps - 1, end = steps - 1, first = eta / 25, last = first / 1e4;
    const auto between = [](double from, double to, double part) {
      return to + (from - to) * (1 + std::cos(std::numbers::pi * part)) / 2;
    };
    if (t <= top) return between(first, eta, top > 0 ? t / top : 1);
    return between(eta, last, end > top ? std::min((t - top) / (end - top), 1.0) : 1);
  }
};

/// Up in a straight line to η during the first `steps` updates; schedules behind it begin after that.
struct linear_warmup {
  using optimizer_part = void;
  positive<"linear_warmup: steps"> steps = 100;
  double rate(double eta, double t) const { return eta * std::min(1.0, (t + 1) / steps); }
  double begins() const { return steps; }
};

/// η · factor after `patience` epochs in which the validation loss did not fall by more than a `threshold`th of it, and
/// so on. The only schedule with a state. Source: torch.optim.lr_scheduler.ReduceLROnPlateau.
struct reduce_on_plateau {
  using optimizer_part = void;
  fraction<"reduce_on_plateau: factor"> factor = 0.1;
  non_negative<"reduce_on_plateau: patience"> patience = 10;
  non_negative<"reduce_on_plateau: threshold"> threshold = 1e-4;
  double best = std::numeric_limits<double>::infinity(), waited = 0, scale = 1; ///< what it has seen so far

  double rate(double eta, double) const { return eta * scale; }
  void observe(double validation_loss) {
    if (validation_loss < best * (1 - threshold))
      best = validation_loss, waited = 0;
    else if (++waited > patience)
      scale *= factor, waited = 0;
  }
  template <class Visit> void state(const Visit& visit) {
    visit("best", best);
    visit("waited", waited);
    visit("scale", scale);
  }
};

/// Momentum that grows to a cap: min(maximum, 1 − 2^(−1−log₂(⌊t/period⌋+1))) = min(maximum, 1 − 1/(2(⌊t/period⌋+1))).
/// Source: Sutskever et al. 2013.
struct growing_momentum {
  using optimizer_part = void;
  below_one<"growing_momentum: maximum"> maximum = 0.99;
  positive<"growing_momentum: period"> period = 250;
  double momentum(double, double t) const { return std::min<double>(maximum, 1 - 0.5 / (std::floor(t / period) + 1)); }
};

} // namespace lamina
