#pragma once
#include <lamina/simd/convolution.hpp>
namespace lamina::simd {
template <class T, class Arch, convolution G> inline constexpr std::size_t gradient_scratch = 0;
template <class T, class Arch, convolution G>
void correlate_gradient(const T* const* large, const T* const* small, std::size_t batch, T*, T* sums) {
  for (std::size_t i = 0; i < convolution_block<T, Arch, G>; ++i) sums[i] = 0;
  for (std::size_t m = 0; m < batch; ++m)
    each_term<T, Arch, G>([&](std::size_t s, std::size_t l, std::size_t w) { sums[w] += large[m][l] * small[m][s]; });
}
} // namespace lamina::simd
