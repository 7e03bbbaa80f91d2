// Layers that draw: what they draw, when, and that it is drawn again the same.
#include <cmath>
#include <laws/support.hpp>

using namespace laws;

namespace {

constexpr std::size_t width = 1000;

/// The layer between an identity and the loss mean (y + 0t): what it lets through shows in the gradient by the bias.
struct sum_of_outputs : la::loss<la::terms::y + 0 * la::terms::t> {};
template <class L> struct seen : la::network<la::input<1>, la::dense<width>, L> {};

/// width · the gradient by the bias, of one sample, after `steps` updates that change nothing.
template <class L, class T> numbers passed(std::uint64_t seed, int steps, std::size_t batch = 1) {
  la::model<seen<L>, T> model{la::seed{seed}};
  la::trainer trainer{model, sum_of_outputs{}, la::sgd{.learning_rate = 0}};
  const std::vector<T> x(batch), t(batch * width);
  for (int i = 0; i < steps; ++i) trainer.step(x, t);
  numbers gradient = elements(trainer.gradient(x, t)("0.bias"));
  for (double& g : gradient) g *= width;
  return gradient;
}

} // namespace

TEST_CASE("dropout leaves out its share, makes up for it, and draws anew for every step, seed and sample") {
  using layer = la::dropout<0.3>;
  const numbers first = passed<layer, double>(1, 0);
  std::size_t out = 0;
  for (const double g : first) {
    CHECK((g == 0 || g == Approx(1 / 0.7).epsilon(1e-12)));
    out += g == 0;
  }
  CHECK(std::abs(static_cast<double>(out) - 300) < 5 * std::sqrt(1000 * 0.3 * 0.7));
  CHECK(passed<layer, double>(1, 0) == first);
  CHECK(passed<layer, double>(2, 0) != first);
  CHECK(passed<layer, double>(1, 1) != first);
  // Two samples: means of two masks, not of one twice.
  std::size_t halves = 0;
  for (const double g : passed<layer, double>(1, 0, 2)) halves += std::abs(g - 0.5 / 0.7) < 1e-9;
  CHECK(std::abs(static_cast<double>(halves) - 420) < 5 * std::sqrt(1000 * 0.42 * 0.58));
}

TEST_CASE("dropout of nothing and noise of nothing are nothing") {
  for (const double g : passed<la::dropout<0.0>, double>(1, 0)) CHECK(g == Approx(1).epsilon(1e-12));
  for (const double g : passed<la::gaussian_noise<0.0>, double>(1, 0)) CHECK(g == Approx(1).epsilon(1e-12));
}

TEST_CASE("gaussian noise has its moments") {
  struct net : la::network<la::input<width>, la::gaussian_noise<0.5>, la::dense<1>> {};
  la::model<net, double> model{la::seed{3}};
  la::trainer trainer{model, sum_of_outputs{}, la::sgd{.learning_rate = 0}};
  const std::vector<double> x(width), t(1);
  double sum = 0, squares = 0;
  const numbers noise = elements(trainer.gradient(x, t)("1.weight")); // dL/dw = what arrives
  for (const double n : noise) sum += n, squares += n * n;
  CHECK(std::abs(sum / width) < 5 * 0.5 / std::sqrt(width));
  CHECK(std::abs(squares / width - 0.25) < 5 * 0.25 * std::sqrt(2.0 / width));
}

TEST_CASE("inference draws nothing") {
  struct noisy
      : la::network<la::input<5>, la::gaussian_noise<9.0>, la::dense<8>, la::relu, la::dropout<0.9>, la::dense<2>> {};
  struct plain : la::network<la::input<5>, la::dense<8>, la::relu, la::dense<2>> {};
  la::model<noisy> with{la::seed{1}};
  la::model<plain> without{la::seed{1}};
  for (const char* name : {"1.weight", "1.bias", "4.weight", "4.bias"}) {
    const std::string other = (name[0] == '1' ? "0" : "2") + std::string(name + 1);
    for (std::size_t i = 0; i < with.parameter(name).size(); ++i) without.parameter(other)[i] = with.parameter(name)[i];
  }
  const std::vector<float> x = drawn<float>(5, 1);
  const auto a = with(std::span<const float>(x)), b = without(std::span<const float>(x));
  CHECK(numbers(a.begin(), a.end()) == numbers(b.begin(), b.end()));
}
