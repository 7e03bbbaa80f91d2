#pragma once
#include <cstddef>

#include <lamina/simd/gemm_gradient.hpp>
#include <lamina/simd/reduce.hpp>
#include <lamina/simd/traits.hpp>

/// What layers of sequences share: samples (L, F) are L steps of F numbers.
namespace lamina {

/// A recurrent layer that gives its output at every step, (L, F) → (L, H), and not only at the last one.
struct return_sequence {};
/// Lets no gradient through time pass the steps that are a multiple of `Steps`: truncated backpropagation.
template <std::size_t Steps> struct truncated {};

namespace detail {

/// Samples that go through time together: whole tiles of rows (`rows_shared`) for every architecture, since the rows
/// behind the last tile are summed in another order, and one thread's groups are not those of several.
inline constexpr std::size_t samples_together = 48;

template <class Option> inline constexpr bool is_time_option = false;
template <> inline constexpr bool is_time_option<return_sequence> = true;
template <std::size_t Steps> inline constexpr bool is_time_option<truncated<Steps>> = true;

template <class Option> inline constexpr bool is_truncation = false;
template <std::size_t Steps> inline constexpr bool is_truncation<truncated<Steps>> = true;
template <class Option> inline constexpr std::size_t steps_of = 0;
template <std::size_t Steps> inline constexpr std::size_t steps_of<truncated<Steps>> = Steps;
/// Steps that a gradient goes back at most.
template <class... Options>
inline constexpr std::size_t horizon_of =
    (is_truncation<Options> || ...) ? (steps_of<Options> + ... + 0) : static_cast<std::size_t>(-1);

/// The state before the first step.
template <class T, std::size_t Count> alignas(simd::alignment) inline constexpr T zeros_of[Count]{};

/// Rows that a product is given at once: their pointers stand on the stack.
inline constexpr std::size_t rows_at_once = 256;

/// Calls `work(rows, count, first)` for the rows that `row(i)` points at, i < all, so many at a time.
template <class T, class Row, class Work> void for_rows(std::size_t all, const Row& row, const Work& work) {
  const T* rows[rows_at_once];
  for (std::size_t first = 0; first < all; first += rows_at_once) {
    const std::size_t count = all - first < rows_at_once ? all - first : rows_at_once;
    for (std::size_t i = 0; i < count; ++i) rows[i] = row(first + i);
    work(static_cast<const T* const*>(rows), count, first);
  }
}
/// The steps of samples as rows: step t of sample m is row m·L + t.
template <class T, std::size_t Steps, std::size_t Features> auto steps_of_samples(const T* const* samples) {
  return [samples](std::size_t i) { return samples[i / Steps] + i % Steps * Features; };
}

/// Rows that are steps, from row `first` on, handed to an epilogue of samples.
template <class Epilogue, std::size_t Steps, std::size_t Features> struct by_steps {
  static constexpr bool light = Epilogue::light;
  Epilogue inner;
  std::size_t first = 0;
  template <class V> [[gnu::always_inline]] void operator()(std::size_t row, std::size_t n, V v) const {
    inner((first + row) / Steps, (first + row) % Steps, n, v, Features - n);
  }
};

/// Stores rows with a bias.
template <class T, class Arch> struct store_biased {
  static constexpr bool light = true;
  T* to;
  std::size_t stride;
  const T* bias;
  template <class V> [[gnu::always_inline]] void operator()(std::size_t row, std::size_t n, V v) const {
    (v + V::load_aligned(bias + n)).store_aligned(to + row * stride + n);
  }
};

/// The end of a product that is more than a few operations.
template <class Work> struct heavy_end {
  static constexpr bool light = false;
  Work work;
  template <class V> void operator()(std::size_t row, std::size_t n, V v) const { work(row, n, v); }
};
template <class Work> heavy_end(Work) -> heavy_end<Work>;

/// Stores what comes first and adds what comes later.
template <class T, class Arch> struct add_to {
  static constexpr bool light = true;
  T* to;
  bool adds;
  template <class V> [[gnu::always_inline]] void operator()(std::size_t n, V v) const {
    if (adds) v += V::load_aligned(to + n);
    v.store_aligned(to + n);
  }
};

/// The gradient of a matrix (N, K) by what `all` rows gave: `row(i)` points at the K numbers that went in, `dz` at the
/// gradients that came back, `stride` apart.
template <class T, class Arch, std::size_t N, class Row>
void gather_weights(std::size_t all, const Row& row, std::size_t K, const T* dz, std::size_t stride, T* sums) {
  for_rows<T>(all, row, [&](const T* const* rows, std::size_t count, std::size_t first) {
    simd::gemm_gradient<T, Arch, N>(rows, count, K, dz + first * stride, stride, add_to<T, Arch>{sums, first > 0});
  });
}
/// The same for a bias.
template <class T, class Arch, std::size_t N>
void gather_bias(std::size_t all, const T* dz, std::size_t stride, T* sums) {
  simd::column_sums<T, Arch>(dz, all, stride, simd::padded<T, Arch>(N), add_to<T, Arch>{sums, false});
}

} // namespace detail
} // namespace lamina
