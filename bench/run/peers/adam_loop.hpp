#pragma once
#include <cstddef>

namespace peers {

/// Adam's update as loops. In a file of their own, because they want other flags than the rest: with -Ofast g++ takes
/// the reciprocal square root and a Newton step in place of the square root, which costs a fifth more where the caches'
/// bandwidth is the bound.
struct adam_step {
  float rate, c2;
  explicit adam_step(long t);
  void operator()(float* p, float* m, float* v, const float* g, std::size_t n) const;
  /// The same for g = factor * x, which is formed on the way.
  void outer(float* p, float* m, float* v, const float* x, float factor, std::size_t n) const;
};

} // namespace peers
