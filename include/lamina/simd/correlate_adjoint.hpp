#pragma once
#include <lamina/simd/convolution.hpp>
#include <vector>
namespace lamina::simd {
template <class T, class Arch, convolution G> inline constexpr std::size_t adjoint_scratch = 0;
template <class T, class Arch, convolution G, class Epilogue>
void correlate_adjoint(const T* const* small, std::size_t batch, const T* weights, T*, const Epilogue& epilogue) {
  using V = vector<T, Arch>;
  for (std::size_t m = 0; m < batch; ++m) {
    std::vector<T> y(G.height * G.width * G.channels + V::size);
    each_term<T, Arch, G>([&](std::size_t s, std::size_t l, std::size_t w) { y[l] += small[m][s] * weights[w]; });
    for (std::size_t p = 0; p < G.height * G.width; ++p)
      for (std::size_t f = 0; f < G.channels; f += V::size)
        epilogue(m, p, f, V::load_unaligned(y.data() + p * G.channels + f), G.channels - f);
  }
}
} // namespace lamina::simd
