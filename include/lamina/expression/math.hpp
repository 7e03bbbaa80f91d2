#pragma once
#include <lamina/expression/exponential.hpp>
#include <lamina/expression/logarithm.hpp>
#include <lamina/expression/rational.hpp>

/// The functions of formulas on scalars and batches. Those of float are our own, so that scalars and batches are
/// computed by the same polynomials; those of double are the C library's and xsimd's.
namespace lamina::math {

template <class V> inline constexpr bool is_float = std::is_same_v<scalar_t<V>, float>;

template <class V> [[gnu::always_inline]] inline V exp(V a) {
  if constexpr (is_float<V>)
    return exp_float(a);
  else if constexpr (is_batch<V>)
    return xsimd::exp(a);
  else
    return std::exp(a);
}

template <class V> [[gnu::always_inline]] inline V expm1(V a) {
  if constexpr (is_float<V>)
    return expm1_float(a);
  else if constexpr (is_batch<V>)
    return xsimd::expm1(a);
  else
    return std::expm1(a);
}

template <class V> [[gnu::always_inline]] inline V log(V a) {
  if constexpr (is_float<V>)
    return log_float(a);
  else if constexpr (is_batch<V>)
    return xsimd::log(a);
  else
    return std::log(a);
}

template <class V> [[gnu::always_inline]] inline V log1p(V a) {
  if constexpr (is_float<V>)
    return log1p_float(a);
  else if constexpr (is_batch<V>)
    return xsimd::log1p(a);
  else
    return std::log1p(a);
}

template <class V> [[gnu::always_inline]] inline V tanh(V a) {
  if constexpr (is_float<V>)
    return tanh_float(a);
  else if constexpr (is_batch<V>)
    return xsimd::tanh(a);
  else
    return std::tanh(a);
}

template <class V> [[gnu::always_inline]] inline V erf(V a) {
  if constexpr (is_float<V>)
    return erf_float(a);
  else if constexpr (is_batch<V>)
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

/// 1 / (1 + exp(-a)): where exp overflows, the result is below every normal number and 0.
template <class V> [[gnu::always_inline]] inline V sigmoid(V a) {
  const V one = convert<V>(1);
  return one / (one + math::exp(-a));
}

/// log(1 + exp(a)) without overflow.
template <class V> [[gnu::always_inline]] inline V softplus(V a) {
  const V share = math::exp(-math::abs(a)), above = math::max(a, convert<V>(0));
  if constexpr (is_float<V>)
    return above + log1p_of_share(share);
  else
    return above + math::log1p(share);
}

} // namespace lamina::math
