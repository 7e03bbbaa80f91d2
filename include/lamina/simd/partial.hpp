#pragma once
#include <cstddef>
#include <lamina/simd/traits.hpp>
#include <type_traits>

/// The last vector of a row whose length is no multiple of the width.
namespace lamina::simd {

namespace detail {

/// Vectors whose instruction set loads and stores chosen lanes and does not touch the memory of the others; where there
/// is none, `use` is false.
template <class T, class Arch> struct masked_lanes {
  static constexpr bool use = false;
};

#if XSIMD_WITH_AVX512F
template <class Arch>
  requires std::is_base_of_v<xsimd::avx512f, Arch>
struct masked_lanes<float, Arch> {
  static constexpr bool use = true;
  static __mmask16 mask(std::size_t count) { return static_cast<__mmask16>((1u << count) - 1); }
  static auto load(const float* p, std::size_t count, __m512 rest) {
    return _mm512_mask_loadu_ps(rest, mask(count), p);
  }
  static void store(float* p, std::size_t count, __m512 v) { _mm512_mask_storeu_ps(p, mask(count), v); }
};
template <class Arch>
  requires std::is_base_of_v<xsimd::avx512f, Arch>
struct masked_lanes<double, Arch> {
  static constexpr bool use = true;
  static __mmask8 mask(std::size_t count) { return static_cast<__mmask8>((1u << count) - 1); }
  static auto load(const double* p, std::size_t count, __m512d rest) {
    return _mm512_mask_loadu_pd(rest, mask(count), p);
  }
  static void store(double* p, std::size_t count, __m512d v) { _mm512_mask_storeu_pd(p, mask(count), v); }
};
#endif

#if XSIMD_WITH_AVX2
template <class Arch>
  requires std::is_base_of_v<xsimd::avx2, Arch>
struct masked_lanes<float, Arch> {
  static constexpr bool use = true;
  static __m256i mask(std::size_t count) {
    return _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(count)), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
  }
  static auto load(const float* p, std::size_t count, __m256 rest) {
    return _mm256_blendv_ps(rest, _mm256_maskload_ps(p, mask(count)), _mm256_castsi256_ps(mask(count)));
  }
  static void store(float* p, std::size_t count, __m256 v) { _mm256_maskstore_ps(p, mask(count), v); }
};
template <class Arch>
  requires std::is_base_of_v<xsimd::avx2, Arch>
struct masked_lanes<double, Arch> {
  static constexpr bool use = true;
  static __m256i mask(std::size_t count) {
    return _mm256_cmpgt_epi64(_mm256_set1_epi64x(static_cast<long long>(count)), _mm256_setr_epi64x(0, 1, 2, 3));
  }
  static auto load(const double* p, std::size_t count, __m256d rest) {
    return _mm256_blendv_pd(rest, _mm256_maskload_pd(p, mask(count)), _mm256_castsi256_pd(mask(count)));
  }
  static void store(double* p, std::size_t count, __m256d v) { _mm256_maskstore_pd(p, mask(count), v); }
};
#endif

} // namespace detail

/// The first `count` ≤ W lanes from memory, the others `rest`; nothing beyond is read.
template <class T, class Arch>
[[gnu::always_inline]] inline vector<T, Arch> load_partial(const T* p, std::size_t count, T rest = T(0)) {
  using V = vector<T, Arch>;
  using masked = detail::masked_lanes<T, Arch>;
  if constexpr (masked::use) {
    return V(masked::load(p, count, V(rest)));
  } else {
    alignas(64) T lanes[V::size];
    for (std::size_t i = 0; i < V::size; ++i) lanes[i] = i < count ? p[i] : rest;
    return V::load_aligned(lanes);
  }
}

/// Stores the first `count` ≤ W lanes; nothing beyond is written.
template <class T, class Arch>
[[gnu::always_inline]] inline void store_partial(T* p, std::size_t count, vector<T, Arch> v) {
  using masked = detail::masked_lanes<T, Arch>;
  if constexpr (masked::use) {
    masked::store(p, count, v);
  } else {
    alignas(64) T lanes[vector<T, Arch>::size];
    v.store_aligned(lanes);
    for (std::size_t i = 0; i < count; ++i) p[i] = lanes[i];
  }
}

/// The same for a count that the compiler knows. A few lanes are taken out of the register one by one: through memory
/// they would wait for the store.
template <class T, class Arch, std::size_t Count>
[[gnu::always_inline]] inline void store_partial(T* p, vector<T, Arch> v) {
  if constexpr (Count <= 4 && requires { v.data[0]; })
    for (std::size_t i = 0; i < Count; ++i) p[i] = v.data[i];
  else
    store_partial<T, Arch>(p, Count, v);
}

/// A whole vector where so many are left in the row, else those that are, and 0.
template <class T, class Arch> vector<T, Arch> load_lanes(const T* p, std::size_t left) {
  return left >= width<T, Arch> ? vector<T, Arch>::load_unaligned(p) : load_partial<T, Arch>(p, left);
}
/// A whole vector where there is room for it in the row, else as many lanes as there are.
template <class T, class Arch> void store_lanes(T* p, std::size_t left, vector<T, Arch> v) {
  if (left >= width<T, Arch>)
    v.store_unaligned(p);
  else
    store_partial<T, Arch>(p, left, v);
}

/// The first `count` lanes of `v`, the others `rest`.
template <class T, class Arch>
[[gnu::always_inline]] inline vector<T, Arch> first_lanes(vector<T, Arch> v, std::size_t count, T rest = T(0)) {
  constexpr std::size_t W = width<T, Arch>;
  struct table {
    T lanes[2 * W];
    constexpr table() : lanes{} {
      for (std::size_t i = 0; i < W; ++i) lanes[i] = T(1);
    }
  };
  static constexpr table marks{};
  const auto used = vector<T, Arch>::load_unaligned(marks.lanes + (count < W ? W - count : 0));
  return xsimd::select(used > vector<T, Arch>(T(0)), v, vector<T, Arch>(rest));
}

} // namespace lamina::simd
