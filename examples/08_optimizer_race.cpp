// usage: 08_optimizer_race [FOLDER FOR THE FIGURE]
// Nine optimizers on one surface, from one start.
//
// The smallest network with a landscape: two neurons in a chain, y = v tanh(u x). It has two parameters, a saddle at 0
// and a curved valley. What to see: plain descent falls straight into the valley and creeps along its floor; momentum
// overshoots and is through long before; the adaptive ones start out diagonally, as far in u as in v, however steep
// either is.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

#include <lamina/lamina.hpp>

#include "figure.hpp"

namespace la = lamina;

struct chain : la::network<la::input<1>, la::dense<1, la::no_bias>, la::tanh, la::dense<1, la::no_bias>> {};

constexpr int steps = 400;

struct landscape {
  std::vector<float> inputs, targets;

  landscape() {
    for (float x = -2; x <= 2; x += 0.25f) inputs.push_back(x), targets.push_back(2 * std::tanh(0.7f * x));
  }
  /// The loss of a chain with these two weights.
  double at(float u, float v) const {
    double sum = 0;
    for (std::size_t i = 0; i < inputs.size(); ++i) sum += std::pow(v * std::tanh(u * inputs[i]) - targets[i], 2);
    return sum / double(inputs.size());
  }
};

/// Lets one optimizer run; gives the number of updates after which the loss stays below 0.03.
int race(const char* name, auto optimizer, const landscape& land, figure& plot) {
  la::model<chain> model{la::seed{1}};
  la::trainer trainer{model, la::mean_squared_error{}, optimizer};
  float &u = model.parameter("0.weight")(0, 0), &v = model.parameter("2.weight")(0, 0);
  u = -2.4f, v = 1.2f; // the start
  int arrived = 0;
  double loss = 0;
  for (int step = 0; step <= steps; ++step) {
    const float u_before = u, v_before = v;
    loss = trainer.step(land.inputs, land.targets); // the loss before the update
    plot.row(name, u_before, v_before, step, loss);
    if (loss > 0.03) arrived = step + 1;
  }
  std::printf("%-9s below 0.03 after %3d updates, ends at (%+.2f, %+.2f) with a loss of %.1e\n", name, arrived, u, v,
              loss);
  return arrived;
}

int main(int argument_count, char** arguments) {
  figure plot{"08_optimizer_race", argument_count, arguments};
  const landscape land;
  for (float v = -3.2f; v < 1.61f; v += 0.04f) {
    for (float u = -3.2f; u < 0.41f; u += 0.04f) plot.row("surface", u, v, land.at(u, v));
    plot.row("surface");
  }

  const int sgd = race("sgd", la::sgd{.learning_rate = 0.05}, land, plot);
  const int others[]{race("momentum", la::momentum{.learning_rate = 0.02}, land, plot),
                     race("nesterov", la::nesterov{.learning_rate = 0.03}, land, plot),
                     race("adagrad", la::adagrad{.learning_rate = 0.3}, land, plot),
                     race("rmsprop", la::rmsprop{.learning_rate = 0.02}, land, plot),
                     race("adadelta", la::adadelta{.epsilon = 1e-4}, land, plot),
                     race("adam", la::adam{.learning_rate = 0.1}, land, plot),
                     race("adamax", la::adamax{.learning_rate = 0.1}, land, plot),
                     race("nadam", la::nadam{.learning_rate = 0.05}, land, plot)};
  plot.draw(R"gnuplot(
names = "sgd momentum nesterov adagrad rmsprop adadelta adam adamax nadam"
set table $contours
set contour base; unset surface
set cntrparam levels discrete 0.01,0.05,0.15,0.4,0.8,1.5,2.5,4,6,9,13
splot $surface using 1:2:3
unset table; unset contour; set surface
set multiplot title "Nine optimizers from one start: y = v tanh(u x), fitted to 2 tanh(0.7 x)"
set lmargin at screen 0.07; set rmargin at screen 0.5; set tmargin at screen 0.91; set bmargin at screen 0.12
set xlabel "u"; set ylabel "v" offset 1; set xrange [-3.2:0.4]; set yrange [-3.2:1.6]; unset grid; unset colorbox
set palette defined (0 '#ffffff', 1 '#dbe7ef', 2 '#b9cddb') maxcolors 12
set cbrange [-2:1.2]; set label 1 "start" at -2.4,1.2 offset 1,0.4 front; set label 2 "minimum" at -0.7,-2 offset 1.2,0 front
plot $surface using 1:2:(log10($3 + 1e-9)) with image, $contours using 1:2 with lines linecolor '#9fb3c1' linewidth 1, \
  for [i=1:9] sprintf("$%s", word(names, i)) using 1:2 with lines linetype i, \
  "+" using (-2.4):(1.2) every ::0::0 with points pointtype 7 pointsize 1.5 linecolor '#202020', \
  "+" using (-0.7):(-2.0) every ::0::0 with points pointtype 3 pointsize 2 linewidth 2 linecolor '#202020'
set lmargin at screen 0.59; set rmargin at screen 0.85
set xlabel "updates"; set ylabel "loss"; set xrange [0:400]; set yrange [1e-5:10]; set logscale y; set format y "10^{%T}"
set grid; unset label; set key outside right samplen 1.5
plot for [i=1:9] sprintf("$%s", word(names, i)) using 3:4 with lines linetype i title word(names, i)
unset multiplot)gnuplot",
            900, 500);
  // All arrive, and the others in at most half the time of plain descent.
  return sgd > steps || 2 * *std::ranges::max_element(others) > sgd;
}
