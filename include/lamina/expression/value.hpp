#pragma once
#include <type_traits>
#include <lamina/core/xsimd.hpp>

/// What formulas are evaluated on: float, double, or a batch of either. All that differs between them, and between
/// versions of xsimd, is here.
namespace lamina::math {

template <class V> inline constexpr bool is_batch = false;
template <class T, class A> inline constexpr bool is_batch<xsimd::batch<T, A>> = true;

template <class V> struct scalar_of {
  using type = V;
};
template <class T, class A> struct scalar_of<xsimd::batch<T, A>> {
  using type = T;
};
/// The element of a batch; a scalar itself.
template <class V> using scalar_t = typename scalar_of<V>::type;

/// A number, or a batch, as a V: rounded to its element type and broadcast.
template <class V, class U> [[gnu::always_inline]] inline constexpr V convert(U value) {
  if constexpr (std::is_same_v<U, V>)
    return value;
  else if constexpr (is_batch<V>)
    return V(static_cast<scalar_t<V>>(value));
  else
    return static_cast<V>(value);
}

/// `condition ? a : b`, element by element.
template <class T> [[gnu::always_inline]] inline constexpr T choose(bool condition, T a, T b) {
  return condition ? a : b;
}
template <class T, class A>
[[gnu::always_inline]] inline xsimd::batch<T, A> choose(xsimd::batch_bool<T, A> condition, xsimd::batch<T, A> a,
                                                        xsimd::batch<T, A> b) {
  return xsimd::select(condition, a, b);
}

template <class A, class B> struct wider {
  using type = decltype(A{} + B{});
};
template <class T, class Arch, class B> struct wider<xsimd::batch<T, Arch>, B> {
  using type = xsimd::batch<T, Arch>;
};
template <class A, class T, class Arch> struct wider<A, xsimd::batch<T, Arch>> {
  using type = xsimd::batch<T, Arch>;
};
template <class T, class Arch> struct wider<xsimd::batch<T, Arch>, xsimd::batch<T, Arch>> {
  using type = xsimd::batch<T, Arch>;
};

/// The type that a formula of values of these types is evaluated in: a batch if there is one, else the widest
/// floating-point type, else double.
template <class... Values> struct common_value {
  using type = double;
};
template <class A> struct common_value<A> {
  using type = std::conditional_t<std::is_integral_v<A>, double, A>;
};
template <class A, class B, class... Rest>
struct common_value<A, B, Rest...> : common_value<typename wider<A, B>::type, Rest...> {};

} // namespace lamina::math
