// The convolution kernels against the machine's peak: forward, adjoint (the input's gradient), weight gradient. Only
// products that meet the image count as useful. Depthwise kernels against the bandwidth
// of a pass that computes nothing.
// Options: --json FILE, --turns N (more turns: steadier numbers).
#include "peak.hpp"
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <lamina/simd/correlate.hpp>
#include <lamina/simd/correlate_adjoint.hpp>
#include <lamina/simd/correlate_gradient.hpp>
#include <lamina/simd/non_temporal.hpp>
#include <new>
#include <vector>

namespace simd = lamina::simd;

namespace {

using Arch = simd::default_arch;
using simd::convolution;

template <class T> struct block {
  explicit block(std::size_t n) : data{static_cast<T*>(::operator new(n * sizeof(T) + 64, std::align_val_t{64}))} {
    for (std::size_t i = 0; i < n; ++i) data[i] = T((i * 2654435761u >> 8) % 1000) / T(1000) - T(0.5);
  }
  block(const block&) = delete;
  block& operator=(const block&) = delete;
  ~block() { ::operator delete(data, std::align_val_t{64}); }
  T* data;
};

/// `batch` images in rows that are padded to whole vectors.
template <class T> struct images {
  images(std::size_t batch, std::size_t n) : stride{simd::padded<T, Arch>(n)}, memory(batch * stride), rows(batch) {
    for (std::size_t m = 0; m < batch; ++m) rows[m] = memory.data + m * stride;
  }
  std::size_t stride;
  block<T> memory;
  std::vector<const T*> rows;
};

/// max(v, 0), stored where an image of `channels` belongs.
template <class T, std::size_t Channels, class Store = simd::temporal_store> struct store_relu {
  static constexpr bool light = true;
  T* y;
  std::size_t stride;
  template <class V>
  [[gnu::always_inline]] void operator()(std::size_t m, std::size_t p, std::size_t f, const V& v,
                                         std::size_t lanes) const {
    Store::template store<T, typename V::arch_type>(y + m * stride + p * Channels + f, lanes, xsimd::max(v, V(T(0))));
  }
  auto non_temporal() const { return store_relu<T, Channels, simd::non_temporal_store>{y, stride}; }
};

std::size_t turns = 15;
std::FILE* json = nullptr;
bool first_row = true;

/// Products of a pixel of the large side and a weight that the definition sums.
double products(const convolution& g) {
  const auto taps = [](std::size_t out, std::size_t kernel, std::size_t stride, std::size_t before,
                       std::size_t dilation, std::size_t size) {
    double n = 0;
    for (std::size_t o = 0; o < out; ++o)
      for (std::size_t k = 0; k < kernel; ++k) n += o * stride + k * dilation - before < size;
    return n;
  };
  return taps(g.out_height, g.kernel_height, g.stride_y, g.top, g.dilation_y, g.height) *
         taps(g.out_width, g.kernel_width, g.stride_x, g.left, g.dilation_x, g.width) *
         double(g.filters * g.group_channels());
}

void report(const char* name, const char* kernel, std::size_t batch, double time, double products, double bytes,
            double peak, double bandwidth) {
  const double flops = 2 * products / time;
  std::printf("%-34s %4zu  %-9s %10.2f us %7.1f GFLOP/s %6.1f %%", name, batch, kernel, time * 1e6, flops * 1e-9,
              100 * flops / peak);
  if (bandwidth > 0) std::printf("   %6.1f GB/s %6.1f %%", bytes / time * 1e-9, 100 * bytes / time / bandwidth);
  std::printf("\n");
  if (json != nullptr)
    std::fprintf(json,
                 "%s\n  {\"geometry\": \"%s\", \"batch\": %zu, \"kernel\": \"%s\", \"seconds\": %g, \"flops\": %g, "
                 "\"peak\": %g, \"bytes_per_second\": %g, \"copy\": %g}",
                 first_row ? "" : ",", name, batch, kernel, time, flops, peak, bytes / time, bandwidth);
  first_row = false;
}

template <convolution G> void geometry(const char* name, std::size_t batch) {
  constexpr std::size_t large_size = G.channels * G.height * G.width,
                        small_size = G.filters * G.out_height * G.out_width;
  images<float> large(batch, large_size), small(batch, small_size),
      out(batch, small_size > large_size ? small_size : large_size);
  constexpr std::size_t weights = simd::convolution_block<float, Arch, G>;
  const block<float> w(weights), sums(weights),
      scratch(simd::correlate_scratch<float, Arch, G> + simd::adjoint_scratch<float, Arch, G> +
              simd::gradient_scratch<float, Arch, G>);
  const double bytes = double(batch * (large.stride + small.stride) * sizeof(float));
  bench::race race;
  // Where arithmetic is little, what bounds is a pass over as much memory: the store of the kernels alone.
  const double pass = !G.depthwise()
                          ? 0
                          : race.best<float, Arch>(
                                [&] {
                                  constexpr std::size_t W = simd::width<float, Arch>;
                                  const store_relu<float, G.filters> store{out.memory.data, small.stride};
                                  for (std::size_t m = 0; m < batch; ++m)
                                    for (std::size_t i = 0; i + W <= small_size; i += W)
                                      store(m, 0, i, simd::vector<float, Arch>::load_unaligned(large.rows[m] + i), W);
                                  bench::keep(out.memory.data);
                                },
                                turns);
  const double bandwidth = pass > 0 ? 2 * double(batch * small_size * sizeof(float)) / pass : 0;
  const double useful = products(G) * double(batch);
  double time = race.best<float, Arch>(
      [&] {
        simd::correlate<float, Arch, G>(large.rows.data(), batch, w.data, scratch.data,
                                        store_relu<float, G.filters>{out.memory.data, small.stride});
        bench::keep(out.memory.data);
      },
      turns);
  report(name, "forward", batch, time, useful, bytes, race.peak_flops, bandwidth);
  time = race.best<float, Arch>(
      [&] {
        simd::correlate_adjoint<float, Arch, G>(small.rows.data(), batch, w.data, scratch.data,
                                                store_relu<float, G.channels>{out.memory.data, large.stride});
        bench::keep(out.memory.data);
      },
      turns);
  report(name, "adjoint", batch, time, useful, bytes, race.peak_flops, bandwidth);
  time = race.best<float, Arch>(
      [&] {
        simd::correlate_gradient<float, Arch, G>(large.rows.data(), small.rows.data(), batch, scratch.data, sums.data);
        bench::keep(sums.data);
      },
      turns);
  report(name, "gradient", batch, time, useful, bytes, race.peak_flops, bandwidth);
}

} // namespace

int main(int argc, char** argv) {
  for (int i = 1; i + 1 < argc; i += 2) {
    if (std::strcmp(argv[i], "--json") == 0) json = std::fopen(argv[i + 1], "w");
    if (std::strcmp(argv[i], "--turns") == 0) turns = static_cast<std::size_t>(std::atoi(argv[i + 1]));
  }
  if (json != nullptr) std::fprintf(json, "[");
  std::printf("geometry                          batch  kernel           time            speed   of the FMA peak    "
              "moved  of a pass\n");
  geometry<convolution{1, 28, 28, 8, 24, 24, 5, 5}>("LeNet 5x5 1-8 28x28", 64);
  geometry<convolution{8, 12, 12, 16, 8, 8, 5, 5}>("LeNet 5x5 8-16 12x12", 64);
  geometry<convolution{8, 12, 12, 16, 8, 8, 5, 5}>("LeNet 5x5 8-16 12x12", 1);
  geometry<convolution{3, 16, 16, 8, 16, 16, 3, 3, 1, 1, 1, 1}>("ResNet 3x3 3-8 16x16", 32);
  geometry<convolution{8, 16, 16, 8, 16, 16, 3, 3, 1, 1, 1, 1}>("ResNet 3x3 8-8 16x16", 32);
  geometry<convolution{8, 16, 16, 16, 8, 8, 3, 3, 2, 2, 1, 1}>("ResNet 3x3 8-16 16x16 stride 2", 32);
  geometry<convolution{8, 16, 16, 16, 8, 8, 1, 1, 2, 2}>("ResNet 1x1 8-16 16x16 stride 2", 32);
  geometry<convolution{16, 8, 8, 16, 8, 8, 3, 3, 1, 1, 1, 1}>("ResNet 3x3 16-16 8x8", 32);
  geometry<convolution{64, 28, 28, 64, 28, 28, 3, 3, 1, 1, 1, 1}>("3x3 64-64 28x28", 16);
  geometry<convolution{64, 28, 28, 64, 28, 28, 1, 1}>("1x1 64-64 28x28", 16);
  geometry<convolution{32, 28, 28, 64, 14, 14, 3, 3, 2, 2, 1, 1}>("3x3 32-64 28x28 stride 2", 16);
  geometry<convolution{128, 14, 14, 128, 14, 14, 3, 3, 1, 1, 1, 1}>("3x3 128-128 14x14", 8);
  geometry<convolution{3, 64, 64, 64, 32, 32, 7, 7, 2, 2, 3, 3}>("7x7 3-64 64x64 stride 2", 4);
  geometry<convolution{37, 13, 13, 37, 13, 13, 3, 3, 1, 1, 1, 1}>("3x3 37-37 13x13", 8);
  geometry<convolution{64, 28, 28, 64, 28, 28, 3, 3, 1, 1, 1, 1, 1, 1, 64}>("depthwise 3x3 64 28x28", 1);
  geometry<convolution{64, 28, 28, 64, 28, 28, 3, 3, 1, 1, 1, 1, 1, 1, 64}>("depthwise 3x3 64 28x28", 64);
  geometry<convolution{8, 28, 28, 8, 28, 28, 3, 3, 1, 1, 1, 1, 1, 1, 8}>("depthwise 3x3 8 28x28", 64);
  geometry<convolution{256, 56, 56, 256, 56, 56, 3, 3, 1, 1, 1, 1, 1, 1, 256}>("depthwise 3x3 256 56x56", 16);
  if (json != nullptr) {
    std::fprintf(json, "\n]\n");
    std::fclose(json);
  }
}
