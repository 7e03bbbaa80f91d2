// usage: 12_symmetry [FOLDER FOR THE FIGURE]
// Why networks start from random numbers: equal units stay equal for ever.
//
// Eight hidden units learn exclusive or from three starts. What to see: from zeros the hidden weights never move; from
// a constant all units move as one, so that the network is worth a single unit and stays at 0.25; from random numbers
// each unit finds a part of its own.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <string>

#include <lamina/lamina.hpp>

#include "figure.hpp"

namespace la = lamina;

constexpr std::size_t units = 8;
struct net : la::network<la::input<2>, la::dense<units>, la::tanh, la::dense<1>> {};

constexpr std::array<float, 8> inputs{0, 0, 0, 1, 1, 0, 1, 1};
constexpr std::array<float, 4> targets{0, 1, 1, 0};

struct outcome {
  double loss, difference; ///< at the end, and the largest one between two units' weights on the way
};

outcome train(const char* name, const auto& initializer, figure& plot) {
  la::model<net> model{la::seed{1}};
  for (std::uint64_t stream = 0; const la::parameter& p : model.parameters)
    la::initialize(model.parameter(p.name), initializer, /*seed=*/1, stream++);
  la::trainer trainer{model, la::mean_squared_error{}, la::momentum{.learning_rate = 0.02}};
  const auto w = model.parameter("0.weight");
  outcome o{0, 0};
  for (int step = 0; step <= 300; ++step) {
    if (step % 2 == 0)
      plot.row(name, step, trainer.loss(inputs, targets), w(0, 0), w(1, 0), w(2, 0), w(3, 0), w(4, 0), w(5, 0), w(6, 0),
               w(7, 0));
    for (std::size_t unit = 1; unit < units; ++unit)
      for (std::size_t input = 0; input < 2; ++input)
        o.difference = std::max(o.difference, std::abs(double(w(unit, input)) - double(w(0, input))));
    o.loss = trainer.step(inputs, targets);
  }
  std::printf("%-9s mean squared error %.4f, units differ by up to %.2g\n", name, o.loss, o.difference);
  return o;
}

int main(int argument_count, char** arguments) {
  figure plot{"12_symmetry", argument_count, arguments};
  const outcome zeros = train("zeros", la::zeros{}, plot);
  const outcome constant = train("constant", la::constant{0.5}, plot);
  const outcome random = train("random", la::glorot_uniform{}, plot);

  plot.draw(R"gnuplot(
set multiplot layout 2,2 title "Exclusive or from three starts: the weights of eight hidden units"
set xlabel "updates"; set xrange [0:300]
set title "the loss"; set ylabel "mean squared error"; set yrange [0:0.6]; set key top right
plot $zeros using 1:2 with lines linetype 1 linewidth 4 title "zeros", $constant using 1:2 with lines linetype 2 title "constant", $random using 1:2 with lines linetype 3 title "random"
set ylabel "weight from the first input"; set yrange [-1.5:1.5]
set title "from zeros: eight lines in one"
plot for [i=3:10] $zeros using 1:i with lines linetype 1
set title "from 0.5: eight lines in one"
plot for [i=3:10] $constant using 1:i with lines linetype 2
set title "from random numbers"
plot for [i=3:10] $random using 1:i with lines linetype 3
unset multiplot)gnuplot",
            900, 640);

  // No rounding parts them: equal units have equal gradients, bit for bit.
  const bool stuck = zeros.difference == 0 && constant.difference == 0 && zeros.loss > 0.2 && constant.loss > 0.1;
  return !stuck || random.loss > 0.01;
}
