// usage: 09_schedules [FOLDER FOR THE FIGURE]
// Learning rates over time, and what they do to the loss.
//
// A schedule is put behind an optimizer by |. Every network here learns the same noisy points from the same start in
// batches of eight, so that each gradient is noisy too. What to see: at a constant rate the loss stays where the noise
// holds it; whatever lets the rate fall gets below.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <random>
#include <string>

#include <lamina/lamina.hpp>

#include "figure.hpp"

namespace la = lamina;

struct curve : la::network<la::input<1>, la::dense<24>, la::tanh, la::dense<24>, la::tanh, la::dense<1>> {};

constexpr std::size_t epochs = 100, batch = 8, samples = 400;
constexpr double steps = epochs * samples / batch; // 5000

la::dataset<la::values> points(std::size_t count, unsigned seed) {
  std::mt19937 random{seed};
  std::uniform_real_distribution<float> place{-2, 2};
  std::normal_distribution<float> noise{0, 0.3f};
  la::dataset<la::values> data{1, 1};
  for (std::size_t i = 0; i < count; ++i) {
    const float x = place(random);
    data.push_back({x}, {std::sin(3 * x) + noise(random)});
  }
  return data;
}

/// Trains with one schedule and draws its rate; gives the mean validation loss of the last ten epochs.
double run(const char* name, auto optimizer, figure& plot) {
  static const auto train = points(samples, 1), validation = points(2000, 2);
  la::model<curve> model{la::seed{1}};
  la::trainer trainer{model, la::mean_squared_error{}, optimizer};
  double last = 0;
  const auto draw = [&](const la::epoch_record& record) {
    plot.row(name, record.epoch, trainer.optimizer().at(trainer.steps()).learning_rate, record.validation_loss);
    if (record.epoch > epochs - 10) last += record.validation_loss / 10;
  };
  trainer.fit(train, {.epochs = epochs, .batch_size = batch, .validation = &validation}, draw);
  plot.row("names", name, last);
  std::printf("%-22s %.4f\n", name, last);
  return last;
}

int main(int argument_count, char** arguments) {
  figure plot{"09_schedules", argument_count, arguments};
  const la::sgd sgd{.learning_rate = 0.2};
  std::printf("mean squared error on other points (the noise alone has 0.0900)\n");
  const double constant = run("constant_rate", sgd | la::constant_rate{}, plot);
  const double falling[]{
      run("step_decay", sgd | la::step_decay{.every = steps / 5}, plot),
      run("exponential_decay", sgd | la::exponential_decay{.factor = 0.999}, plot),
      run("inverse_time", sgd | la::inverse_time{.k = 0.01}, plot),
      run("polynomial", sgd | la::polynomial{.steps = steps, .power = 2}, plot),
      run("cosine_annealing", sgd | la::cosine_annealing{.steps = steps}, plot),
      run("cosine_warm_restarts", sgd | la::cosine_warm_restarts{.period = steps / 7, .multiplier = 2}, plot),
      run("one_cycle", sgd | la::one_cycle{.steps = steps}, plot),
      run("warmup_then_cosine",
          sgd | la::linear_warmup{.steps = steps / 10} | la::cosine_annealing{.steps = 0.9 * steps}, plot),
      run("reduce_on_plateau", sgd | la::reduce_on_plateau{.factor = 0.5, .patience = 3}, plot),
  };
  run("cyclic_triangular", sgd | la::cyclic_triangular{.minimum = 0.01, .maximum = 0.2, .period = steps / 5}, plot);

  // Momentum has schedules too.
  const auto growing = la::momentum{} | la::growing_momentum{.maximum = 0.98, .period = 100};
  for (std::size_t epoch = 1; epoch <= epochs; ++epoch)
    plot.row("growing_momentum", epoch, growing.at(epoch * samples / batch).beta);

  plot.draw(R"gnuplot(
set multiplot layout 3,4 title "Learning rate (blue, left) and validation loss (orange, right) over 100 epochs; momentum (green)" margins 0.06,0.94,0.06,0.88 spacing 0.05,0.09
set xrange [0:100]; set yrange [0:0.22]; set y2range [0.08:0.2]; set xtics 50; set ytics 0.1; set y2tics 0.05; set border 11
do for [i=1:|$names|] {
  name = word($names[i], 1)
  set title name noenhanced
  set format y (i % 4 == 1 ? "%g" : ""); set format y2 (i % 4 == 0 ? "%g" : ""); set format x (i > 8 ? "%g" : "")
  plot sprintf("$%s", name) using 1:3 axes x1y2 with lines linetype 2 linewidth 1, sprintf("$%s", name) using 1:2 with lines linetype 1
}
set title "growing_momentum" noenhanced; set yrange [0.88:1]; set ytics 0.05; unset y2tics; set border 3; set format y "%g"
plot $growing_momentum using 1:2 with lines linetype 3
unset multiplot)gnuplot",
            900, 640);

  return *std::ranges::max_element(falling) > 0.95 * constant;
}
