#include "update.hpp"
#include <cmath>

namespace peers::images {

void update_loop::advance() {
  ++step_;
  const double rate = double{rule_ == update::adamw ? adamw_rate : adam_rate};
  rate_ = rule_ == update::sgd ? sgd_rate
                               : static_cast<float>(rate / (1 - std::pow(double{beta1}, static_cast<double>(step_))));
  keep_ = rule_ == update::adamw ? 1 - adamw_rate * adamw_decay : 1;
  c2_ = static_cast<float>(1 / (1 - std::pow(double{beta2}, static_cast<double>(step_))));
}

void update_loop::operator()(float* __restrict p, float* __restrict m, float* __restrict v, const float* __restrict g,
                             std::size_t n) const {
  const float rate = rate_, keep = keep_, c2 = c2_;
  if (rule_ == update::sgd) {
    for (std::size_t i = 0; i < n; ++i) p[i] -= rate * g[i];
    return;
  }
  for (std::size_t i = 0; i < n; ++i) {
    m[i] = beta1 * m[i] + (1 - beta1) * g[i];
    v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
    p[i] = keep * p[i] - rate * m[i] / (std::sqrt(v[i] * c2) + epsilon);
  }
}

} // namespace peers::images
