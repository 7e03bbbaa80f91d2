#pragma once
#include <cstddef>

#include <lamina/simd/traits.hpp>

/// The last vector of a row whose length is no multiple of the width.
namespace lamina::simd {

/// The first `count` lanes from memory, the others `rest`; nothing beyond is read.
template <class T, class Arch> vector<T, Arch> load_partial(const T* p, std::size_t count, T rest = T(0)) {
  alignas(64) T lanes[width<T, Arch>];
  for (std::size_t i = 0; i < width<T, Arch>; ++i) lanes[i] = i < count ? p[i] : rest;
  return vector<T, Arch>::load_aligned(lanes);
}

/// Stores the first `count` lanes; nothing beyond is written.
template <class T, class Arch> void store_partial(T* p, std::size_t count, vector<T, Arch> v) {
  alignas(64) T lanes[width<T, Arch>];
  v.store_aligned(lanes);
  for (std::size_t i = 0; i < count; ++i) p[i] = lanes[i];
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
