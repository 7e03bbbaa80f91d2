// The gemm family against the machine's peak: forward, weight gradient, input gradient, one sample.
// Options: --json FILE, --turns N (more turns: steadier numbers).
#include "peak.hpp"
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <lamina/simd/gemm.hpp>
#include <lamina/simd/gemm_gradient.hpp>
#include <lamina/simd/gemm_input.hpp>
#include <lamina/simd/gemv.hpp>
#include <new>

namespace simd = lamina::simd;

namespace {

using Arch = simd::default_arch;

template <class T> struct block {
  explicit block(std::size_t n) : data{static_cast<T*>(::operator new(n * sizeof(T), std::align_val_t{64}))} {
    for (std::size_t i = 0; i < n; ++i) data[i] = T((i * 2654435761u >> 8) % 1000) / T(1000) - T(0.5);
  }
  block(const block&) = delete;
  block& operator=(const block&) = delete;
  ~block() { ::operator delete(data, std::align_val_t{64}); }
  T* data;
};

/// max(v + bias, 0), stored.
template <class T> struct bias_relu {
  static constexpr bool light = true;
  T* y;
  const T* bias;
  std::size_t stride;
  template <class V> [[gnu::always_inline]] void operator()(std::size_t m, std::size_t n, const V& v) const {
    xsimd::max(v + V::load_aligned(bias + n), V(T(0))).store_aligned(y + m * stride + n);
  }
  template <class V> [[gnu::always_inline]] void operator()(std::size_t n, const V& v) const { (*this)(0, n, v); }
};

template <class T, bool Light> struct store {
  static constexpr bool light = Light;
  T* y;
  std::size_t stride;
  template <class V> [[gnu::always_inline]] void operator()(std::size_t m, std::size_t n, const V& v) const {
    v.store_aligned(y + m * stride + n);
  }
};

/// One step of stochastic gradient descent.
template <class T, bool Light> struct descend {
  static constexpr bool light = Light;
  T* w;
  T rate;
  template <class V> [[gnu::always_inline]] void operator()(std::size_t offset, const V& v) const {
    simd::multiply_add(v, V(rate), V::load_aligned(w + offset)).store_aligned(w + offset);
  }
  [[gnu::always_inline]] void prefetch(std::size_t offset) const { simd::prefetch_write(w + offset); }
};

std::size_t turns = 21;
std::FILE* json = nullptr;
bool first_row = true;

template <class T>
void report(const char* kernel, std::size_t M, std::size_t N, std::size_t K, std::size_t padded_out, double time,
            double peak) {
  const double flops = 2.0 * double(M * N * K) / time;
  const double padded_share = double(padded_out) * double(M * K) / double(M * N * K);
  std::printf("%-9s %-6s %5zu %5zu %5zu %10.3f us %8.1f GFLOP/s %6.1f %% %6.1f %%\n", kernel,
              sizeof(T) == 4 ? "float" : "double", M, N, K, time * 1e6, flops * 1e-9, 100 * flops / peak,
              100 * flops * padded_share / peak);
  if (json != nullptr)
    std::fprintf(json,
                 "%s\n  {\"kernel\": \"%s\", \"scalar\": \"%s\", \"M\": %zu, \"N\": %zu, \"K\": %zu, \"seconds\": %g, "
                 "\"flops\": %g, \"peak\": %g, \"padded_peak_share\": %g}",
                 first_row ? "" : ",", kernel, sizeof(T) == 4 ? "float" : "double", M, N, K, time, flops, peak,
                 flops * padded_share / peak);
  first_row = false;
}

template <class T, std::size_t N, std::size_t K> void shape(std::size_t M) {
  constexpr std::size_t out = simd::padded<T, Arch>(N), in = simd::padded<T, Arch>(K);
  const block<T> x(M * K + 1), w(out * K), dz(M * out), bias(out), y(M * (out > in ? out : in) + 64),
      scratch(simd::gemm_input_scratch<T, Arch>(N, K));
  const T** rows = new const T*[M];
  for (std::size_t m = 0; m < M; ++m) rows[m] = x.data + m * K + 1; // unaligned, as the samples of a data set
  for (std::size_t m = 0; m < M; ++m)
    for (std::size_t n = N; n < out; ++n) dz.data[m * out + n] = T(0);

  bench::race race;
  double time = race.best<T, Arch>(
      [&] {
        simd::gemm<T, Arch, N>(rows, M, w.data, K, bias_relu<T>{y.data, bias.data, out});
        bench::keep(y.data);
      },
      turns);
  report<T>("forward", M, N, K, out, time, race.peak_flops);
  time = race.best<T, Arch>(
      [&] {
        simd::gemm<T, Arch, N>(rows, M, w.data, K, store<T, false>{y.data, out});
        bench::keep(y.data);
      },
      turns);
  report<T>("fwd heavy", M, N, K, out, time, race.peak_flops);
  time = race.best<T, Arch>(
      [&] {
        simd::gemm_gradient<T, Arch, N>(rows, M, K, dz.data, out, descend<T, true>{w.data, T(-1e-9)});
        bench::keep(w.data);
      },
      turns);
  report<T>("dW", M, N, K, out, time, race.peak_flops);
  time = race.best<T, Arch>(
      [&] {
        simd::gemm_gradient<T, Arch, N>(rows, M, K, dz.data, out, descend<T, false>{w.data, T(-1e-9)});
        bench::keep(w.data);
      },
      turns);
  report<T>("dW heavy", M, N, K, out, time, race.peak_flops);
  time = race.best<T, Arch>(
      [&] {
        simd::gemm_input<T, Arch, N, K>(dz.data, out, M, w.data, scratch.data, store<T, true>{y.data, in});
        bench::keep(y.data);
      },
      turns);
  report<T>("dX", M, N, K, in * N / K, time, race.peak_flops);
  delete[] rows;
}

/// A product of one sample that waits for the one before: latency, not throughput.
template <std::size_t N, std::size_t K> void one_sample() {
  constexpr std::size_t out = simd::padded<float, Arch>(N);
  const block<float> x(K), w(out * K), bias(out), y(out);
  bench::race race;
  const double time = race.best<float, Arch>(
      [&] {
        x.data[0] = y.data[0] * 1e-9f;
        simd::gemv<float, Arch, N, K>(x.data, w.data, bias_relu<float>{y.data, bias.data, out});
        bench::keep(y.data);
      },
      turns);
  report<float>("gemv", 1, N, K, out, time, race.peak_flops);
}

/// y = a·x + y over n numbers: bytes moved a second against a plain copy.
void elementwise(std::size_t n) {
  const block<float> x(n), y(n);
  bench::race race;
  const double time = race.best<float, Arch>(
      [&] {
        simd::map<float>(
            n,
            [](const auto& a, auto& b)
                __attribute__((always_inline)) { b = simd::multiply_add(std::decay_t<decltype(b)>(1e-9f), a, b); },
            simd::in{x.data}, simd::inout{y.data});
        bench::keep(y.data);
      },
      turns);
  const double copied = bench::copy_bandwidth(x.data, y.data, n, turns);
  std::printf("map       float  %11zu %16.3f us %8.1f GB/s     %6.1f %% of a copy's %.1f GB/s\n", n, time * 1e6,
              12e-9 * double(n) / time, 1200.0 * double(n) / time / copied, copied * 1e-9);
}

} // namespace

int main(int argc, char** argv) {
  for (int i = 1; i + 1 < argc; i += 2) {
    if (std::strcmp(argv[i], "--json") == 0) json = std::fopen(argv[i + 1], "w");
    if (std::strcmp(argv[i], "--turns") == 0) turns = static_cast<std::size_t>(std::atoi(argv[i + 1]));
  }
  if (json != nullptr) std::fprintf(json, "[");
  std::printf(
      "kernel    scalar     M     N     K         time           speed      useful   padded   (of the FMA peak)\n");
  shape<float, 32, 32>(32);
  shape<float, 64, 64>(64);
  shape<float, 128, 784>(64);
  shape<float, 10, 128>(64);
  shape<float, 128, 128>(32);
  shape<float, 100, 100>(100);
  shape<float, 37, 37>(37);
  shape<float, 784, 784>(64);
  shape<float, 128, 784>(1);
  shape<float, 128, 784>(4);
  shape<float, 256, 3000>(64);
  shape<double, 128, 784>(64);
  shape<double, 37, 100>(33);
  one_sample<32, 8>();
  one_sample<32, 32>();
  one_sample<64, 64>();
  one_sample<4, 64>();
  one_sample<128, 784>();
  elementwise(1 << 14);
  elementwise(1 << 20);
  if (json != nullptr) {
    std::fprintf(json, "\n]\n");
    std::fclose(json);
  }
}
