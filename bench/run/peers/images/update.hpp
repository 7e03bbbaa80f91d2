#pragma once
#include "peer.hpp"

namespace peers::images {

/// An optimizer as plain loops over a parameter, its two moments and its gradient. In a file with flags of its own for
/// the reason that adam_loop.hpp gives.
class update_loop {
public:
  explicit update_loop(update rule) : rule_{rule} {}
  /// To be called before the parameters of each step.
  void advance();
  void operator()(float* p, float* m, float* v, const float* g, std::size_t n) const;

private:
  update rule_;
  long step_ = 0;
  float rate_ = 0, keep_ = 1, c2_ = 1;
};

/// A block of numbers that an optimizer changes, with everything it needs, aligned to 64 bytes.
struct trained {
  std::vector<float> storage;
  std::size_t count, stride;
  explicit trained(std::size_t n) : count{n}, stride{(n + 15) / 16 * 16} { storage.assign(4 * stride + 16, 0.f); }
  float* value() { return aligned(); }
  float* gradient() { return aligned() + stride; }
  void apply(const update_loop& f) { f(value(), aligned() + 2 * stride, aligned() + 3 * stride, gradient(), count); }

private:
  float* aligned() {
    return reinterpret_cast<float*>((reinterpret_cast<std::uintptr_t>(storage.data()) + 63) / 64 * 64);
  }
};

} // namespace peers::images
