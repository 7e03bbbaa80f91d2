// Exclusive or, with two hidden units: the smallest problem that one straight line cannot solve.
//
// A network is a type. A model holds its parameters, a trainer changes them, and one call runs it.
#include <cmath>
#include <cstdio>
#include <vector>

#include <lamina/lamina.hpp>

namespace la = lamina;

struct xor_net : la::network<la::input<2>, la::dense<2>, la::relu, la::dense<1>> {};

static_assert(xor_net::parameter_count == 2 * 2 + 2 + 2 * 1 + 1);
static_assert(xor_net::output_shape == la::shape<1>);

int main() {
  const std::vector<float> inputs = {0, 0, 0, 1, 1, 0, 1, 1}; // four samples of two numbers
  const std::vector<float> targets = {0, 1, 1, 0};            // four of one

  // Two units are just enough: one start in four finds the way. The others end with a unit that is zero for all four
  // samples, so that no gradient wakes it again, or with one sample that is wrong for good; then the next seed is due.
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    la::model<xor_net> model{la::seed{seed}};
    la::trainer trainer{model, la::mean_squared_error{}, la::sgd{.learning_rate = 0.1f}};
    for (int step = 0; step < 3000; ++step) trainer.step(inputs, targets); // all four samples in one step
    const double loss = trainer.loss(inputs, targets);
    std::printf("seed %2d: mean squared error %.6f\n", int(seed), loss);
    if (loss > 1e-3) continue;

    std::printf("\n a b   a xor b\n");
    for (std::size_t i = 0; i < 4; ++i) {
      const auto output = model(std::span<const float, 2>{inputs.data() + 2 * i, 2});
      std::printf(" %.0f %.0f   %7.3f\n", inputs[2 * i], inputs[2 * i + 1], output[0]);
    }
    // The parameters, by the names and in the layout PyTorch gives them.
    const auto w = model.parameter("0.weight"), b = model.parameter("0.bias"), v = model.parameter("2.weight");
    std::printf("\nas learned: %.2f", model.parameter("2.bias")(0));
    for (std::size_t unit = 0; unit < 2; ++unit)
      std::printf(" %+.2f relu(%.2f a %+.2f b %+.2f)", v(0, unit), w(unit, 0), w(unit, 1), b(unit));
    std::printf("\n");
    return 0;
  }
  std::printf("no seed solved it\n");
  return 1;
}
