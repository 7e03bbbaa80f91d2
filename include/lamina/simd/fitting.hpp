#pragma once
#include <cstddef>
#include <type_traits>

#include <lamina/simd/traits.hpp>

namespace lamina::simd {

namespace detail {

/// The architecture with half the width, where its instructions are there too; the same one where not.
template <class T, class Arch> struct narrower {
  using type = Arch;
};
#if XSIMD_WITH_AVX512F && XSIMD_WITH_FMA3_AVX2
template <class T, class Arch>
  requires std::is_base_of_v<xsimd::avx512f, Arch>
struct narrower<T, Arch> {
  using type = xsimd::fma3<xsimd::avx2>;
};
#endif

} // namespace detail

/// The architecture whose vectors suit N numbers: narrower ones where N fit into them. Half the width is as fast on
/// processors that take two such multiplications at once, and nothing of it is padding.
template <class T, class Arch, std::size_t N>
using fitting = std::conditional_t<(N <= width<T, Arch> / 2), typename detail::narrower<T, Arch>::type, Arch>;

/// How many numbers a vector of `fitting<T, Arch, n>` holds.
template <class T, class Arch> constexpr std::size_t fitting_width(std::size_t n) {
  return n <= width<T, Arch> / 2 ? width<T, typename detail::narrower<T, Arch>::type> : width<T, Arch>;
}

} // namespace lamina::simd
