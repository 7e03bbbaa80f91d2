#include <algorithm>
#include <bit>
#include <catch.hpp>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <lamina/expression/math.hpp>
#include <lamina/expression/quotient.hpp>
#include <limits>

// The float functions against the C library's in double, in units of the last place of the exact result.
namespace math = lamina::math;
using V = xsimd::batch<float>;
constexpr float infinity = std::numeric_limits<float>::infinity();

struct worst_case {
  double ulp = 0;
  float at = 0, got = 0;
};

double error_in_ulp(float got, double exact) {
  const float rounded = static_cast<float>(exact);
  if (std::isnan(rounded) || std::isinf(rounded) || rounded == 0) // 0 may also be what is below the normal numbers
    return std::isnan(rounded) ? (std::isnan(got) ? 0 : 1e9) : got == rounded ? 0 : 1e9;
  if (std::abs(exact) < std::numeric_limits<float>::min()) return std::abs(got - exact) <= 1.2e-38 ? 0 : 1e9;
  return std::abs(static_cast<double>(got) - exact) / std::ldexp(1.0, std::ilogb(rounded) - 23);
}

/// Over the bit patterns of [0, ∞] and of their negatives, `stride` apart.
template <class Function> worst_case measure(Function function, double (*exact)(double), std::uint32_t stride) {
  worst_case worst;
  const std::uint64_t end = 0x7f800000;
  for (std::uint32_t sign : {0u, 0x80000000u})
    for (std::uint64_t first = 0; first <= end; first += std::uint64_t{stride} * V::size) {
      alignas(64) float in[V::size], out[V::size];
      for (std::size_t i = 0; i < V::size; ++i) {
        const std::uint64_t bits = first + i * stride;
        in[i] = std::bit_cast<float>(static_cast<std::uint32_t>(bits < end ? bits : end) | sign);
      }
      function(V::load_aligned(in)).store_aligned(out);
      for (std::size_t i = 0; i < V::size; ++i) {
        const double error = error_in_ulp(out[i], exact(static_cast<double>(in[i])));
        if (!(error <= worst.ulp)) worst = {error, in[i], out[i]};
      }
    }
  return worst;
}

double exact_sigmoid(double a) { return 1 / (1 + std::exp(-a)); }
double exact_softplus(double a) { return a > 0 ? a + std::log1p(std::exp(-a)) : std::log1p(std::exp(a)); }

void check_all(std::uint32_t stride) {
  const auto check = [&](const char* name, auto function, double (*exact)(double), double bound) {
    const worst_case worst = measure(function, exact, stride);
    INFO(name << "(" << worst.at << ") = " << worst.got);
    CHECK(worst.ulp <= bound);
  };
  const double fused = math::fma(V(1.f + 0x1p-12f), V(1.f - 0x1p-12f), V(-1.f)).get(0) == -0x1p-24f ? 0 : 1.5;
  check("tanh", [](V a) { return math::tanh(a); }, std::tanh, 5 + fused);
  check("erf", [](V a) { return math::erf(a); }, std::erf, 5.6 + fused);
  check("exp", [](V a) { return math::exp(a); }, std::exp, 2 + fused);
  check("expm1", [](V a) { return math::expm1(a); }, std::expm1, 2 + fused);
  check("log", [](V a) { return math::log(a); }, std::log, 1.5 + fused);
  check("log1p", [](V a) { return math::log1p(a); }, std::log1p, 2 + fused);
  check("sigmoid", [](V a) { return math::sigmoid(a); }, exact_sigmoid, 3 + fused);
  check("softplus", [](V a) { return math::softplus(a); }, exact_softplus, 3 + fused);
}

/// Gates are factors: absolute errors, no sigmoid beyond 1, and one that is wide open keeps all.
void check_gates(std::uint32_t stride) {
  double tanh_error = 0, gate_error = 0;
  float least = 1, most = 0;
  const std::uint32_t end = std::bit_cast<std::uint32_t>(20.f);
  for (std::uint32_t first = std::bit_cast<std::uint32_t>(1e-4f); first < end; first += stride * std::uint32_t{V::size})
    for (const float sign : {1.f, -1.f}) {
      alignas(64) float in[V::size], gate[V::size], tanh[V::size];
      for (std::uint32_t i = 0; i < V::size; ++i) in[i] = sign * std::bit_cast<float>(first + i * stride);
      const V a = V::load_aligned(in);
      (math::gate_less_half_float(a) + V(0.5f)).store_aligned(gate);
      math::gate_tanh_float(V(1.f), a).store_aligned(tanh);
      for (std::size_t i = 0; i < V::size; ++i) {
        const double exact = static_cast<double>(in[i]);
        gate_error = std::max(gate_error, std::abs(static_cast<double>(gate[i]) - exact_sigmoid(exact)));
        tanh_error = std::max(tanh_error, std::abs(static_cast<double>(tanh[i]) - std::tanh(exact)));
        least = std::min(least, gate[i]), most = std::max(most, gate[i]);
      }
    }
  const double unfused = math::fuses<V> ? 0 : 1e-7;
  CHECK(tanh_error <= 4.6e-7 + 2 * unfused);
  CHECK(gate_error <= 2.6e-7 + unfused);
  CHECK(double(least) >= -6e-8); // a rounding of ½
  CHECK(double(most) == 1);
  for (const float a : {16.5f, 17.f, 1e10f, infinity}) {
    CHECK((math::gate_less_half_float(V(a)) + V(0.5f)).get(0) == 1);
    CHECK(std::abs((math::gate_less_half_float(V(-a)) + V(0.5f)).get(0)) <= 6e-8f);
  }
  CHECK(std::isnan(math::gate_less_half_float(V(std::numeric_limits<float>::quiet_NaN())).get(0)));
}

TEST_CASE("gates are within their bounds") { check_gates(199); }
TEST_CASE("gates are within their bounds for all floats", "[.][slow]") { check_gates(1); }

TEST_CASE("float functions are within their bounds") { check_all(1999); }

// All floats: some ten minutes. Run it by name after changing a coefficient.
TEST_CASE("float functions are within their bounds for all floats", "[.][slow]") { check_all(1); }

TEST_CASE("a float is computed as a batch of floats is") {
  const auto check = [](auto function) {
    for (float a : {-200.f, -88.f, -20.f, -3.f, -0.7f, -1e-3f, -1e-30f, 0.f, 1e-41f, 1e-3f, 0.3f, 0.5f, 1.f, 2.f, 9.f,
                    88.5f, 1e20f}) {
      const float scalar = function(a), batch = function(V(a)).get(0);
      INFO("at " << a);
      if (std::isnan(scalar))
        CHECK(std::isnan(batch));
      else
        CHECK(batch == Approx(scalar).epsilon(4e-7).margin(1e-37));
    }
  };
  check([](auto a) { return math::tanh(a); });
  check([](auto a) { return math::erf(a); });
  check([](auto a) { return math::exp(a); });
  check([](auto a) { return math::expm1(a); });
  check([](auto a) { return math::log(a); });
  check([](auto a) { return math::log1p(a); });
  check([](auto a) { return math::sigmoid(a); });
  check([](auto a) { return math::softplus(a); });
}

template <class T> void check_ends() {
  const auto number = [](double a) { return static_cast<T>(static_cast<float>(a)); };
  const auto first = [](T a) {
    if constexpr (math::is_batch<T>)
      return a.get(0);
    else
      return a;
  };
  const float nan = std::numeric_limits<float>::quiet_NaN(), payload = std::bit_cast<float>(0x7fc00123);
  for (float odd : {nan, payload, -payload}) {
    CHECK(std::isnan(first(math::tanh(T(odd)))));
    CHECK(std::isnan(first(math::erf(T(odd)))));
    CHECK(std::isnan(first(math::exp(T(odd)))));
    CHECK(std::isnan(first(math::expm1(T(odd)))));
    CHECK(std::isnan(first(math::log(T(odd)))));
    CHECK(std::isnan(first(math::log1p(T(odd)))));
    CHECK(std::isnan(first(math::sigmoid(T(odd)))));
    CHECK(std::isnan(first(math::softplus(T(odd)))));
  }
  CHECK(first(math::tanh(T(infinity))) == 1);
  CHECK(first(math::tanh(T(-infinity))) == -1);
  CHECK(std::signbit(first(math::tanh(number(-0.0)))));
  CHECK(first(math::tanh(T(1e-42f))) == 1e-42f);
  CHECK(first(math::tanh(T(1e-20f))) == 1e-20f);
  CHECK(first(math::exp(T(infinity))) == infinity);
  CHECK(first(math::exp(T(-infinity))) == 0);
  CHECK(first(math::exp(T(0.f))) == 1);
  CHECK(first(math::expm1(T(infinity))) == infinity);
  CHECK(first(math::expm1(T(-infinity))) == -1);
  CHECK(first(math::log(T(0.f))) == -infinity);
  CHECK(first(math::log(T(infinity))) == infinity);
  CHECK(first(math::log(T(1.f))) == 0);
  CHECK(std::isnan(first(math::log(T(-1.f)))));
  CHECK(first(math::log1p(T(-1.f))) == -infinity);
  CHECK(first(math::log1p(T(infinity))) == infinity);
  CHECK(std::isnan(first(math::log1p(T(-2.f)))));
  CHECK(first(math::sigmoid(T(infinity))) == 1);
  CHECK(first(math::sigmoid(T(-infinity))) == 0);
  CHECK(first(math::softplus(T(infinity))) == infinity);
  CHECK(first(math::softplus(T(-infinity))) == 0);
}

TEST_CASE("zeros, infinities, NaN and denormal numbers") {
  check_ends<float>();
  check_ends<V>();
}

TEST_CASE("a / (√s + e) of floats without a root or a division") {
  double worst = 0;
  for (int i = -120; i <= 120; ++i)
    for (float e : {0.f, 1e-30f, 1e-8f, 1.f}) {
      const float s = std::ldexp(1.37f + static_cast<float>(i) * 1e-3f, i), a = 0.7f;
      const double exact = static_cast<double>(a) / (std::sqrt(static_cast<double>(s)) + static_cast<double>(e));
      const double error = error_in_ulp(math::divide_by_root(V(a), V(s), V(e)).get(0), exact);
      if (error > worst) worst = error;
    }
  CHECK(worst <= 3);
  CHECK(math::divide_by_root(V(0.f), V(0.f), V(1e-8f)).get(0) == 0);
  CHECK(math::divide_by_root(V(1e-8f), V(0.f), V(1e-8f)).get(0) == Approx(1).epsilon(1e-6));
  CHECK(math::divide_by_root(V(1e-30f), V(1e-42f), V(1e-8f)).get(0) == Approx(1e-22).epsilon(1e-5)); // g² was denormal
  CHECK(std::abs(math::divide_by_root(V(1.f), V(infinity), V(1e-8f)).get(0)) < 1e-18);
  CHECK(std::isnan(math::divide_by_root(V(1.f), V(std::nanf("")), V(1e-8f)).get(0)));
  using D = xsimd::batch<double>;
  CHECK(math::divide_by_root(D(0.7), D(0.3), D(1e-8)).get(0) == 0.7 / (std::sqrt(0.3) + 1e-8));
}
