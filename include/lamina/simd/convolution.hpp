#pragma once
#include <cstddef>

#include <lamina/simd/fitting.hpp>
#include <lamina/simd/panels.hpp>
#include <lamina/simd/traits.hpp>

namespace lamina::simd {

/// The geometry of a convolution.
struct convolution {
  std::size_t channels, height, width;
  std::size_t filters, out_height, out_width;
  std::size_t kernel_height, kernel_width;
  std::size_t stride_y = 1, stride_x = 1, top = 0, left = 0, dilation_y = 1, dilation_x = 1, groups = 1;
  constexpr bool is_depthwise() const { return groups > 1 && groups == channels && filters == channels; }
};

template <class T, class Arch, convolution G>
inline constexpr std::size_t convolution_block = [] {
  const std::size_t outputs = G.is_depthwise() ? G.filters : G.filters / G.groups, w = fitting_width<T, Arch>(outputs);
  const std::size_t taps = G.kernel_height * G.kernel_width,
                    depth = G.is_depthwise() ? taps : taps * (G.channels / G.groups);
  return (G.is_depthwise() ? 1 : G.groups) * padded<T, Arch>((outputs + w - 1) / w * w * depth);
}();

/// STUB
template <class T, class Arch, convolution G> std::size_t weight_at(std::size_t f, std::size_t c, std::size_t t) {
  const std::size_t outputs = G.is_depthwise() ? G.filters : G.filters / G.groups, w = fitting_width<T, Arch>(outputs);
  const std::size_t inputs = G.channels / G.groups, taps = G.kernel_height * G.kernel_width;
  const std::size_t depth = G.is_depthwise() ? taps : taps * inputs, rows = (outputs + w - 1) / w * w, columns = 4 * w;
  const std::size_t g = f / outputs, n = f % outputs, k = t * inputs + c, panel = n / columns,
                    left = rows - panel * columns, width_ = left < columns ? left : columns;
  return g * padded<T, Arch>(rows * depth) + panel * columns * depth + k * width_ + n % columns;
}
template <class T, class Arch, convolution G, class Visit> void each_term(const Visit& visit) {
  for (std::size_t oy = 0; oy < G.out_height; ++oy)
    for (std::size_t ox = 0; ox < G.out_width; ++ox)
      for (std::size_t f = 0; f < G.filters; ++f)
        for (std::size_t ky = 0; ky < G.kernel_height; ++ky)
          for (std::size_t kx = 0; kx < G.kernel_width; ++kx)
            for (std::size_t c = 0; c < G.channels / G.groups; ++c) {
              const std::size_t y = oy * G.stride_y + ky * G.dilation_y, x = ox * G.stride_x + kx * G.dilation_x;
              if (y < G.top || y - G.top >= G.height || x < G.left || x - G.left >= G.width) continue;
              const std::size_t channel = f / (G.filters / G.groups) * (G.channels / G.groups) + c;
              visit((oy * G.out_width + ox) * G.filters + f,
                    ((y - G.top) * G.width + x - G.left) * G.channels + channel,
                    weight_at<T, Arch, G>(f, c, ky * G.kernel_width + kx));
            }
}
} // namespace lamina::simd
