#pragma once
#include <cstddef>

#include <lamina/expression/cost.hpp>
#include <lamina/expression/evaluate.hpp>
#include <lamina/expression/kept.hpp>
#include <lamina/simd/partial.hpp>
#include <lamina/simd/traits.hpp>

/// What kernels do with finished vectors. Their types depend on the formula alone, so layers of one kind share a
/// kernel.
namespace lamina::detail {

/// y = formula(z): the end of a forward stage; keeps z where backward reads it.
template <class T, class Arch, class Formula, bool KeepsInput> struct store_output {
  static constexpr bool light = operation_count<Formula> <= light_operations;
  T* y;
  T* z;
  std::size_t stride;

  template <class V> [[gnu::always_inline]] void operator()(std::size_t m, std::size_t n, V v) const {
    if constexpr (KeepsInput) v.store_aligned(z + m * stride + n);
    V(evaluate<Formula>(terms::x = v)).store_aligned(y + m * stride + n);
  }
};

/// The same at the end of a network for one sample: straight into the result, which has no padding.
template <class T, class Arch, class Formula, std::size_t Features> struct store_result {
  static constexpr bool light = operation_count<Formula> <= light_operations;
  T* y;

  template <class V> [[gnu::always_inline]] void operator()(std::size_t, std::size_t n, V v) const {
    const V result = evaluate<Formula>(terms::x = v);
    if (n + V::size <= Features)
      result.store_unaligned(y + n);
    else
      simd::store_partial<T, Arch, Features % V::size>(y + n, result);
  }
};

/// dL/dz = dL/dy · formula'(z or y): the end of backward through the input of the stage above. Padding becomes 0,
/// whatever the derivative is there.
template <class T, class Arch, class Formula> struct store_gradient {
  using product = decltype(terms::g * backward_formula<Formula>{});
  static constexpr bool light = operation_count<product> <= light_operations;
  T* dz;
  const T* y;
  const T* z;
  std::size_t stride;
  std::size_t features;

  template <class V> [[gnu::always_inline]] void operator()(std::size_t m, std::size_t n, V v) const {
    const std::size_t at = m * stride + n;
    if constexpr (kept<Formula> == keeps::output)
      v = evaluate<product>(terms::g = v, terms::y = V::load_aligned(y + at));
    else if constexpr (kept<Formula> == keeps::input)
      v = evaluate<product>(terms::g = v, terms::x = V::load_aligned(z + at));
    else
      v = evaluate<product>(terms::g = v);
    if (n + V::size > features) v = simd::first_lanes<T, Arch>(v, features - n);
    v.store_aligned(dz + at);
  }
};

/// Keeps the gradient as it is, for those who want to see all of it before the update.
template <class T, class Arch> struct store_parameter_gradient {
  static constexpr bool light = true;
  T* gradient;

  template <class V> [[gnu::always_inline]] void operator()(std::size_t offset, V v) const {
    v.store_aligned(gradient + offset);
  }
  [[gnu::always_inline]] void prefetch(std::size_t) const {}
};

} // namespace lamina::detail
