#pragma once
#include <cmath>
#include <lamina/expression/value.hpp>

/// The functions of formulas on scalars and batches.
namespace lamina::math {

template <class V> [[gnu::always_inline]] inline V exp(V a) {
  if constexpr (is_batch<V>)
    return xsimd::exp(a);
  else
    return std::exp(a);
}
template <class V> [[gnu::always_inline]] inline V expm1(V a) {
  if constexpr (is_batch<V>)
    return xsimd::expm1(a);
  else
    return std::expm1(a);
}
template <class V> [[gnu::always_inline]] inline V log(V a) {
  if constexpr (is_batch<V>)
    return xsimd::log(a);
  else
    return std::log(a);
}
template <class V> [[gnu::always_inline]] inline V log1p(V a) {
  if constexpr (is_batch<V>)
    return xsimd::log1p(a);
  else
    return std::log1p(a);
}
template <class V> [[gnu::always_inline]] inline V tanh(V a) {
  if constexpr (is_batch<V>)
    return xsimd::tanh(a);
  else
    return std::tanh(a);
}
template <class V> [[gnu::always_inline]] inline V erf(V a) {
  if constexpr (is_batch<V>)
    return xsimd::erf(a);
  else
    return std::erf(a);
}
template <class V> [[gnu::always_inline]] inline V sin(V a) {
  if constexpr (is_batch<V>)
    return xsimd::sin(a);
  else
    return std::sin(a);
}
template <class V> [[gnu::always_inline]] inline V cos(V a) {
  if constexpr (is_batch<V>)
    return xsimd::cos(a);
  else
    return std::cos(a);
}
template <class V> [[gnu::always_inline]] inline V pow(V a, V exponent) {
  if constexpr (is_batch<V>)
    return xsimd::pow(a, exponent);
  else
    return std::pow(a, exponent);
}
template <class V> [[gnu::always_inline]] inline V sqrt(V a) {
  if constexpr (is_batch<V>)
    return xsimd::sqrt(a);
  else
    return std::sqrt(a);
}
template <class V> [[gnu::always_inline]] inline V abs(V a) {
  if constexpr (is_batch<V>)
    return xsimd::abs(a);
  else
    return std::abs(a);
}
/// `a > b ? a : b`: NaN if b is.
template <class V> [[gnu::always_inline]] inline constexpr V max(V a, V b) { return choose(a > b, a, b); }
template <class V> [[gnu::always_inline]] inline constexpr V min(V a, V b) { return choose(a < b, a, b); }
/// 1 / (1 + exp(-a)); exp(a) / (1 + exp(a)) where the first would overflow.
template <class V> [[gnu::always_inline]] inline V sigmoid(V a) {
  const V one = convert<V>(1), small = math::exp(-math::abs(a)), share = one / (one + small);
  return choose(a < convert<V>(0), small * share, share);
}
/// log(1 + exp(a)) without overflow.
template <class V> [[gnu::always_inline]] inline V softplus(V a) {
  return math::max(a, convert<V>(0)) + math::log1p(math::exp(-math::abs(a)));
}

} // namespace lamina::math
