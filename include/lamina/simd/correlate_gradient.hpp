#pragma once
#include <cstddef>
#include <lamina/simd/correlate.hpp>

namespace lamina::simd {

template <class T, class Arch, convolution G> inline constexpr std::size_t gradient_scratch = 0;

template <class T, class Arch, convolution G>
void correlate_gradient(const T* const* large, const T* const* small, std::size_t batch, T*, T* sums) {
  using layout = convolution_weights<T, Arch, G>;
  for (std::size_t i = 0; i < layout::size; ++i) sums[i] = T(0);
  for (std::size_t m = 0; m < batch; ++m)
    for (std::size_t p = 0; p < G.out_height * G.out_width; ++p)
      for (std::size_t f = 0; f < G.filters; ++f)
        detail::each_tap<G>(p / G.out_width, p % G.out_width, [&](std::size_t k, std::size_t q) {
          for (std::size_t c = 0; c < G.group_channels(); ++c)
            sums[layout::offset(f, k + c)] +=
                small[m][p * G.filters + f] * large[m][q * G.channels + f / G.group_filters() * G.group_channels() + c];
        });
}

} // namespace lamina::simd
