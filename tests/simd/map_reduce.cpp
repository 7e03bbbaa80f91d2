#include "../catch.hpp"
#include "architectures.hpp"
#include "reference.hpp"
#include <lamina/simd/map.hpp>
#include <lamina/simd/reduce.hpp>
#include <lamina/simd/transpose.hpp>

namespace simd = lamina::simd;

namespace {

template <class T, class Arch> void map_and_reduce() {
  constexpr std::size_t W = simd::width<T, Arch>;
  for (const std::size_t vectors : {1u, 2u, 3u, 4u, 5u, 8u, 13u, 64u}) {
    const std::size_t n = vectors * W;
    CAPTURE(n, W);
    reference::block<T> x(n), y(n), z(n);
    double sum = 0, squares = 0, dot = 0, largest = -2;
    for (std::size_t i = 0; i < n; ++i) {
      x[i] = T(reference::number(i, 0, 1)), y[i] = T(reference::number(i, 1, 1));
      sum += double(x[i]), squares += double(x[i]) * double(x[i]), dot += double(x[i]) * double(y[i]);
      largest = std::fmax(largest, double(x[i]));
    }
    const double margin = reference::tolerance<T>(n);
    CHECK(double(simd::sum<T, Arch>(x.data, n)) == Approx(sum).margin(margin));
    CHECK(double(simd::sum_of_squares<T, Arch>(x.data, n)) == Approx(squares).margin(margin));
    CHECK(double(simd::dot<T, Arch>(x.data, y.data, n)) == Approx(dot).margin(margin));
    CHECK(double(simd::maximum<T, Arch>(x.data, n)) == largest);

    const T* const input = x.data;
    simd::map<T, Arch>(
        n,
        [](const auto& a, auto& b, auto& c) {
          c = a + b;
          b = a;
        },
        simd::in{input}, simd::inout{y.data}, simd::out{z.data});
    bool right = true;
    for (std::size_t i = 0; i < n; ++i)
      right = right && y[i] == x[i] && z[i] == T(x[i] + T(reference::number(i, 1, 1)));
    CHECK(right);
  }
  for (const std::size_t M : {1u, 2u, 3u, 8u, 33u})
    for (std::size_t N : {W, 3 * W, 4 * W, 7 * W}) {
      CAPTURE(M, N, W);
      const reference::gradients<T, Arch> rows(M, N);
      reference::block<T> sums(N);
      int calls = 0;
      simd::column_sums<T, Arch>(rows.data, M, N, N, [&](std::size_t n, const auto& v) {
        v.store_aligned(sums.data + n);
        ++calls;
      });
      double error = 0;
      for (std::size_t n = 0; n < N; ++n) {
        double sum = 0;
        for (std::size_t m = 0; m < M; ++m) sum += double(rows[m * N + n]);
        error = std::fmax(error, std::abs(double(sums[n]) - sum));
      }
      CHECK(error <= reference::tolerance<T>(M));
      CHECK(std::size_t(calls) == N / W);
    }
}

template <class T, class Arch> void transpositions() {
  constexpr std::size_t W = simd::width<T, Arch>;
  alignas(64) T number[W];
  simd::vector<T, Arch> row[W], copy[W];
  for (std::size_t i = 0; i < W; ++i) {
    for (std::size_t j = 0; j < W; ++j) number[j] = T(100 * i + j);
    copy[i] = row[i] = simd::vector<T, Arch>::load_aligned(number);
  }
  simd::transpose<T, Arch>(row);
  bool right = true;
  for (std::size_t i = 0; i < W; ++i) {
    row[i].store_aligned(number);
    for (std::size_t j = 0; j < W; ++j) right = right && number[j] == T(100 * j + i);
  }
  CHECK(right);
  simd::horizontal_sums<T, Arch>(copy).store_aligned(number);
  for (std::size_t i = 0; i < W; ++i) right = right && number[i] == T(100 * i * W + W * (W - 1) / 2);
  CHECK(right);
}

} // namespace

TEMPLATE_LIST_TEST_CASE("maps and reductions agree with plain loops", "[simd][map][reduce]", machine_architectures) {
  map_and_reduce<float, TestType>();
  map_and_reduce<double, TestType>();
}

TEMPLATE_LIST_TEST_CASE("a transposition in registers moves every number", "[simd][transpose]", machine_architectures) {
  transpositions<float, TestType>();
  transpositions<double, TestType>();
}
