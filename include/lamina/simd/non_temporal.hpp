#pragma once
#include <cstddef>
#include <lamina/simd/partial.hpp>
#include <lamina/simd/traits.hpp>

/// Stores that go to memory past the caches. An ordinary store reads the line first; where nobody finds the line in the
/// cache again, that is a third of all traffic, and waiting for it costs more than that.
namespace lamina::simd {

/// From so many bytes of output of one call on, non-temporal stores are used. Two depthwise layers one after the other,
/// the second of which reads what the first one stored, are as fast both ways at 5 MB, with non-temporal stores 1.4 to
/// 1.6 times as fast at 13 MB and twice at 50 MB (Zen 4 with 32 MB of last-level cache).
inline constexpr std::size_t non_temporal_bytes = std::size_t(1) << 23;

/// Whether an instruction set has them for a vector: only where it is a whole cache line, since parts of lines would be
/// written one by one.
template <class T, class Arch>
inline constexpr bool has_non_temporal =
#if XSIMD_WITH_AVX512F
    std::is_base_of_v<xsimd::avx512f, Arch>;
#else
    false;
#endif

/// How an epilogue stores a vector at `p`, `left` numbers before the end of the row.
struct temporal_store {
  template <class T, class Arch>
  [[gnu::always_inline]] static void store(T* p, std::size_t left, const vector<T, Arch>& v) {
    store_lanes<T, Arch>(p, left, v);
  }
};

/// The same past the caches, for a whole vector and an aligned `p`; as ever where the instruction set has no such
/// store.
struct non_temporal_store {
  template <class T, class Arch>
  [[gnu::always_inline]] static void store(T* p, std::size_t left, const vector<T, Arch>& v) {
#if XSIMD_WITH_AVX512F
    if constexpr (has_non_temporal<T, Arch> && sizeof(T) == sizeof(float))
      _mm512_stream_ps(p, v);
    else if constexpr (has_non_temporal<T, Arch>)
      _mm512_stream_pd(p, v);
    else
#endif
      store_lanes<T, Arch>(p, left, v);
  }
};

/// Comes after the last non-temporal store of a call: other threads see them in order with all that follows.
inline void non_temporal_fence() {
#if XSIMD_WITH_AVX512F
  _mm_sfence();
#endif
}

/// An epilogue whose `non_temporal()` is the same epilogue with non-temporal stores. It stores all of its vectors at
/// aligned places if the channels of its pixels are whole vectors.
template <class Epilogue>
concept StoresNonTemporally = requires(const Epilogue& e) { e.non_temporal(); };

} // namespace lamina::simd
