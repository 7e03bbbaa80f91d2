#pragma once
#include <cstddef>
#include <lamina/simd/traits.hpp>
#include <type_traits>

namespace lamina::simd {

namespace detail {
template <class T, class Arch, std::size_t N> constexpr auto fitting_arch() {
  if constexpr (std::is_base_of_v<xsimd::avx512f, Arch> && N * sizeof(T) <= 32 && xsimd::fma3<xsimd::avx2>::supported())
    return xsimd::fma3<xsimd::avx2>{};
  else
    return Arch{};
}
} // namespace detail

/// The instruction set whose vectors fit rows of N numbers: narrower vectors than `Arch`'s where N numbers fill one.
///
/// A processor with 512-bit vectors does two operations on 256-bit vectors in the time of one, so 8 channels of float
/// take half the time they would take in half-empty vectors.
template <class T, class Arch, std::size_t N> using fitting = decltype(detail::fitting_arch<T, Arch, N>());

/// How many numbers a vector of `fitting<T, Arch, n>` holds.
template <class T, class Arch> constexpr std::size_t fitting_width(std::size_t n) {
  return n * sizeof(T) <= 32 ? width<T, fitting<T, Arch, 1>> : width<T, Arch>;
}

namespace detail {

template <class T, class Arch, std::size_t H> constexpr auto gate_arch() {
  if constexpr (std::is_base_of_v<xsimd::avx512f, Arch> && xsimd::fma3<xsimd::avx2>::supported()) {
    using narrow = xsimd::fma3<xsimd::avx2>;
    return std::conditional_t<(padded<T, narrow>(H) < padded<T, Arch>(H)), narrow, Arch>{};
  } else {
    return Arch{};
  }
}

} // namespace detail

/// The instruction set for gates of H units: the one whose vectors leave the least padding.
template <class T, class Arch, std::size_t H> using gate_arch = decltype(detail::gate_arch<T, Arch, H>());

/// How many units a vector of theirs holds.
template <class T, class Arch> constexpr std::size_t gate_width(std::size_t units) {
  constexpr std::size_t wide = width<T, Arch>, narrow = width<T, gate_arch<T, Arch, 1>>;
  return (units + narrow - 1) / narrow * narrow < (units + wide - 1) / wide * wide ? narrow : wide;
}

} // namespace lamina::simd
