// A curve from noisy points: a table of numbers in, a table of numbers out.
//
// A data set is split without copying, fit runs the epochs, and the history says how they went.
#include <cmath>
#include <cstdio>
#include <random>
#include <string>

#include <lamina/lamina.hpp>

namespace la = lamina;

struct curve : la::network<la::input<1>, la::dense<32>, la::tanh, la::dense<32>, la::tanh, la::dense<1>> {};

float truth(float x) { return std::sin(3 * x) + 0.5f * x; }

int main() {
  std::mt19937 random{1};
  std::uniform_real_distribution<float> place{-2, 2};
  std::normal_distribution<float> noise{0, 0.1f};
  la::dataset<la::values> points{/*input_size=*/1, /*target_size=*/1};
  for (int i = 0; i < 1000; ++i) {
    const float x = place(random);
    points.push_back({x}, {truth(x) + noise(random)});
  }
  const auto [train, test] = points.split([](std::size_t i) { return i % 5 != 0; });

  la::model<curve> model{la::seed{1}};
  la::trainer trainer{model, la::mean_squared_error{}, la::adam{.learning_rate = 5e-3f}};
  const la::history history = trainer.fit(train, {.epochs = 100, .batch_size = 20, .validation = &test});
  for (std::size_t epoch = 0; epoch < history.size(); epoch += 20)
    std::printf("epoch %3zu: loss %.4f on the points it learns from, %.4f on the others\n", epoch,
                double(history[epoch].training_loss), double(history[epoch].validation_loss));

  // The points' noise has variance 0.01: no curve gets below that.
  const double error = la::mean_loss(model, la::mean_squared_error{}, test);
  std::printf("mean squared error on the points held out: %.4f\n\n", error);

  double worst = 0;
  for (float x = -2; x <= 2; x += 0.25f) {
    const float y = model(std::array{x})[0];
    worst = std::max(worst, double(std::abs(y - truth(x))));
    std::string line(61, ' ');
    const auto column = [](float value) { return std::size_t(30 + std::lround(14 * std::clamp(value, -2.0f, 2.0f))); };
    line[column(truth(x))] = '.';
    line[column(y)] = 'o';
    std::printf("%5.2f %s\n", x, line.c_str());
  }
  std::printf("      o learned, . the curve behind the noise where it differs\n");
  return error > 0.015 || worst > 0.25;
}
