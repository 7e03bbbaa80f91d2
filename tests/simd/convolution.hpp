#pragma once
#include "../catch.hpp"
#include "reference.hpp"
#include <algorithm>
#include <array>
#include <lamina/simd/correlate.hpp>
#include <lamina/simd/correlate_adjoint.hpp>
#include <lamina/simd/correlate_gradient.hpp>
#include <utility>
#include <vector>

/// What the tests of the convolution kernels share: the sums by plain loops in double, and a check of all three kernels
/// on one geometry.
namespace convolutions {

namespace simd = lamina::simd;
using simd::convolution;

/// A geometry by what a user would say; the size of the small side follows.
constexpr convolution geometry(std::size_t channels, std::size_t height, std::size_t width, std::size_t filters,
                               std::size_t kernel_height, std::size_t kernel_width, std::size_t stride_y = 1,
                               std::size_t stride_x = 1, std::size_t padding_y = 0, std::size_t padding_x = 0,
                               std::size_t dilation_y = 1, std::size_t dilation_x = 1, std::size_t groups = 1) {
  const auto out = [](std::size_t n, std::size_t kernel, std::size_t stride, std::size_t padding,
                      std::size_t dilation) { return (n + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1; };
  return {channels,
          height,
          width,
          filters,
          out(height, kernel_height, stride_y, padding_y, dilation_y),
          out(width, kernel_width, stride_x, padding_x, dilation_x),
          kernel_height,
          kernel_width,
          stride_y,
          stride_x,
          padding_y,
          padding_x,
          dilation_y,
          dilation_x,
          groups};
}

/// The small side as large as the large one, for kernels of even size too: one row more after than before.
constexpr convolution same(std::size_t channels, std::size_t height, std::size_t width, std::size_t filters,
                           std::size_t kernel_height, std::size_t kernel_width, std::size_t dilation = 1,
                           std::size_t groups = 1) {
  return {channels,
          height,
          width,
          filters,
          height,
          width,
          kernel_height,
          kernel_width,
          1,
          1,
          dilation * (kernel_height - 1) / 2,
          dilation * (kernel_width - 1) / 2,
          dilation,
          dilation,
          groups};
}

/// Calls f(large index, small index, filter, k) for each product of the definition.
template <class F> void each_product(const convolution& g, const F& f) {
  const std::size_t C = g.channels / g.groups, N = g.filters / g.groups;
  for (std::size_t oy = 0; oy < g.out_height; ++oy)
    for (std::size_t ox = 0; ox < g.out_width; ++ox)
      for (std::size_t ky = 0; ky < g.kernel_height; ++ky)
        for (std::size_t kx = 0; kx < g.kernel_width; ++kx) {
          const long y = long(oy * g.stride_y + ky * g.dilation_y) - long(g.top);
          const long x = long(ox * g.stride_x + kx * g.dilation_x) - long(g.left);
          if (y < 0 || y >= long(g.height) || x < 0 || x >= long(g.width)) continue;
          for (std::size_t n = 0; n < g.filters; ++n)
            for (std::size_t c = 0; c < C; ++c)
              f((std::size_t(y) * g.width + std::size_t(x)) * g.channels + n / N * C + c,
                (oy * g.out_width + ox) * g.filters + n, n, (ky * g.kernel_width + kx) * C + c);
        }
}

/// Stores what it is handed, and how often.
template <class T, bool Light> struct record {
  static constexpr bool light = Light;
  T* sums;
  int* calls;
  std::size_t pixels, features;

  template <class V>
  [[gnu::always_inline]] void operator()(std::size_t m, std::size_t p, std::size_t f, const V& v,
                                         std::size_t lanes) const {
    alignas(64) T number[V::size];
    v.store_aligned(number);
    for (std::size_t i = 0; i < V::size && i < lanes; ++i) {
      const std::size_t at = (m * pixels + p) * features + f + i;
      sums[at] = number[i];
      ++calls[at];
    }
  }
};

/// Rows of n numbers each, which end where they say; those of a network's input are not aligned.
template <class T> struct images {
  images(std::size_t batch, std::size_t n, std::size_t salt, bool aligned) {
    for (std::size_t m = 0; m < batch; ++m) {
      blocks.push_back(new reference::block<T>(n, aligned ? 0 : 1 + m % 3));
      for (std::size_t i = 0; i < n; ++i) (*blocks[m])[i] = T(reference::number(m, i, salt));
      rows.push_back(blocks[m]->data);
    }
  }
  images(const images&) = delete;
  images& operator=(const images&) = delete;
  ~images() {
    for (auto* b : blocks) delete b;
  }
  std::vector<reference::block<T>*> blocks;
  std::vector<const T*> rows;
};

inline bool each_once(const std::vector<int>& calls) {
  return std::all_of(calls.begin(), calls.end(), [](int c) { return c == 1; });
}

template <class T> struct worst {
  double error = 0;
  void see(T got, double expected, std::size_t terms) {
    const double e = std::abs(double(got) - expected) / reference::tolerance<T>(terms);
    if (!(e <= error)) error = e; // also when e is not a number
  }
};

/// The weights' gradient of a batch, which is to be these sums.
template <class T, class Arch, convolution G>
void check_gradient(const images<T>& large, const images<T>& small, const std::vector<double>& expected) {
  const std::size_t batch = large.rows.size();
  reference::block<T> sums(expected.size()), scratch(simd::gradient_scratch<T, Arch, G>);
  for (std::size_t i = 0; i < expected.size(); ++i) sums[i] = T(7); // all of it is to be written
  simd::correlate_gradient<T, Arch, G>(large.rows.data(), small.rows.data(), batch, scratch.data, sums.data);
  worst<T> off;
  for (std::size_t i = 0; i < expected.size(); ++i) off.see(sums[i], expected[i], batch * G.out_height * G.out_width);
  CHECK(off.error <= 1);
}

/// Forward, adjoint and gradient of a geometry against the definition.
template <class T, class Arch, convolution G, bool Light> void check(std::size_t batch) {
  constexpr std::size_t large_size = G.channels * G.height * G.width,
                        small_size = G.filters * G.out_height * G.out_width, K = G.depth();
  CAPTURE(G.channels, G.height, G.width, G.filters, G.out_height, G.out_width, G.kernel_height, G.kernel_width);
  CAPTURE(G.stride_y, G.stride_x, G.top, G.left, G.dilation_y, G.dilation_x, G.groups, batch, Light, sizeof(T));
  CAPTURE(Arch::name());
  using layout = simd::convolution_weights<T, Arch, G>;
  constexpr std::size_t block = simd::convolution_block<T, Arch, G>;

  const images<T> large(batch, large_size, 1, batch % 2 == 0), small(batch, small_size, 2, batch % 2 != 0);
  reference::block<T> w(block);
  for (std::size_t f = 0; f < G.filters; ++f)
    for (std::size_t k = 0; k < K; ++k) w[layout::offset(f, k)] = T(reference::number(f, k, 3));

  std::vector<double> forward(batch * small_size, 0.0), adjoint(batch * large_size, 0.0), gradient(block, 0.0);
  std::vector<double> weight(block);
  for (std::size_t i = 0; i < block; ++i) weight[i] = double(w[i]);
  std::vector<std::size_t> place(G.filters * K);
  for (std::size_t i = 0; i < place.size(); ++i) place[i] = layout::offset(i / K, i % K);
  for (std::size_t m = 0; m < batch; ++m)
    each_product(G, [&](std::size_t q, std::size_t p, std::size_t f, std::size_t k) {
      const double x = double(large.rows[m][q]), z = double(small.rows[m][p]);
      const std::size_t at = place[f * K + k];
      forward[m * small_size + p] += x * weight[at];
      adjoint[m * large_size + q] += z * weight[at];
      gradient[at] += x * z;
    });

  {
    reference::block<T> y(batch * small_size), scratch(simd::correlate_scratch<T, Arch, G>);
    std::vector<int> calls(batch * small_size, 0);
    simd::correlate<T, Arch, G>(large.rows.data(), batch, w.data, scratch.data,
                                record<T, Light>{y.data, calls.data(), G.out_height * G.out_width, G.filters});
    worst<T> off;
    for (std::size_t i = 0; i < forward.size(); ++i) off.see(y[i], forward[i], K);
    CHECK(each_once(calls));
    CHECK(off.error <= 1);
  }
  {
    reference::block<T> y(batch * large_size), scratch(simd::adjoint_scratch<T, Arch, G>);
    std::vector<int> calls(batch * large_size, 0);
    simd::correlate_adjoint<T, Arch, G>(small.rows.data(), batch, w.data, scratch.data,
                                        record<T, Light>{y.data, calls.data(), G.height * G.width, G.channels});
    worst<T> off;
    for (std::size_t i = 0; i < adjoint.size(); ++i)
      off.see(y[i], adjoint[i], G.kernel_height * G.kernel_width * G.group_filters());
    CHECK(each_once(calls));
    CHECK(off.error <= 1);
  }
  check_gradient<T, Arch, G>(large, small, gradient);
}

/// Channels and filters around every vector width, sizes that divide into nothing, and each option in turn.
inline constexpr std::array grid{
    geometry(1, 9, 7, 8, 5, 5),               // LeNet's first layer
    geometry(8, 12, 12, 16, 5, 5),            // and its second
    geometry(8, 16, 16, 8, 3, 3, 1, 1, 1, 1), // a small ResNet's
    geometry(8, 16, 16, 16, 3, 3, 2, 2, 1, 1),
    geometry(16, 8, 8, 16, 3, 3, 1, 1, 1, 1),
    geometry(8, 16, 16, 16, 1, 1, 2, 2),
    geometry(64, 5, 9, 64, 3, 3, 1, 1, 1, 1),
    geometry(64, 7, 5, 18, 3, 3),
    geometry(18, 5, 5, 64, 1, 1),
    geometry(33, 4, 3, 33, 3, 3, 1, 1, 1, 1),
    geometry(3, 11, 13, 16, 3, 3, 1, 1, 1, 1),
    geometry(3, 11, 13, 6, 3, 5, 2, 1, 1, 2),
    geometry(6, 10, 9, 3, 2, 3, 3, 2),
    geometry(6, 9, 9, 18, 2, 2, 3, 3), // stride > kernel
    geometry(1, 8, 8, 1, 3, 3, 1, 1, 1, 1),
    geometry(1, 1, 40, 16, 1, 7, 1, 1, 0, 3), // a signal
    geometry(16, 1, 33, 33, 1, 5, 1, 2, 0, 2, 1, 3),
    geometry(3, 1, 70, 8, 1, 31, 1, 1, 0, 15), // a wide kernel
    geometry(1, 1, 70, 6, 1, 33),
    geometry(8, 9, 9, 8, 3, 3, 1, 1, 2, 2, 2, 2), // dilation
    geometry(6, 11, 9, 16, 3, 2, 2, 1, 1, 1, 2, 3),
    geometry(16, 7, 7, 33, 3, 3, 2, 2, 2, 2),
    same(3, 6, 7, 8, 4, 2), // even kernels
    same(8, 5, 6, 3, 4, 4),
    same(16, 7, 9, 6, 3, 3, 2),
    same(1, 12, 10, 33, 5, 5),
    geometry(6, 7, 7, 18, 3, 3, 1, 1, 1, 1, 1, 1, 3), // groups
    geometry(64, 5, 5, 64, 3, 3, 2, 2, 1, 1, 1, 1, 2),
    geometry(16, 6, 7, 8, 3, 3, 1, 1, 0, 0, 2, 1, 4),
    geometry(3, 9, 8, 3, 3, 3, 1, 1, 1, 1, 1, 1, 3), // depthwise
    geometry(18, 9, 8, 18, 3, 3, 2, 2, 1, 1, 1, 1, 18),
    geometry(33, 5, 6, 33, 5, 3, 1, 1, 2, 0, 1, 2, 33),
    geometry(64, 6, 20, 64, 3, 3, 1, 1, 1, 1, 1, 1, 64),
    geometry(8, 11, 12, 8, 2, 2, 3, 3, 0, 0, 1, 1, 8),
    geometry(18, 1, 30, 18, 1, 13, 1, 1, 0, 6, 1, 1, 18),
    geometry(6, 9, 12, 6, 3, 7, 1, 1, 1, 6, 1, 2, 2), // many columns outside
    geometry(16, 5, 9, 64, 7, 7, 2, 2, 3, 3),
    geometry(1, 6, 6, 16, 3, 3, 2, 1, 2, 1),
    geometry(3, 6, 6, 6, 3, 3, 1, 1, 1, 1, 1, 1, 3), // two filters a channel
    geometry(3, 3, 3, 8, 3, 3),                      // one pixel is left
    geometry(8, 2, 2, 16, 3, 3, 1, 1, 1, 1),         // an image smaller than its kernel
    geometry(6, 1, 1, 8, 3, 3, 2, 2, 1, 1),
};

/// Those of the grid whose index leaves `Rest` when it is divided by `Step`.
template <class T, class Arch, std::size_t Step, std::size_t Rest> void check_grid() {
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (
        [&] {
          constexpr std::size_t i = I * Step + Rest;
          if constexpr (i < grid.size()) {
            check<T, Arch, grid[i], i % 2 == 0>(1);
            check<T, Arch, grid[i], i % 2 == 0>(3);
          }
        }(),
        ...);
  }(std::make_index_sequence<(grid.size() + Step - 1) / Step>{});
}

} // namespace convolutions
