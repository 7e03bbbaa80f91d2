// Every initializer: moments, the same numbers from the same seed, its scale.
#include "catalogue.hpp"
#include "support.hpp"
#include <lamina/initializer.hpp>

using namespace laws;

namespace {

constexpr std::size_t rows = 60, columns = 150; // fan_out, fan_in
struct net : la::network<la::input<columns>, la::dense<rows>> {};

template <class Initializer>
numbers draw(const Initializer& initializer, std::uint64_t seed, std::uint64_t stream = 0) {
  la::model<net, double> model{la::seed{99}};
  la::initialize(model.parameter("0.weight"), initializer, seed, stream);
  return elements(model.parameter("0.weight"));
}

/// Mean within five of its standard deviations, variance too (the larger one, a normal's); none beyond `bound`.
void check_moments(const std::string& name, const numbers& drawn, double mean, double variance, double bound) {
  INFO(name);
  const double count = static_cast<double>(drawn.size());
  double sum = 0, squares = 0, largest = 0;
  for (const double w : drawn)
    sum += w, squares += (w - mean) * (w - mean), largest = std::max(largest, std::abs(w - mean));
  CHECK(std::abs(sum / count - mean) < 5 * std::sqrt(variance / count));
  CHECK(std::abs(squares / count / variance - 1) < 5 * std::sqrt(2 / count));
  CHECK(largest <= bound);
  CHECK(largest > 1.5 * std::sqrt(variance)); // it reaches out
}

constexpr double both = rows + columns, in = columns;

} // namespace

TEST_CASE("mean, variance and range of every initializer are its formula's") {
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    const auto uniform = [&](const std::string& name, const auto& initializer, double variance, double mean = 0) {
      check_moments(name, draw(initializer, seed), mean, variance, std::sqrt(3 * variance));
    };
    const auto normal = [&](const std::string& name, const auto& initializer, double variance, double mean = 0) {
      check_moments(name, draw(initializer, seed), mean, variance, 6 * std::sqrt(variance));
    };
    uniform("uniform", la::uniform{.low = 1, .high = 4}, 9.0 / 12, 2.5);
    normal("normal", la::normal{.mean = -2, .deviation = 0.5}, 0.25, -2);
    uniform("glorot_uniform", la::glorot_uniform{}, 2 / both);
    normal("glorot_normal", la::glorot_normal{}, 2 / both);
    uniform("xavier_uniform, scaled", la::xavier_uniform{.scale = 3}, 9 * 2 / both);
    normal("xavier_normal, scaled", la::xavier_normal{.scale = 3}, 9 * 2 / both);
    uniform("he_uniform", la::he_uniform{}, 2 / in);
    normal("he_normal", la::he_normal{}, 2 / in);
    uniform("kaiming_uniform, scaled", la::kaiming_uniform{.scale = 0.5}, 0.25 * 2 / in);
    normal("kaiming_normal, scaled", la::kaiming_normal{.scale = 0.5}, 0.25 * 2 / in);
    normal("lecun", la::lecun{}, 1 / in);
    normal("lecun, scaled", la::lecun{.scale = 2}, 4 / in);
  }
  for (const double w : draw(la::constant{.value = 0.25}, 1)) REQUIRE(w == 0.25);
  for (const double w : draw(la::zeros{}, 1)) REQUIRE(w == 0);
}

TEST_CASE("first values of dense are PyTorch's: uniform within one over the root of fan_in, weight and bias") {
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    const la::model<net, double> model{la::seed{seed}};
    check_moments("weight", elements(model.parameter("0.weight")), 0, 1 / in / 3, std::sqrt(1 / in));
    for (const double b : elements(model.parameter("0.bias"))) CHECK(std::abs(b) <= std::sqrt(1 / in));
  }
}

TEST_CASE("an initializer is a function of seed and stream") {
  const auto check = [](const std::string& name, const auto& initializer) {
    INFO(name);
    CHECK(draw(initializer, 1) == draw(initializer, 1));
    CHECK(draw(initializer, 1) != draw(initializer, 2));
    CHECK(draw(initializer, 1, 0) != draw(initializer, 1, 1));
  };
  check("uniform", la::uniform{});
  check("normal", la::normal{});
  check("glorot_uniform", la::glorot_uniform{});
  check("glorot_normal", la::glorot_normal{});
  check("he_uniform", la::he_uniform{});
  check("he_normal", la::he_normal{});
  check("lecun", la::lecun{});
  check("orthogonal", la::orthogonal{});
}

TEST_CASE("orthogonal gives orthonormal rows or columns, whichever are fewer, times its scale") {
  const auto check = [](std::size_t n, std::size_t k, double scale) {
    INFO(n << " x " << k);
    numbers w(n * k);
    la::orthogonal{.scale = scale}.fill(w.data(), n, k, la::simd::random_stream{5, 0});
    const std::size_t count = std::min(n, k), length = std::max(n, k);
    const auto at = [&](std::size_t v, std::size_t i) { return n <= k ? w[v * k + i] : w[i * k + v]; };
    for (std::size_t u = 0; u < count; ++u)
      for (std::size_t v = 0; v <= u; ++v) {
        double dot = 0;
        for (std::size_t i = 0; i < length; ++i) dot += at(u, i) * at(v, i);
        if (std::abs(dot - (u == v ? scale * scale : 0)) > 1e-13 * scale * scale)
          FAIL(u << " and " << v << ": " << dot);
      }
  };
  check(60, 150, 1), check(150, 60, 1), check(40, 40, 1), check(1, 7, 2), check(7, 1, 0.5);
  la::model<net> model{la::seed{1}}; // through the view, in float
  la::initialize(model.parameter("0.weight"), la::orthogonal{}, 3);
  const auto w = model.parameter("0.weight");
  double dot = 0, square = 0;
  for (std::size_t k = 0; k < columns; ++k) dot += w(0, k) * w(1, k), square += w(1, k) * w(1, k);
  CHECK(std::abs(dot) < 1e-6);
  CHECK(square == Approx(1).epsilon(1e-6));
}

TEST_CASE("zeros cannot break the symmetry of hidden units, drawn values do") {
  struct xor_net : la::network<la::input<2>, la::dense<4>, la::tanh, la::dense<1>> {};
  const std::vector<double> inputs{0, 0, 0, 1, 1, 0, 1, 1}, targets{0, 1, 1, 0};
  const auto trained = [&](bool from_zeros) {
    la::model<xor_net, double> model{la::seed{1}};
    if (from_zeros)
      for (const la::parameter& p : model.parameters) la::initialize(model.parameter(p.name.view()), la::zeros{}, 1);
    la::trainer trainer{model, la::mean_squared_error{}, la::adam{.learning_rate = 0.05}};
    double loss = 0;
    for (int step = 0; step < 1000; ++step) loss = trainer.step(inputs, targets);
    const auto w = model.parameter("0.weight");
    bool equal = true;
    for (std::size_t n = 1; n < 4; ++n)
      for (std::size_t k = 0; k < 2; ++k) equal = equal && w(n, k) == w(0, k);
    return std::pair{equal, loss};
  };
  CHECK(trained(true).first);
  CHECK(trained(true).second > 0.2); // as bad as saying one half everywhere
  CHECK_FALSE(trained(false).first);
  CHECK(trained(false).second < 0.01);
}
