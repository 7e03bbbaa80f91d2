// Normal numbers by the vector: the same bits at every width and every count, and the normal distribution.
#include "../catch.hpp"
#include "architectures.hpp"
#include <bit>
#include <cmath>
#include <cstdint>
#include <lamina/simd/normals.hpp>
#include <vector>

namespace simd = lamina::simd;

namespace {

template <class Arch = simd::default_arch> std::vector<float> normals(std::size_t count, std::uint64_t stream) {
  std::vector<float> z(count);
  simd::add_normals<Arch>(simd::random_stream{7, stream}, 1.f, z.data(), count);
  return z;
}

/// FNV-1a over the bits.
[[maybe_unused]] std::uint64_t digest(const std::vector<float>& numbers) {
  std::uint64_t sum = 0xcbf29ce484222325u;
  for (const float number : numbers) sum = (sum ^ std::bit_cast<std::uint32_t>(number)) * 0x100000001b3u;
  return sum;
}

} // namespace

TEMPLATE_LIST_TEST_CASE("normal numbers have the same bits on every machine, at every width and count", "[simd]",
                        machine_architectures) {
  CHECK(digest(normals<TestType>(1000, 1)) == 0x32bbb76ee0237e70u);
  const std::vector<float> all = normals(200, 3);
  for (const std::size_t count : {0u, 1u, 15u, 16u, 31u, 32u, 33u, 64u, 199u})
    CHECK(normals<TestType>(count, 3) == std::vector<float>(all.begin(), all.begin() + static_cast<int>(count)));
}

TEST_CASE("they are added with their deviation, and nothing beyond the count is touched", "[simd]") {
  const std::vector<float> z = normals(50, 2);
  std::vector<float> x(60, 3.f);
  simd::add_normals(simd::random_stream{7, 2}, 0.5f, x.data(), 50);
  for (std::size_t i = 0; i < 60; ++i) CHECK(x[i] == Approx(i < 50 ? 3 + 0.5f * z[i] : 3).margin(1e-6));
  x = z;
  simd::add_normals(simd::random_stream{7, 4}, 0.f, x.data(), 50);
  CHECK(x == z);
}

TEST_CASE("they have the normal distribution: moments, tails, and pairs that know nothing of each other", "[simd]") {
  constexpr std::size_t n = 1 << 20;
  const std::vector<float> z = normals(n, 5);
  double power[7] = {}, across = 0, squares = 0, next = 0;
  std::size_t below[9] = {}; // -2, -1.5 … 2
  for (std::size_t i = 0; i < n; ++i) {
    double p = 1;
    for (double& sum : power) sum += p / n, p *= static_cast<double>(z[i]);
    for (int k = 0; k < 9; ++k) below[k] += z[i] < 0.5f * static_cast<float>(k - 4);
    if (i % 32 < 16) { // the two numbers of one block
      const double a = z[i], b = z[i + 16];
      across += 2 * a * b / n, squares += 2 * (a * a - 1) * (b * b - 1) / n;
    }
    if (i > 0) next += static_cast<double>(z[i]) * static_cast<double>(z[i - 1]) / n;
  }
  const double moments[] = {1, 0, 1, 0, 3, 0, 15}, deviation[] = {0, 1, 2, 15, 96, 945, 10170}; // of zᵏ, squared
  for (int k = 1; k < 7; ++k) CHECK(std::abs(power[k] - moments[k]) < 4 * std::sqrt(deviation[k] / n));
  for (int k = 0; k < 9; ++k) {
    const double share = 0.5 * std::erfc(-0.5 * (k - 4) / std::sqrt(2.0));
    CHECK(std::abs(static_cast<double>(below[k]) / n - share) < 4 * std::sqrt(share * (1 - share) / n));
  }
  CHECK(std::abs(across) < 4 * std::sqrt(2.0 / n));
  CHECK(std::abs(squares) < 4 * std::sqrt(8.0 / n));
  CHECK(std::abs(next) < 4 * std::sqrt(1.0 / n));
}
