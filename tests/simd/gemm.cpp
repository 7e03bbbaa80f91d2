#include "../catch.hpp"
#include "architectures.hpp"
#include "reference.hpp"
#include <lamina/simd/gemm.hpp>
#include <lamina/simd/gemm_gradient.hpp>
#include <lamina/simd/gemm_input.hpp>
#include <lamina/simd/gemv.hpp>

namespace simd = lamina::simd;

namespace {

/// Stores the sums, counting how often each is handed over.
template <class T, bool Light> struct record {
  static constexpr bool light = Light;
  T* sums;
  int* calls;
  std::size_t stride;

  template <class V> void operator()(std::size_t m, std::size_t n, const V& v) const {
    v.store_aligned(sums + m * stride + n);
    ++calls[(m * stride + n) / V::size];
  }
  template <class V> void operator()(std::size_t offset, const V& v) const { (*this)(0, offset, v); }
};

template <class T> struct results {
  results(std::size_t n, std::size_t W) : sums(n), calls(n / W, 0) {}
  template <bool Light> record<T, Light> epilogue(std::size_t stride = 0) { return {sums.data, calls.data(), stride}; }
  bool each_once() const {
    bool once = true;
    for (const int c : calls) once = once && c == 1;
    return once;
  }
  reference::block<T> sums;
  std::vector<int> calls;
};

/// Gathers the largest error, so that a test asserts once and not for every number.
struct worst {
  double error = 0;
  void see(double got, double expected) {
    const double e = std::abs(got - expected);
    if (!(e <= error)) error = e; // also when e is not a number
  }
};

template <class T, class Arch, std::size_t N, bool Light> void forward(std::size_t M, std::size_t K) {
  constexpr std::size_t W = simd::width<T, Arch>, stride = simd::padded<T, Arch>(N);
  CAPTURE(M, N, K, W, Light);
  const reference::samples<T> x(M, K);
  const reference::weights<T, Arch> w(N, K);
  results<T> y(M * stride, W);
  simd::gemm<T, Arch, N>(x.rows.data(), M, w.data, K, y.template epilogue<Light>(stride));
  worst off;
  for (std::size_t m = 0; m < M; ++m)
    for (std::size_t n = 0; n < stride; ++n) {
      double sum = 0;
      for (std::size_t k = 0; n < N && k < K; ++k) sum += double(x.rows[m][k]) * double(T(reference::number(n, k, 2)));
      off.see(double(y.sums[m * stride + n]), sum);
    }
  CHECK(y.each_once());
  CHECK(off.error <= reference::tolerance<T>(K));
}

template <class T, class Arch, std::size_t N, bool Light> void gradient(std::size_t M, std::size_t K) {
  constexpr std::size_t W = simd::width<T, Arch>;
  CAPTURE(M, N, K, W, Light);
  const reference::samples<T> x(M, K);
  const reference::gradients<T, Arch> dz(M, N);
  results<T> dw(simd::panels<T, Arch>::size(N, K), W);
  simd::gemm_gradient<T, Arch, N>(x.rows.data(), M, K, dz.data, dz.stride, dw.template epilogue<Light>());
  worst off;
  for (std::size_t n = 0; n < dz.stride; ++n)
    for (std::size_t k = 0; k < K; ++k) {
      double sum = 0;
      for (std::size_t m = 0; m < M; ++m) sum += double(x.rows[m][k]) * double(dz[m * dz.stride + n]);
      off.see(double(dw.sums[simd::panels<T, Arch>::offset(n, k, N, K)]), sum);
    }
  CHECK(dw.each_once());
  CHECK(off.error <= reference::tolerance<T>(M));
}

template <class T, class Arch, std::size_t N, std::size_t K, bool Light> void input(std::size_t M) {
  constexpr std::size_t W = simd::width<T, Arch>, stride = simd::padded<T, Arch>(K);
  CAPTURE(M, N, K, W, Light);
  const reference::gradients<T, Arch> dz(M, N);
  const reference::weights<T, Arch> w(N, K);
  reference::block<T> scratch(simd::gemm_input_scratch<T, Arch>(N, K));
  results<T> dx(M * stride, W);
  simd::gemm_input<T, Arch, N, K>(dz.data, dz.stride, M, w.data, scratch.data, dx.template epilogue<Light>(stride));
  worst off;
  for (std::size_t m = 0; m < M; ++m)
    for (std::size_t k = 0; k < stride; ++k) {
      double sum = 0;
      for (std::size_t n = 0; k < K && n < N; ++n)
        sum += double(dz[m * dz.stride + n]) * double(T(reference::number(n, k, 2)));
      off.see(double(dx.sums[m * stride + k]), sum);
    }
  CHECK(dx.each_once());
  CHECK(off.error <= reference::tolerance<T>(N));
}

template <class T, class Arch, std::size_t N, std::size_t K, bool Light> void one_sample() {
  constexpr std::size_t W = simd::width<T, Arch>, stride = simd::padded<T, Arch>(N);
  CAPTURE(N, K, W, Light);
  const reference::samples<T> x(1, K);
  const reference::weights<T, Arch> w(N, K);
  results<T> y(stride, W);
  simd::gemv<T, Arch, N, K>(x.rows[0], w.data, y.template epilogue<Light>());
  worst off;
  for (std::size_t n = 0; n < stride; ++n) {
    double sum = 0;
    for (std::size_t k = 0; n < N && k < K; ++k) sum += double(x.rows[0][k]) * double(T(reference::number(n, k, 2)));
    off.see(double(y.sums[n]), sum);
  }
  CHECK(y.each_once());
  CHECK(off.error <= reference::tolerance<T>(K));
}

template <class T, class Arch, std::size_t N, bool Light> void every_M_and_K() {
  for (const std::size_t M : {1u, 2u, 3u, 4u, 5u, 7u, 8u, 9u, 12u, 13u, 16u, 17u, 33u})
    for (const std::size_t K : {1u, 2u, 3u, 4u, 5u, 6u, 7u, 8u, 9u, 13u, 16u, 37u, 100u}) {
      forward<T, Arch, N, Light>(M, K);
      gradient<T, Arch, N, Light>(M, K);
    }
}

template <class T, class Arch, std::size_t N, std::size_t K> void every_M() {
  for (const std::size_t M : {1u, 2u, 3u, 4u, 5u, 6u, 7u, 8u, 9u, 13u, 49u, 100u})
    input<T, Arch, N, K, (N + K) % 2 == 0>(M);
  one_sample<T, Arch, N, K, (N + K) % 2 == 1>();
}

} // namespace

TEMPLATE_LIST_TEST_CASE("the forward and gradient products agree with plain loops at every tile boundary",
                        "[simd][gemm]", machine_architectures) {
  using Arch = TestType;
  constexpr std::size_t W = simd::width<float, Arch>, D = simd::width<double, Arch>;
  every_M_and_K<float, Arch, 1, true>();
  every_M_and_K<float, Arch, W, false>();
  every_M_and_K<float, Arch, 2 * W - 1, true>();
  every_M_and_K<float, Arch, 3 * W, true>();
  every_M_and_K<float, Arch, 4 * W, true>();
  every_M_and_K<float, Arch, 4 * W + 1, false>();
  every_M_and_K<float, Arch, 11 * W - 3, true>();
  every_M_and_K<double, Arch, 1, false>();
  every_M_and_K<double, Arch, 7 * D - 1, true>();
  forward<float, Arch, 100, true>(37, 784);
  gradient<float, Arch, 100, true>(37, 784);
  forward<double, Arch, 37, true>(100, 784);
  gradient<double, Arch, 37, true>(100, 784);
}

TEMPLATE_LIST_TEST_CASE("the input gradient and the one-sample product agree with plain loops", "[simd][gemm]",
                        machine_architectures) {
  using Arch = TestType;
  constexpr std::size_t W = simd::width<float, Arch>, D = simd::width<double, Arch>;
  every_M<float, Arch, 1, 1>();
  every_M<float, Arch, 1, W + 1>();
  every_M<float, Arch, W, W>();
  every_M<float, Arch, 2 * W - 1, 2 * W>();
  every_M<float, Arch, 3 * W, 4 * W + 1>();
  every_M<float, Arch, 5 * W + 1, 3 * W - 1>();
  every_M<float, Arch, 10, 128>();
  every_M<float, Arch, 100, 37>();
  every_M<float, Arch, 37, 784>();
  every_M<float, Arch, 128, 784>();
  every_M<float, Arch, 32, 8>();
  every_M<double, Arch, 1, 1>();
  every_M<double, Arch, 6 * D - 1, 5 * D + 1>();
  every_M<double, Arch, 37, 100>();
  every_M<double, Arch, 64, 16>();
}
