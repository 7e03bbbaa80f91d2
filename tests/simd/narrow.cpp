#include "../catch.hpp"
#include "architectures.hpp"
#include "reference.hpp"
#include <lamina/simd/narrow.hpp>

namespace simd = lamina::simd;

namespace {

/// Where the products go, each vector once.
template <class T> struct kept {
  T* sums;
  std::size_t stride;
  int* calls;

  template <class V> void operator()(std::size_t m, std::size_t n, const V& v) const {
    v.store_aligned(sums + m * stride + n);
    ++calls[(m * stride + n) / V::size];
  }
  template <class V> void operator()(std::size_t offset, const V& v) const { (*this)(0, offset, v); }
};

template <class T, class Arch, std::size_t N> void products(std::size_t M, std::size_t K) {
  constexpr std::size_t W = simd::width<T, Arch>;
  const std::size_t length = simd::padded<T, Arch>(K);
  CAPTURE(M, N, K, W);
  const reference::samples<T> x(M, K);
  const reference::gradients<T, Arch> dz(M, N);
  reference::block<T> w(N * length);
  for (std::size_t n = 0; n < N; ++n)
    for (std::size_t k = 0; k < K; ++k) w[n * length + k] = T(reference::number(n, k, 2));
  double forward = 0, gradient = 0, input = 0;
  const auto see = [](double& worst, double got, double expected) {
    const double error = std::abs(got - expected);
    if (!(error <= worst)) worst = error;
  };

  reference::block<T> y(M * W), one(W), dw(N * length), dx(M * length);
  std::vector<int> y_calls(M), dw_calls(N * length / W), dx_calls(M * length / W), one_calls(1);
  simd::narrow_product<T, Arch, N>(x.rows.data(), M, w.data, K, kept<T>{y.data, W, y_calls.data()});
  simd::narrow_gradient<T, Arch, N>(x.rows.data(), M, K, dz.data, dz.stride, kept<T>{dw.data, 0, dw_calls.data()});
  simd::narrow_input<T, Arch, N>(dz.data, dz.stride, M, w.data, K, kept<T>{dx.data, length, dx_calls.data()});
  for (std::size_t m = 0; m < M; ++m)
    for (std::size_t n = 0; n < N; ++n) {
      double sum = 0;
      for (std::size_t k = 0; k < K; ++k) sum += double(x.rows[m][k]) * double(w[n * length + k]);
      see(forward, double(y[m * W + n]), sum);
    }
  for (std::size_t n = 0; n < N; ++n)
    for (std::size_t k = 0; k < length; ++k) {
      double sum = 0;
      for (std::size_t m = 0; m < M && k < K; ++m) sum += double(x.rows[m][k]) * double(dz[m * dz.stride + n]);
      see(gradient, double(dw[n * length + k]), sum); // padding included: it must be 0
    }
  for (std::size_t m = 0; m < M; ++m)
    for (std::size_t k = 0; k < length; ++k) {
      double sum = 0;
      for (std::size_t n = 0; n < N; ++n) sum += double(dz[m * dz.stride + n]) * double(w[n * length + k]);
      see(input, double(dx[m * length + k]), sum);
    }
  CHECK(forward <= reference::tolerance<T>(K));
  CHECK(gradient <= reference::tolerance<T>(M));
  CHECK(input <= reference::tolerance<T>(N));
  bool once = true;
  for (const auto* calls : {&y_calls, &dw_calls, &dx_calls})
    for (const int c : *calls) once = once && c == 1;
  CHECK(once);
}

template <class T, class Arch, std::size_t N> void one_sample() {
  const auto check = []<std::size_t K>(std::integral_constant<std::size_t, K>) {
    constexpr std::size_t W = simd::width<T, Arch>;
    const std::size_t length = simd::padded<T, Arch>(K);
    const reference::samples<T> x(1, K);
    reference::block<T> w(N * length), y(W);
    for (std::size_t i = 0; i < N * length; ++i)
      w[i] = i % length < K ? T(reference::number(i / length, i % length, 2)) : T(0);
    int calls = 0;
    simd::narrow_product_of_one<T, Arch, N, K>(x.rows[0], w.data, kept<T>{y.data, W, &calls});
    CAPTURE(N, K, W);
    CHECK(calls == 1);
    for (std::size_t n = 0; n < N; ++n) {
      double sum = 0;
      for (std::size_t k = 0; k < K; ++k) sum += double(x.rows[0][k]) * double(w[n * length + k]);
      CHECK(std::abs(double(y[n]) - sum) <= reference::tolerance<T>(K));
    }
  };
  check(std::integral_constant<std::size_t, 1>{});
  check(std::integral_constant<std::size_t, 17>{});
  check(std::integral_constant<std::size_t, 64>{});
  check(std::integral_constant<std::size_t, 131>{});
}

template <class T, class Arch> void all() {
  const auto outputs = []<std::size_t N>(std::integral_constant<std::size_t, N>) {
    if constexpr (simd::is_narrow<T, Arch>(N)) {
      for (const std::size_t M : {1u, 2u, 5u})
        for (const std::size_t K : {1u, 2u, 7u, 8u, 15u, 16u, 17u, 32u, 33u, 64u, 100u}) products<T, Arch, N>(M, K);
      one_sample<T, Arch, N>();
    }
  };
  outputs(std::integral_constant<std::size_t, 1>{});
  outputs(std::integral_constant<std::size_t, 2>{});
  outputs(std::integral_constant<std::size_t, 3>{});
  outputs(std::integral_constant<std::size_t, 4>{});
}

} // namespace

TEST_CASE("matrices of few outputs: products along the inputs are those of plain loops") {
  []<class... Arch>(const std::tuple<Arch...>*) {
    (all<float, Arch>(), ...);
    (all<double, Arch>(), ...);
  }(static_cast<const machine_architectures*>(nullptr));
}
