// usage: 16_first_layer [FOLDER FOR THE FIGURE]
// What the first layer looks for: its weights drawn as images.
//
// A unit that reads 784 pixels has 784 weights: an image of what it looks for. What to see: units that answer with a
// digit at once look like that digit; hidden units look for strokes and gaps that several digits share. A blank one has
// died: no digit wakes it any more, and the penalty took its weights away.
#include <cmath>
#include <cstdio>
#include <string>

#include <lamina/lamina.hpp>

#include "figure.hpp"

namespace la = lamina;

struct templates : la::network<la::input<784>, la::dense<10>> {};
struct strokes : la::network<la::input<784>, la::dense<30>, la::relu, la::dense<10>> {};

/// How much a weight is like the one to the right of it: the correlation over all units.
double smoothness(const auto& weight) {
  double both = 0, all = 0;
  for (std::size_t unit = 0; unit < weight.shape()[0]; ++unit)
    for (std::size_t pixel = 0; pixel < 784; ++pixel)
      if (pixel % 28 != 27) {
        both += double(weight(unit, pixel)) * double(weight(unit, pixel + 1));
        all += double(weight(unit, pixel)) * double(weight(unit, pixel));
      }
  return both / all;
}

/// Trains a network; draws the weights of its first layer into a block, ten units in a row.
template <class Network>
bool look_into(const std::string& name, double least_accuracy, const la::mnist& digits, figure& plot) {
  la::model<Network> model{la::seed{1}};
  la::trainer trainer{model, la::softmax_cross_entropy{}, la::adam{.learning_rate = 1e-3} | la::l2{3e-3}};
  const auto weight = model.parameter("0.weight");
  const double before = smoothness(weight);
  trainer.fit(digits.train, {.epochs = 10, .batch_size = 32});

  for (std::size_t unit = 0; unit < weight.shape()[0]; ++unit) {
    float largest = 0;
    for (std::size_t pixel = 0; pixel < 784; ++pixel) largest = std::max(largest, std::abs(weight(unit, pixel)));
    for (std::size_t pixel = 0; pixel < 784; ++pixel)
      plot.row(name, 31 * (unit % 10) + pixel % 28, 31 * (unit / 10) + pixel / 28, weight(unit, pixel) / largest);
    plot.row(name);
  }
  const double accuracy = la::accuracy(model, digits.test), after = smoothness(weight);
  std::printf("%-9s %.1f %% right; a weight and its neighbour correlate %.2f before training, %.2f after it\n",
              name.c_str(), 100 * accuracy, before, after);
  return accuracy > least_accuracy && std::abs(before) < 0.05 && after > 0.5;
}

int main(int argument_count, char** arguments) {
  figure plot{"16_first_layer", argument_count, arguments};
  const la::mnist digits = la::load_mnist(LAMINA_DIGITS);
  const bool learned =
      look_into<templates>("templates", 0.85, digits, plot) && look_into<strokes>("strokes", 0.9, digits, plot);
  plot.draw(R"gnuplot(
set multiplot title "The first layer's weights as images: blue wants ink, orange wants none"
unset border; unset tics; unset grid; unset colorbox; set cbrange [-1:1]
set palette defined (-1 '#d55e00', -0.3 '#f3cdb0', 0 '#ffffff', 0.3 '#a9cfe6', 1 '#0072b2')
set xrange [-1:308]; set lmargin at screen 0.01; set rmargin at screen 0.99
set tmargin at screen 0.87; set bmargin at screen 0.69; set yrange [28:-1]
set title "784 – 10: a unit for each digit" offset 0,-0.5
plot for [unit=0:9] $templates every :::unit::unit with image
set tmargin at screen 0.60; set bmargin at screen 0.02; set yrange [90:-1]
set title "784 – 30 – 10: the thirty hidden units" offset 0,-0.5
plot for [unit=0:29] $strokes every :::unit::unit with image
unset multiplot)gnuplot",
            900, 470);
  return !learned;
}
