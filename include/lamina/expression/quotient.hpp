#pragma once
#include <lamina/expression/value.hpp>

namespace lamina::math {

/// About 14 bits of 1 / √a (11 or 12 where the machine has no better), for a Newton step.
template <class A> [[gnu::always_inline]] inline xsimd::batch<float, A> estimate_rsqrt(xsimd::batch<float, A> a) {
  if constexpr (std::is_base_of_v<xsimd::avx512f, A>)
    return _mm512_rsqrt14_ps(a); // xsimd 8.1 asks for 23 bits, which few machines have
  else
    return xsimd::rsqrt(a);
}

/// a / (√s + e), which adaptive optimizers end in. A batch of float takes an estimate and a Newton step for the root:
/// at most 3 ulp where s is a normal number or 0, and NaN where s is. The division stays one: measured (Zen 4), it runs
/// beside the products, while a reciprocal by Newton's method competes with them.
template <class V> [[gnu::always_inline]] inline V divide_by_root(V a, V s, V e) {
  if constexpr (is_batch<V> && std::is_same_v<scalar_t<V>, float>) {
    const V top = math::min(s, V(3.4e38f)), normal = math::max(top, V(1.17549435e-38f)); // no 0 · ∞
    const V inverse = estimate_rsqrt(normal), root = top * inverse;
    return a / (math::fma(V(0.5f) * root, math::fma(-root, inverse, V(1.f)), root) + e);
  } else {
    return a / (math::sqrt(s) + e);
  }
}

} // namespace lamina::math
