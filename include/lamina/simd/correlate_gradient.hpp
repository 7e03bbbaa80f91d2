#pragma once
#include <cstddef>
#include <lamina/simd/convolution.hpp>

namespace lamina::simd {
namespace detail {
/// f(k, pixel of the large side) for each tap of output pixel (oy, ox) that is inside.
template <convolution G, class F> void each_tap(std::size_t oy, std::size_t ox, const F& f) {
  for (std::size_t ky = 0; ky < G.kernel_height; ++ky)
    for (std::size_t kx = 0; kx < G.kernel_width; ++kx) {
      const std::size_t y = oy * G.stride_y + ky * G.dilation_y - G.top,
                        x = ox * G.stride_x + kx * G.dilation_x - G.left;
      if (y < G.height && x < G.width) f((ky * G.kernel_width + kx) * G.group_channels(), y * G.width + x);
    }
}
} // namespace detail

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
