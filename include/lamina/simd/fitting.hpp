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

} // namespace lamina::simd
