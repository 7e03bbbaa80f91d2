#pragma once
#include <cstddef>
#include <lamina/simd/convolution.hpp>

namespace lamina::simd {

template <class T, class Arch, convolution G> inline constexpr std::size_t correlate_scratch = 0;

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

template <class T, class Arch, convolution G, class Epilogue>
void correlate(const T* const* large, std::size_t batch, const T* weights, T*, const Epilogue& epilogue) {
  using layout = convolution_weights<T, Arch, G>;
  using V = vector<T, typename layout::arch>;
  for (std::size_t m = 0; m < batch; ++m)
    for (std::size_t p = 0; p < G.out_height * G.out_width; ++p)
      for (std::size_t g = 0; g < layout::groups; ++g)
        for (std::size_t n = 0; n < layout::rows; n += V::size) {
          alignas(alignment) T sum[V::size] = {};
          const std::size_t lanes = layout::rows - n;
          for (std::size_t i = 0; i < V::size && i < lanes; ++i) {
            const std::size_t f = g * layout::rows + n + i;
            detail::each_tap<G>(p / G.out_width, p % G.out_width, [&](std::size_t k, std::size_t q) {
              for (std::size_t c = 0; c < G.group_channels(); ++c)
                sum[i] += large[m][q * G.channels + f / G.group_filters() * G.group_channels() + c] *
                          weights[layout::offset(f, k + c)];
            });
          }
          epilogue(m, p, g * layout::rows + n, V::load_aligned(sum), lanes);
        }
}

} // namespace lamina::simd
