#include "../catch.hpp"
#include "architectures.hpp"
#include <cmath>
#include <lamina/simd/normal.hpp>
#include <lamina/simd/random.hpp>
#include <vector>

namespace simd = lamina::simd;

TEST_CASE("Threefry-2x32-20 gives its published known answers", "[simd][random]") {
  // kat_vectors of Random123: counter, key, result.
  struct answer {
    std::uint32_t counter[2], key[2], result[2];
  };
  const answer answers[] = {
      {{0, 0}, {0, 0}, {0x6b200159u, 0x99ba4efeu}},
      {{0xffffffffu, 0xffffffffu}, {0xffffffffu, 0xffffffffu}, {0x1cb996fcu, 0xbb002be7u}},
      {{0x243f6a88u, 0x85a308d3u}, {0x13198a2eu, 0x03707344u}, {0xc4923a9cu, 0x483df7a0u}},
  };
  for (const answer& a : answers) {
    const auto got = simd::threefry(a.key[0], a.key[1], a.counter[0], a.counter[1]);
    CHECK(got.first == a.result[0]);
    CHECK(got.second == a.result[1]);
  }
  static_assert(simd::threefry(0u, 0u, 0u, 0u).first == 0x6b200159u);
}

TEMPLATE_LIST_TEST_CASE("vectors of random numbers have the bits of the scalars", "[simd][random]",
                        machine_architectures) {
  const simd::random_stream stream{7, 3};
  const auto same = [&]<class T>(T) {
    constexpr std::size_t W = simd::width<T, TestType>;
    alignas(64) T number[W];
    bool equal = true;
    for (std::uint64_t counter :
         {std::uint64_t{0}, std::uint64_t{64}, (std::uint64_t{1} << 32) - 64, std::uint64_t{1} << 40}) {
      simd::uniforms<T, TestType>(stream, counter).store_aligned(number);
      for (std::size_t i = 0; i < W; ++i) equal = equal && number[i] == simd::uniform<T>(stream, counter + i);
    }
    return equal;
  };
  CHECK(same(float{}));
  CHECK(same(double{}));
}

TEST_CASE("uniform numbers lie in [0, 1) and are even", "[simd][random]") {
  const simd::random_stream stream{1, 0};
  double mean = 0, square = 0;
  constexpr int n = 100000;
  bool inside = true;
  for (int i = 0; i < n; ++i) {
    const float u = simd::uniform<float>(stream, std::uint64_t(i));
    const double d = simd::uniform<double>(stream, std::uint64_t(i));
    inside = inside && u >= 0 && u < 1 && d >= 0 && d < 1;
    mean += u, square += double(u) * u;
  }
  CHECK(inside);
  CHECK(mean / n == Approx(0.5).margin(0.005));
  CHECK(square / n == Approx(1.0 / 3).margin(0.005));
}

TEST_CASE("normal numbers have the moments of the normal distribution", "[simd][random]") {
  const simd::random_stream stream{2, 5};
  double sum[5] = {};
  constexpr int n = 200000;
  for (int i = 0; i < n; ++i) {
    const double z = simd::normal<double>(stream, std::uint64_t(i));
    double power = 1;
    for (double& s : sum) s += power, power *= z;
  }
  CHECK(sum[1] / n == Approx(0).margin(0.01));
  CHECK(sum[2] / n == Approx(1).margin(0.015));
  CHECK(sum[3] / n == Approx(0).margin(0.03));
  CHECK(sum[4] / n == Approx(3).margin(0.08));
}

TEST_CASE("the portable logarithm and cosine agree with the standard library", "[simd][random]") {
  double log_error = 0, cosine_error = 0;
  for (int i = 1; i < 20000; ++i) {
    const double x = i / 20000.0;
    log_error = std::fmax(log_error, std::abs(simd::detail::portable_log(x) / std::log(x) - 1));
    cosine_error =
        std::fmax(cosine_error, std::abs(simd::detail::portable_cosine(x) - std::cos(6.283185307179586 * x)));
  }
  CHECK(simd::detail::portable_log(0x1p-33) == Approx(std::log(0x1p-33)).epsilon(1e-15));
  CHECK(log_error < 1e-14);
  CHECK(cosine_error < 2e-15);
}

TEST_CASE("a shuffle is a permutation, a function of its stream, and even", "[simd][random]") {
  std::vector<int> a(1000), b(1000), seen(1000, 0);
  for (int i = 0; i < 1000; ++i) a[std::size_t(i)] = b[std::size_t(i)] = i;
  simd::shuffle(simd::random_stream{1, 2}, a.data(), a.size());
  simd::shuffle(simd::random_stream{1, 2}, b.data(), b.size());
  CHECK(a == b);
  simd::shuffle(simd::random_stream{1, 3}, b.data(), b.size());
  CHECK(a != b);
  for (const int i : a) ++seen[std::size_t(i)];
  CHECK(seen == std::vector<int>(1000, 1));

  int orders[6] = {};
  for (std::uint64_t s = 0; s < 6000; ++s) {
    int three[] = {0, 1, 2};
    simd::shuffle(simd::random_stream{s, 0}, three, 3);
    ++orders[three[0] * 2 + (three[1] > three[2])];
  }
  for (const int count : orders) CHECK(count == Approx(1000).margin(130));
}

TEST_CASE("bounded integers stay below their bound", "[simd][random]") {
  const simd::random_stream stream{3, 0};
  for (const std::uint32_t bound : {1u, 2u, 10u, 0x80000001u, 0xffffffffu}) {
    bool inside = true;
    for (std::uint64_t i = 0; i < 1000; ++i) inside = inside && simd::bounded(stream, i, bound) < bound;
    CHECK(inside);
  }
}
