// Kernels over rows that stand anywhere, against plain loops in double.
#include "../catch.hpp"
#include "architectures.hpp"
#include "reference.hpp"
#include <lamina/simd/scattered_rows.hpp>
#include <vector>

namespace simd = lamina::simd;

namespace {

template <class T, class Arch, std::size_t Vectors> void check(std::size_t count) {
  constexpr std::size_t N = Vectors * simd::width<T, Arch>;
  const double near = sizeof(T) == 4 ? 1e-5 : 1e-13;
  CAPTURE(N, count);
  reference::block<T> matrix((2 * count + 1) * N), x(N), sum(N), mean(N), single(N);
  std::vector<T*> rows; // every other one, from the last on
  for (std::size_t r = count; r-- > 0;) rows.push_back(matrix.data + (2 * r + 1) * N);
  for (std::size_t i = 0; i < (2 * count + 1) * N; ++i) matrix[i] = T(reference::number(i, 0, 1));
  for (std::size_t n = 0; n < N; ++n) x[n] = T(reference::number(n, 1, 2)), single[n] = matrix[n];
  const std::vector<T> before(matrix.data, matrix.data + (2 * count + 1) * N);
  const auto was = [&](std::size_t r, std::size_t n) { return double(before[(2 * (count - 1 - r) + 1) * N + n]); };

  std::vector<T> products(count), factors(count);
  simd::dot_rows<T, Arch, N>(x.data, rows.data(), count, products.data());
  simd::mean_of_rows<T, Arch, N>(rows.data(), count, mean.data);
  for (std::size_t r = 0; r < count; ++r) {
    double expected = 0;
    for (std::size_t n = 0; n < N; ++n) expected += double(x[n]) * was(r, n);
    CHECK(std::abs(double(products[r]) - expected) < near);
    factors[r] = T(reference::number(r, 3, 4));
  }
  simd::exchange_rows<T, Arch, N>(x.data, rows.data(), factors.data(), count, sum.data);
  simd::add_to_row<T, Arch, N>(single.data, T(0.25), x.data);
  double worst = 0;
  bool others = true;
  const auto see = [&](T got, double expected) { worst = std::max(worst, std::abs(double(got) - expected)); };
  for (std::size_t n = 0; n < N; ++n) {
    double total = 0, all = 0;
    for (std::size_t r = 0; r < count; ++r) {
      total += was(r, n), all += double(factors[r]) * was(r, n);
      see(rows[r][n], was(r, n) + double(factors[r]) * double(x[n]));
    }
    see(mean[n], total / double(count));
    see(sum[n], all);
    see(single[n], double(before[n]) + 0.25 * double(x[n]));
    for (std::size_t r = 0; r <= count; ++r) others = others && matrix[2 * r * N + n] == before[2 * r * N + n];
  }
  CHECK(worst < near);
  CHECK(others); // the rows between
}

template <class T, class Arch> void check_sizes() {
  for (std::size_t count = 1; count <= 11; ++count) {
    check<T, Arch, 1>(count);
    check<T, Arch, 7>(count);
    check<T, Arch, 8>(count);
    check<T, Arch, 13>(count);
    check<T, Arch, 19>(count);
  }
}

template <class... Arch> void check_all(std::tuple<Arch...>) {
  (check_sizes<float, Arch>(), ...);
  (check_sizes<double, Arch>(), ...);
}

} // namespace

TEST_CASE("products, exchanges and means of scattered rows are the plain loops', and other rows stay as they are") {
  check_all(machine_architectures{});
}

TEST_CASE("a row that comes twice grows twice") {
  using Arch = simd::default_arch;
  constexpr std::size_t N = 3 * simd::width<float, Arch>;
  reference::block<float> row(N), x(N), sum(N);
  for (std::size_t n = 0; n < N; ++n) row[n] = 1, x[n] = float(n);
  float* const rows[] = {row.data, row.data};
  const float factors[] = {0.5f, 0.25f};
  simd::exchange_rows<float, Arch, N>(x.data, rows, factors, 2, sum.data);
  for (std::size_t n = 0; n < N; ++n) CHECK(row[n] == 1 + 0.75f * float(n));
}
