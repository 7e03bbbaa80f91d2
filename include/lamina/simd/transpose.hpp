#pragma once
#include <cstddef>
#include <lamina/simd/traits.hpp>
#include <utility>

namespace lamina::simd {

namespace detail {

/// Whether the vector is one the compilers can shuffle; xsimd's emulated architectures are arrays.
template <class T, class Arch> inline constexpr bool shuffles = !__is_class(typename vector<T, Arch>::register_type);

/// One of the two halves of an exchange between two vectors: for `Distance` below 16 bytes an interleaving within
/// 16-byte lanes (one instruction everywhere), above that an exchange of blocks of `Distance` numbers.
template <std::size_t Lane, std::size_t Distance, bool High> constexpr int exchanged(std::size_t i, std::size_t W) {
  std::size_t from;
  if (Distance < Lane) {
    const std::size_t in_lane = i % Lane;
    from = (in_lane % 2) * W + i / Lane * Lane + in_lane / 2 + (High ? Lane / 2 : 0);
  } else {
    const bool second = (i / Distance) % 2 != 0;
    from = High ? (second ? W + i : i + Distance) : (second ? W + i - Distance : i);
  }
  return static_cast<int>(from);
}

template <std::size_t Distance, bool High, class T, class Arch, std::size_t... I>
[[gnu::always_inline]] inline vector<T, Arch> exchange(const vector<T, Arch>& a, const vector<T, Arch>& b,
                                                       std::index_sequence<I...>) {
  constexpr std::size_t W = width<T, Arch>, lane = 16 / sizeof(T);
  if constexpr (shuffles<T, Arch>) {
    return vector<T, Arch>(__builtin_shufflevector(a.data, b.data, exchanged<lane, Distance, High>(I, W)...));
  } else {
    T both[2 * W], result[W];
    a.store_unaligned(both);
    b.store_unaligned(both + W);
    ((result[I] = both[exchanged<lane, Distance, High>(I, W)]), ...);
    return vector<T, Arch>::load_unaligned(result);
  }
}

/// One round of a transposition: exchanges between the rows that are `apart`.
template <std::size_t Distance, class T, class Arch, std::size_t W>
[[gnu::always_inline]] inline void exchange_round(vector<T, Arch> (&row)[W], std::size_t apart) {
  constexpr auto lanes = std::make_index_sequence<W>{};
#pragma GCC unroll 16
  for (std::size_t i = 0; i < W; ++i)
    if ((i & apart) == 0) {
      const auto low = exchange<Distance, false>(row[i], row[i + apart], lanes);
      row[i + apart] = exchange<Distance, true>(row[i], row[i + apart], lanes);
      row[i] = low;
    }
}

/// A round that adds what it exchanges: row i becomes the partial sums of rows i and i + apart, for those i that
/// have no bit of `taken`: the others were added to their partners, in this round or before.
template <std::size_t Distance, class T, class Arch, std::size_t W>
[[gnu::always_inline]] inline void sum_round(vector<T, Arch> (&row)[W], std::size_t apart, std::size_t taken) {
  constexpr auto lanes = std::make_index_sequence<W>{};
#pragma GCC unroll 16
  for (std::size_t i = 0; i < W; ++i)
    if ((i & taken) == 0)
      row[i] = exchange<Distance, false>(row[i], row[i + apart], lanes) +
               exchange<Distance, true>(row[i], row[i + apart], lanes);
}

} // namespace detail

/// Transposes W vectors of W numbers in registers.
template <class T, class Arch, std::size_t W> [[gnu::always_inline]] inline void transpose(vector<T, Arch> (&row)[W]) {
  static_assert(W == width<T, Arch>);
  constexpr std::size_t lane = 16 / sizeof(T);
  if constexpr (lane == 4) detail::exchange_round<1>(row, 2);
  detail::exchange_round<1>(row, 1);
  if constexpr (W > lane) detail::exchange_round<lane>(row, lane);
  if constexpr (W > 2 * lane) detail::exchange_round<2 * lane>(row, 2 * lane);
  static_assert(W <= 4 * lane);
}

/// The sums of W vectors as one vector: number i is the sum of row i. The rounds of a transposition, each adding its
/// halves, so that every round has half the work of the one before.
template <class T, class Arch, std::size_t W>
[[gnu::always_inline]] inline vector<T, Arch> horizontal_sums(vector<T, Arch> (&row)[W]) {
  static_assert(W == width<T, Arch>);
  constexpr std::size_t lane = 16 / sizeof(T);
  if constexpr (lane == 4) detail::sum_round<1>(row, 2, 2);
  detail::sum_round<1>(row, 1, lane - 1);
  if constexpr (W > lane) detail::sum_round<lane>(row, lane, 2 * lane - 1);
  if constexpr (W > 2 * lane) detail::sum_round<2 * lane>(row, 2 * lane, 4 * lane - 1);
  return row[0];
}

} // namespace lamina::simd
