#pragma once
#include <bit>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <lamina/core/xsimd.hpp>
#include <type_traits>

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

template <class A>
[[gnu::always_inline]] inline xsimd::batch<float, A> fma_512(xsimd::batch<float, A> a, xsimd::batch<float, A> b,
                                                             xsimd::batch<float, A> c) {
  return _mm512_fmadd_ps(a, b, c);
}
template <class A>
[[gnu::always_inline]] inline xsimd::batch<double, A> fma_512(xsimd::batch<double, A> a, xsimd::batch<double, A> b,
                                                              xsimd::batch<double, A> c) {
  return _mm512_fmadd_pd(a, b, c);
}

/// Whether a · b + c is certainly one rounding. Of scalars nobody knows: the compiler may contract them or not.
template <class V> inline constexpr bool fuses = false;
template <class T, class A>
inline constexpr bool fuses<xsimd::batch<T, A>> =
    std::is_base_of_v<xsimd::avx512f, A> || std::is_base_of_v<xsimd::neon64, A>;
template <class T, class A> inline constexpr bool fuses<xsimd::batch<T, xsimd::fma3<A>>> = true;

/// a · b + c, in one rounding where the machine has the instruction (a scalar: where the compiler contracts).
template <class V> [[gnu::always_inline]] inline constexpr V fma(V a, V b, V c) {
  if constexpr (!is_batch<V>)
    return a * b + c;
  else if constexpr (std::is_base_of_v<xsimd::avx512f, typename V::arch_type>) // xsimd 8.1: two roundings there
    return fma_512(a, b, c);
  else
    return xsimd::fma(a, b, c);
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

/// The greater one; NaN if a is (operands swapped: x86 returns the second one then).
template <class V> [[gnu::always_inline]] inline constexpr V max(V a, V b) {
  if constexpr (is_batch<V>)
    return xsimd::max(b, a);
  else
    return b > a ? b : a;
}

/// The smaller one; NaN if a is.
template <class V> [[gnu::always_inline]] inline constexpr V min(V a, V b) {
  if constexpr (is_batch<V>)
    return xsimd::min(b, a);
  else
    return b < a ? b : a;
}

template <class V> struct bits_of {
  using type = std::int32_t;
};
template <class A> struct bits_of<xsimd::batch<float, A>> {
  using type = xsimd::batch<std::int32_t, A>;
};
/// The integers that hold the bits of V's floats.
template <class V> using bits_t = typename bits_of<V>::type;

/// The bits of a float, or of each, as an integer.
template <class V> [[gnu::always_inline]] inline bits_t<V> to_bits(V a) {
  if constexpr (!is_batch<V>)
    return std::bit_cast<std::int32_t>(a);
  else if constexpr (requires {
                       { xsimd::bitwise_cast<std::int32_t>(a) } -> std::same_as<bits_t<V>>;
                     }) // xsimd 10
    return xsimd::bitwise_cast<std::int32_t>(a);
  else
    return xsimd::bitwise_cast<bits_t<V>>(a);
}

/// The float, or batch of them, with these bits.
template <class V> [[gnu::always_inline]] inline V from_bits(bits_t<V> a) {
  if constexpr (!is_batch<V>)
    return std::bit_cast<float>(a);
  else if constexpr (requires {
                       { xsimd::bitwise_cast<float>(a) } -> std::same_as<V>;
                     })
    return xsimd::bitwise_cast<float>(a);
  else
    return xsimd::bitwise_cast<V>(a);
}

/// Integers as floats.
template <class V> [[gnu::always_inline]] inline V as_floating(bits_t<V> a) {
  if constexpr (is_batch<V>)
    return xsimd::to_float(a);
  else
    return static_cast<float>(a);
}

/// Bits moved up by n.
template <class I> [[gnu::always_inline]] inline I shift_up(I a, int n) {
  if constexpr (is_batch<I>)
    return a << n;
  else
    return static_cast<I>(static_cast<std::uint32_t>(a) << n);
}

/// a + b, and a - b below, of integers that may overflow.
template <class I> [[gnu::always_inline]] inline I wrapped_sum(I a, I b) {
  if constexpr (is_batch<I>)
    return a + b;
  else
    return static_cast<I>(static_cast<std::uint32_t>(a) + static_cast<std::uint32_t>(b));
}
template <class I> [[gnu::always_inline]] inline I wrapped_difference(I a, I b) {
  if constexpr (is_batch<I>)
    return a - b;
  else
    return static_cast<I>(static_cast<std::uint32_t>(a) - static_cast<std::uint32_t>(b));
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
