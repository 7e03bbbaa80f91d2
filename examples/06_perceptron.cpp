// usage: 06_perceptron [FOLDER FOR THE FIGURE]
// A perceptron and the 16 boolean functions of two inputs.
//
// What to see: one straight line parts the ones from the zeros of fourteen functions. Exclusive or and its opposite
// have no such line, and the perceptron walks around for ever.
#include <array>
#include <cstdio>
#include <string>
#include <vector>

#include <lamina/lamina.hpp>

#include "figure.hpp"

namespace la = lamina;
using namespace la::terms;

struct unit : la::network<la::input<2>, la::dense<1>> {}; // fires where its output is above 0

// The perceptron's criterion: a sample on the wrong side pulls with its whole input, one on the right side not at all.
// Gradient descent on it, sample by sample, is Rosenblatt's rule (1958): w ← w + η t x.
struct perceptron_criterion : la::loss<max(y * -t, 0)> {};

constexpr std::array<std::array<float, 2>, 4> corners{{{0, 0}, {0, 1}, {1, 0}, {1, 1}}};
constexpr std::array<const char*, 16> names{"never", "nor",         "b, not a", "not a", "a, not b", "not b",
                                            "xor",   "nand",        "and",      "xnor",  "b",        "a implies b",
                                            "a",     "b implies a", "or",       "always"};

int main(int argument_count, char** arguments) {
  figure plot{"06_perceptron", argument_count, arguments};
  std::vector<std::string> failed;
  for (unsigned function = 0; function < 16; ++function) { // bit i: what it says of corner i
    la::model<unit> model{la::seed{1}};
    la::trainer trainer{model, perceptron_criterion{}, la::sgd{.learning_rate = 1}};
    const auto truth = [&](std::size_t i) { return (function >> i & 1) != 0; };
    const auto wrong = [&] {
      int count = 0;
      for (std::size_t i = 0; i < 4; ++i) count += (model(corners[i])[0] > 0) != truth(i);
      return count;
    };
    int epoch = 0;
    for (; epoch < 1000 && wrong() > 0; ++epoch)
      for (std::size_t i = 0; i < 4; ++i) trainer.step(corners[i], std::array{truth(i) ? 1.0f : -1.0f});

    if (wrong() > 0) failed.push_back(names[function]);
    std::printf("%-12s %s after %4d epochs\n", names[function], wrong() ? "NOT LEARNED" : "learned", epoch);

    const auto w = model.parameter("0.weight");
    plot.row("units", names[function], w(0, 0), w(0, 1), model.parameter("0.bias")(0), wrong());
    for (std::size_t i = 0; i < 4; ++i) plot.row("corners", corners[i][0], corners[i][1], int(truth(i)));
  }
  plot.draw(R"gnuplot(
set multiplot layout 4,4 title "Boolean functions of a (to the right) and b (upwards): ● one, ○ zero; the perceptron fires where it is shaded" margins 0.03,0.97,0.02,0.92 spacing 0.03,0.06
set xrange [-0.5:1.5]; set yrange [-0.5:1.5]; unset tics; unset grid; set border 15; set samples 400
limit(y) = y < -0.5 ? -0.5 : y > 1.5 ? 1.5 : y
do for [i=1:16] {
  name = word($units[i], 1)
  eval sprintf("w1 = %s; w2 = %s; b = %s; wrong = %s", word($units[i], 2), word($units[i], 3), word($units[i], 4), word($units[i], 5))
  set title name.(wrong ? ": impossible" : "") textcolor rgb (wrong ? '#d00000' : '#303030') offset 0,-0.6
  line(x) = limit(-(w1 * x + b) / w2)
  plot '+' using 1:(line($1)):(w2 > 0 ? 1.5 : -0.5) with filledcurves linecolor rgb (wrong ? '#f6cfc4' : '#cfe3f1'), \
       $corners every ::4*(i-1)::4*i-1 using 1:2 with points pointtype 7 pointsize 2.2 linecolor rgb '#202020', \
       $corners every ::4*(i-1)::4*i-1 using 1:($3 == 1 ? NaN : $2) with points pointtype 7 pointsize 1.6 linecolor rgb 'white'
}
unset multiplot)gnuplot",
            900, 900);

  std::printf("%zu functions cannot be learned:", failed.size());
  for (const std::string& name : failed) std::printf(" %s", name.c_str());
  std::printf("\n");
  return failed != std::vector<std::string>{"xor", "xnor"};
}
