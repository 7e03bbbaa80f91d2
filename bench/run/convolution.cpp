// The convolution kernels against the machine's peak: forward, adjoint (the input's gradient), weight gradient. Only
// products that meet the image count as useful. Depthwise kernels also against passes over the same memory that compute
// nothing: both sides read, the large one copied with ordinary stores, and copied past the caches.
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

/// Bytes a second of passes over an image batch.
struct passes {
  double read = 0, copy = 0, past_caches = 0;
};

void report(const char* name, const char* kernel, std::size_t batch, double time, double products, double bytes,
            double peak, const passes& pass) {
  const double flops = 2 * products / time, moved = bytes / time;
  std::printf("%-34s %4zu  %-9s %10.2f us %7.1f GFLOP/s %6.1f %%", name, batch, kernel, time * 1e6, flops * 1e-9,
              100 * flops / peak);
  if (pass.read > 0)
    std::printf("   %6.1f GB/s %6.1f %% %6.1f %% %6.1f %%", moved * 1e-9, 100 * moved / pass.read,
                100 * moved / pass.copy, 100 * moved / pass.past_caches);
  std::printf("\n");
  if (json != nullptr)
    std::fprintf(json,
                 "%s\n  {\"geometry\": \"%s\", \"batch\": %zu, \"kernel\": \"%s\", \"seconds\": %g, \"flops\": %g, "
                 "\"peak\": %g, \"bytes_per_second\": %g, \"read\": %g, \"copy\": %g, \"copy_past_caches\": %g}",
                 first_row ? "" : ",", name, batch, kernel, time, flops, peak, moved, pass.read, pass.copy,
                 pass.past_caches);
  first_row = false;
}

/// Reads every number of a batch.
[[gnu::noinline]] void read_all(const images<float>& from, std::size_t n) {
  using V = simd::vector<float, Arch>;
  V sum[8];
  for (auto& v : sum) v = V(0.f);
  for (const float* row : from.rows)
    for (std::size_t i = 0; i + 8 * V::size <= n; i += 8 * V::size)
#pragma GCC unroll 8
      for (std::size_t k = 0; k < 8; ++k) sum[k] += V::load_unaligned(row + i + k * V::size);
  bench::keep(sum);
}

/// Copies every number of a batch by the store of the kernels.
template <class Store> void copy_all(const images<float>& from, std::size_t n, float* to) {
  using V = simd::vector<float, Arch>;
  const store_relu<float, 1, Store> store{to, from.stride};
  for (std::size_t m = 0; m < from.rows.size(); ++m)
    for (std::size_t i = 0; i + V::size <= n; i += V::size)
      store(m, i, 0, V::load_unaligned(from.rows[m] + i), V::size);
  simd::non_temporal_fence();
  bench::keep(to);
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
  passes pass;
  if constexpr (G.depthwise()) { // where arithmetic is little, memory may bound
    const auto speed = [&](double moved, const auto& work) { return moved / race.best<float, Arch>(work, turns); };
    pass.read = speed(bytes, [&] { read_all(large, large_size), read_all(small, small_size); });
    pass.copy = speed(bytes, [&] { copy_all<simd::temporal_store>(large, large_size, out.memory.data); });
    pass.past_caches = speed(bytes, [&] { copy_all<simd::non_temporal_store>(large, large_size, out.memory.data); });
    std::printf("%-34s %4zu  passes: read %.1f, copied %.1f, past the caches %.1f GB/s\n", name, batch,
                pass.read * 1e-9, pass.copy * 1e-9, pass.past_caches * 1e-9);
  }
  const double useful = products(G) * double(batch);
  double time = race.best<float, Arch>(
      [&] {
        simd::correlate<float, Arch, G>(large.rows.data(), batch, w.data, scratch.data,
                                        store_relu<float, G.filters>{out.memory.data, small.stride});
        bench::keep(out.memory.data);
      },
      turns);
  report(name, "forward", batch, time, useful, bytes, race.peak_flops, pass);
  time = race.best<float, Arch>(
      [&] {
        simd::correlate_adjoint<float, Arch, G>(small.rows.data(), batch, w.data, scratch.data,
                                                store_relu<float, G.channels>{out.memory.data, large.stride});
        bench::keep(out.memory.data);
      },
      turns);
  report(name, "adjoint", batch, time, useful, bytes, race.peak_flops, pass);
  time = race.best<float, Arch>(
      [&] {
        simd::correlate_gradient<float, Arch, G>(large.rows.data(), small.rows.data(), batch, scratch.data, sums.data);
        bench::keep(sums.data);
      },
      turns);
  report(name, "gradient", batch, time, useful, bytes, race.peak_flops, pass);
}

} // namespace

int main(int argc, char** argv) {
  for (int i = 1; i + 1 < argc; i += 2) {
    if (std::strcmp(argv[i], "--json") == 0) json = std::fopen(argv[i + 1], "w");
    if (std::strcmp(argv[i], "--turns") == 0) turns = static_cast<std::size_t>(std::atoi(argv[i + 1]));
  }
  if (json != nullptr) std::fprintf(json, "[");
  std::printf("geometry                          batch  kernel           time            speed   of the FMA peak    "
              "moved  of read, of copy, of copy past the caches\n");
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
