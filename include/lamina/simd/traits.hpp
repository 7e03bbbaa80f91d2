#pragma once
#include <cstddef>
#include <type_traits>

#include <lamina/core/xsimd.hpp>

/// The vectors every kernel is written in, and the few places where xsimd's versions differ.
namespace lamina::simd {

using default_arch = xsimd::default_arch;

/// A vector of `T` on an instruction set: `width<T, Arch>` numbers that are computed with at once.
template <class T, class Arch = default_arch> using vector = xsimd::batch<T, Arch>;

/// How many numbers a vector holds.
template <class T, class Arch = default_arch> inline constexpr std::size_t width = vector<T, Arch>::size;

/// How many vector registers a kernel may plan with. AVX-512VL gives narrower vectors all 32 as well.
template <class Arch = default_arch>
inline constexpr std::size_t registers =
#ifdef __AVX512VL__
    32;
#else
    std::is_base_of_v<xsimd::avx512f, Arch> || std::is_base_of_v<xsimd::neon64, Arch> ? 32 : 16;
#endif

/// What blocks of parameters and rows of activations are aligned to, in bytes: a cache line, and the widest vector.
inline constexpr std::size_t alignment = 64;

/// `n` rounded up to whole vectors.
template <class T, class Arch = default_arch> constexpr std::size_t padded(std::size_t n) {
  return (n + width<T, Arch> - 1) / width<T, Arch> * width<T, Arch>;
}

/// Asks for the cache line of `address` ahead of its use; never faults.
[[gnu::always_inline]] inline void prefetch(const void* address) { __builtin_prefetch(address, 0, 3); }
/// The same for a line that will be written.
[[gnu::always_inline]] inline void prefetch_write(const void* address) { __builtin_prefetch(address, 1, 3); }
/// Asks for a line that is used after more than the first cache holds: into the second one.
[[gnu::always_inline]] inline void prefetch_far(const void* address) { __builtin_prefetch(address, 0, 2); }

/// `a·b + c`, rounded once where the instruction set can.
template <class T, class Arch>
[[gnu::always_inline]] inline vector<T, Arch> multiply_add(const vector<T, Arch>& a, const vector<T, Arch>& b,
                                                           const vector<T, Arch>& c) {
#if XSIMD_WITH_AVX512F
  // xsimd 8 has no fma for AVX-512 and multiplies, then adds; clang does not contract that.
  if constexpr (std::is_base_of_v<xsimd::avx512f, Arch> && std::is_same_v<T, float>) {
    return _mm512_fmadd_ps(a, b, c);
  } else if constexpr (std::is_base_of_v<xsimd::avx512f, Arch> && std::is_same_v<T, double>) {
    return _mm512_fmadd_pd(a, b, c);
  } else
#endif
    return xsimd::fma(a, b, c);
}

/// Holds a vector in a register: g++ would load it again for each of its uses, and kernels are bound by loads then.
template <class T, class Arch> [[gnu::always_inline]] inline void hold([[maybe_unused]] vector<T, Arch>& v) {
#if defined(__x86_64__) || defined(__i386__)
  if constexpr (!__is_class(typename vector<T, Arch>::register_type)) asm("" : "+v"(v.data));
#endif
}

/// The sum of a vector's numbers.
template <class T, class Arch> [[gnu::always_inline]] inline T horizontal_sum(const vector<T, Arch>& v) {
  if constexpr (requires { reduce_add(v); }) {
    return reduce_add(v);
  } else {
    return hadd(v); // its name before xsimd 9
  }
}

/// The largest of a vector's numbers.
template <class T, class Arch> inline T horizontal_max(const vector<T, Arch>& v) {
  alignas(alignment) T number[width<T, Arch>];
  v.store_aligned(number);
  T largest = number[0];
  for (std::size_t i = 1; i < width<T, Arch>; ++i) largest = number[i] > largest ? number[i] : largest;
  return largest;
}

} // namespace lamina::simd
