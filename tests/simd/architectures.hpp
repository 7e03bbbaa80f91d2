#pragma once
#include <lamina/simd/traits.hpp>
#include <tuple>
#include <type_traits>
#include <utility>

/// The instruction sets this program was compiled for, one of each width, so that one machine tests them all.
namespace detail {
template <class Arch> using if_compiled = std::conditional_t<Arch::supported(), std::tuple<Arch>, std::tuple<>>;
}
using machine_architectures = decltype(std::tuple_cat(
    std::declval<detail::if_compiled<xsimd::sse4_2>>(), std::declval<detail::if_compiled<xsimd::fma3<xsimd::avx2>>>(),
    std::declval<detail::if_compiled<xsimd::avx512bw>>(), std::declval<detail::if_compiled<xsimd::neon64>>()));
