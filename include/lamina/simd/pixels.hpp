#pragma once
#include <cstddef>

#include <lamina/simd/partial.hpp>
#include <lamina/simd/traits.hpp>

/// Walks over images that stand channels last.
namespace lamina::simd {

/// The sums of the channels over all pixels of a batch: `sink(f, v)` for each vector of channels. Where several pixels
/// fill a vector, they are summed side by side and joined at the end.
template <class T, class Arch, std::size_t Channels, std::size_t Pixels, class Sink>
void pixel_sums(const T* const* rows, std::size_t batch, const Sink& sink) {
  using V = vector<T, Arch>;
  constexpr std::size_t W = V::size;
  if constexpr (W % Channels == 0) {
    constexpr std::size_t size = Channels * Pixels;
    V sum(T(0)), other(T(0));
    for (std::size_t m = 0; m < batch; ++m) {
      std::size_t n = 0;
      for (; n + 2 * W <= size; n += 2 * W) {
        sum += V::load_unaligned(rows[m] + n);
        other += V::load_unaligned(rows[m] + n + W);
      }
      for (; n < size; n += W) sum += load_lanes<T, Arch>(rows[m] + n, size - n);
    }
    alignas(alignment) T lanes[W];
    (sum + other).store_aligned(lanes);
    for (std::size_t i = Channels; i < W; ++i) lanes[i % Channels] += lanes[i], lanes[i] = T(0);
    sink(0, V::load_aligned(lanes));
  } else {
    for (std::size_t f = 0; f < Channels; f += W) {
      V sum(T(0));
      for (std::size_t m = 0; m < batch; ++m)
        for (std::size_t p = 0; p < Pixels; ++p) sum += load_lanes<T, Arch>(rows[m] + p * Channels + f, Channels - f);
      sink(f, sum);
    }
  }
}

} // namespace lamina::simd
