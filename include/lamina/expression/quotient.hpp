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

/// a / (√s + e), which adaptive optimizers end in. A batch of float takes estimates and a Newton step each in place of
/// root and division: at most 3 ulp for s and √s + e that are normal numbers or 0, and NaN where s is.
template <class V> [[gnu::always_inline]] inline V divide_by_root(V a, V s, V e) {
  if constexpr (is_batch<V> && std::is_same_v<scalar_t<V>, float>) {
    const auto c = [](float value) { return V(value); };
    const V top = math::min(s, c(3.4e38f)), normal = math::max(top, c(1.17549435e-38f)); // no 0 · ∞
    const V estimate = estimate_rsqrt(normal);
    const V inverse = estimate * math::fma(c(-0.5f) * normal * estimate, estimate, c(1.5f));
    const V divisor = math::fma(top, inverse, e);
    const V reciprocal = xsimd::reciprocal(divisor);
    return a * (reciprocal * math::fma(-divisor, reciprocal, c(2.f)));
  } else {
    return a / (math::sqrt(s) + e);
  }
}

} // namespace lamina::math
