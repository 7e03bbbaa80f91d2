#pragma once
#include <lamina/simd/convolution.hpp>
#include <vector>
namespace lamina::simd {
template <class T, class Arch, convolution G> inline constexpr std::size_t correlate_scratch = 0;
template <class T, class Arch, convolution G, class Epilogue>
void correlate(const T* const* large, std::size_t batch, const T* weights, T*, const Epilogue& epilogue) {
  using V = vector<T, Arch>;
  for (std::size_t m = 0; m < batch; ++m) {
    std::vector<T> y(G.out_height * G.out_width * G.filters + V::size);
    each_term<T, Arch, G>([&](std::size_t s, std::size_t l, std::size_t w) { y[s] += large[m][l] * weights[w]; });
    for (std::size_t p = 0; p < G.out_height * G.out_width; ++p)
      for (std::size_t f = 0; f < G.filters; f += V::size)
        epilogue(m, p, f, V::load_unaligned(y.data() + p * G.filters + f), G.filters - f);
  }
}
} // namespace lamina::simd
