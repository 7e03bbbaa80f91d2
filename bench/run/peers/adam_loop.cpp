#include "adam_loop.hpp"
#include "peer.hpp"
#include <cmath>

namespace peers {

adam_step::adam_step(long t)
    : rate{adam_rate / (1 - std::pow(beta1, static_cast<float>(t)))},
      c2{1 / (1 - std::pow(beta2, static_cast<float>(t)))} {}

void adam_step::operator()(float* __restrict p, float* __restrict m, float* __restrict v, const float* __restrict g,
                           std::size_t n) const {
  const float r = rate, c = c2;
  for (std::size_t i = 0; i < n; ++i) {
    m[i] = beta1 * m[i] + (1 - beta1) * g[i];
    v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
    p[i] -= r * m[i] / (std::sqrt(v[i] * c) + epsilon);
  }
}

void adam_step::outer(float* __restrict p, float* __restrict m, float* __restrict v, const float* __restrict x,
                      float factor, std::size_t n) const {
  const float r = rate, c = c2;
  for (std::size_t i = 0; i < n; ++i) {
    const float g = factor * x[i];
    m[i] = beta1 * m[i] + (1 - beta1) * g;
    v[i] = beta2 * v[i] + (1 - beta2) * g * g;
    p[i] -= r * m[i] / (std::sqrt(v[i] * c) + epsilon);
  }
}

} // namespace peers
