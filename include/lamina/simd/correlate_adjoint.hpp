#pragma once
#include <cstddef>
#include <lamina/simd/correlate.hpp>

namespace lamina::simd {

template <class T, class Arch, convolution G>
inline constexpr std::size_t adjoint_scratch = G.height * G.width * G.channels + 64;

template <class T, class Arch, convolution G, class Epilogue>
void correlate_adjoint(const T* const* small, std::size_t batch, const T* weights, T* scratch,
                       const Epilogue& epilogue) {
  using layout = convolution_weights<T, Arch, G>;
  using V = vector<T, fitting<T, Arch, G.depthwise() ? G.channels : G.group_channels()>>;
  for (std::size_t m = 0; m < batch; ++m) {
    for (std::size_t i = 0; i < adjoint_scratch<T, Arch, G>; ++i) scratch[i] = T(0);
    for (std::size_t p = 0; p < G.out_height * G.out_width; ++p)
      for (std::size_t f = 0; f < G.filters; ++f)
        detail::each_tap<G>(p / G.out_width, p % G.out_width, [&](std::size_t k, std::size_t q) {
          for (std::size_t c = 0; c < G.group_channels(); ++c)
            scratch[q * G.channels + f / G.group_filters() * G.group_channels() + c] +=
                small[m][p * G.filters + f] * weights[layout::offset(f, k + c)];
        });
    const std::size_t rows = G.depthwise() ? G.channels : G.group_channels();
    for (std::size_t q = 0; q < G.height * G.width; ++q)
      for (std::size_t g = 0; g < G.channels; g += rows)
        for (std::size_t c = 0; c < rows; c += V::size)
          epilogue(m, q, g + c, V::load_unaligned(scratch + q * G.channels + g + c), rows - c);
  }
}

} // namespace lamina::simd
