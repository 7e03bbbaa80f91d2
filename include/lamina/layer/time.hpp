#pragma once
#include <cstddef>

#include <lamina/simd/traits.hpp>

/// What layers of sequences share: samples (L, F) are L steps of F numbers.
namespace lamina {

/// A recurrent layer that gives its output at every step, (L, F) → (L, H), and not only at the last one.
struct return_sequence {};
/// Lets no gradient through time pass the steps that are a multiple of `Steps`: truncated backpropagation.
template <std::size_t Steps> struct truncated {};

namespace detail {

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

/// Calls `work(rows, count, first)` for the steps of all samples, so many at a time; step t of sample m is row m·L + t.
template <class T, std::size_t Steps, std::size_t Features, class Work>
void for_rows(const T* const* samples, std::size_t batch, const Work& work) {
  const T* rows[rows_at_once];
  std::size_t m = 0, t = 0;
  for (std::size_t first = 0, count = 0; first < batch * Steps; first += count) {
    for (count = 0; count < rows_at_once && m < batch; ++count) {
      rows[count] = samples[m] + t * Features;
      if (++t == Steps) t = 0, ++m;
    }
    work(static_cast<const T* const*>(rows), count, first);
  }
}

/// Rows that are steps, handed to an epilogue of samples.
template <class Epilogue, std::size_t Steps, std::size_t Features> struct by_steps {
  static constexpr bool light = Epilogue::light;
  Epilogue inner;
  template <class V> [[gnu::always_inline]] void operator()(std::size_t row, std::size_t n, V v) const {
    inner(row / Steps, row % Steps, n, v, Features - n);
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

} // namespace detail
} // namespace lamina
