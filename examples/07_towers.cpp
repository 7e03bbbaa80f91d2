// usage: 07_towers [FOLDER FOR THE FIGURE]
// Towers: any function is a sum of pairs of sigmoids.
//
// A steep sigmoid is a step; one step up and one step down are a tower; towers side by side are any curve. In two
// dimensions a pair in each direction makes a ridge, and a second sigmoid keeps what lies above where ridges cross.
// Nothing is trained here: the weights are written down. What to see: twice as many towers, half the error.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

#include <lamina/lamina.hpp>

#include "figure.hpp"

namespace la = lamina;

template <std::size_t Pairs>
struct curve : la::network<la::input<1>, la::dense<2 * Pairs>, la::sigmoid, la::dense<1>> {};

// Side² towers; pairs of sigmoids along each of the two directions.
template <std::size_t Side>
struct surface
    : la::network<la::input<2>, la::dense<4 * Side>, la::sigmoid, la::dense<Side * Side>, la::sigmoid, la::dense<1>> {};

float truth(float x) { return std::sin(7 * x) * x + 0.3f * std::cos(23 * x); }
float truth(float x, float y) {
  return std::exp(-8 * ((x - 0.35f) * (x - 0.35f) + (y - 0.6f) * (y - 0.6f))) * std::cos(9 * x) + 0.4f * y;
}

// Makes units `unit` and `unit + 1` the two sides of tower `i` out of `count` that stand on 0…1, along input `axis`.
void sides(auto weight, auto bias, std::size_t unit, std::size_t axis, std::size_t i, std::size_t count) {
  const float steep = 100 * float(count);
  for (std::size_t side = 0; side < 2; ++side) {
    weight(unit + side, axis) = steep;
    bias(unit + side) = -steep * float(i + side) / float(count);
  }
}

template <std::size_t Pairs> la::model<curve<Pairs>> towers_on_a_line() {
  la::model<curve<Pairs>> model{la::seed{1}};
  la::initialize(model.parameter("2.bias"), la::zeros{}, 1);
  for (std::size_t i = 0; i < Pairs; ++i) {
    sides(model.parameter("0.weight"), model.parameter("0.bias"), 2 * i, 0, i, Pairs);
    const float height = truth((float(i) + 0.5f) / float(Pairs));
    model.parameter("2.weight")(0, 2 * i) = height;
    model.parameter("2.weight")(0, 2 * i + 1) = -height;
  }
  return model;
}

template <std::size_t Side> la::model<surface<Side>> towers_on_a_square() {
  la::model<surface<Side>> model{la::seed{1}};
  for (const char* name : {"0.weight", "2.weight", "4.bias"}) la::initialize(model.parameter(name), la::zeros{}, 1);
  const auto ridges = model.parameter("2.weight");
  for (std::size_t i = 0; i < 2 * Side; ++i)
    sides(model.parameter("0.weight"), model.parameter("0.bias"), 2 * i, i / Side, i % Side, Side);
  for (std::size_t i = 0; i < Side * Side; ++i) {
    const std::size_t column = i % Side, row = Side + i / Side;
    for (const std::size_t ridge : {column, row}) {
      ridges(i, 2 * ridge) = 20;
      ridges(i, 2 * ridge + 1) = -20;
    }
    model.parameter("2.bias")(i) = -30; // above 0 only where both ridges are
    model.parameter("4.weight")(0, i) = truth((float(column) + 0.5f) / Side, (float(i / Side) + 0.5f) / Side);
  }
  return model;
}

template <std::size_t Pairs> double error_on_a_line(figure& plot) {
  const auto model = towers_on_a_line<Pairs>();
  double error = 0;
  for (float x = 0.0005f; x < 1; x += 0.001f) {
    const float y = model(std::array{x})[0];
    error += 0.001 * std::abs(y - truth(x));
    if (Pairs == 8 || Pairs == 32) plot.row("line" + std::to_string(Pairs), x, y, truth(x));
  }
  plot.row("errors_on_a_line", Pairs, error);
  std::printf("%4zu pairs on a line:    mean error %.4f\n", Pairs, error);
  return error;
}

template <std::size_t Side> double error_on_a_square(figure& plot) {
  const auto model = towers_on_a_square<Side>();
  double error = 0;
  for (int i = 0; i < 96; ++i)
    for (int j = 0; j < 96; ++j) {
      const float x = (float(i) + 0.5f) / 96, y = (float(j) + 0.5f) / 96, z = model(std::array{x, y})[0];
      error += std::abs(z - truth(x, y)) / 9216;
      if (Side == 16) plot.row("square", x, y, z);
    }
  plot.row("errors_on_a_square", Side, error);
  std::printf("%4zu towers on a square: mean error %.4f\n", Side * Side, error);
  return error;
}

int main(int argument_count, char** arguments) {
  figure plot{"07_towers", argument_count, arguments};
  // From one to the next the towers in each direction are doubled.
  const std::vector line{error_on_a_line<4>(plot),  error_on_a_line<8>(plot),  error_on_a_line<16>(plot),
                         error_on_a_line<32>(plot), error_on_a_line<64>(plot), error_on_a_line<128>(plot)};
  const std::vector square{error_on_a_square<2>(plot), error_on_a_square<4>(plot), error_on_a_square<8>(plot),
                           error_on_a_square<16>(plot), error_on_a_square<32>(plot)};
  plot.draw(R"gnuplot(
set multiplot layout 2,2 title "Towers: pairs of sigmoids approximate any function"
set key bottom left
set title "8 pairs on a line"; set xlabel "x"; set ylabel "y"
plot $line8 using 1:3 with lines linecolor '#b0b0b0' linewidth 4 title "function", $line8 using 1:2 with lines linetype 1 title "network"
set title "32 pairs"
plot $line32 using 1:3 with lines linecolor '#b0b0b0' linewidth 4 title "function", $line32 using 1:2 with lines linetype 1 title "network"
set title "16 × 16 towers on a square"; set ylabel "y"
set xrange [0:1]; set yrange [0:1]
plot $square with image
set title "Mean error"; set logscale x 2; set logscale y; set xlabel "towers in each direction"; set ylabel "mean |error|"
set xrange [1.5:170]; set yrange [0.005:0.5]
plot $errors_on_a_line with linespoints linetype 1 title "on a line", $errors_on_a_square with linespoints linetype 2 title "on a square"
unset multiplot)gnuplot",
            900, 700);

  const auto halves = [](const std::vector<double>& errors) { // from the second doubling on
    for (std::size_t i = 2; i < errors.size(); ++i)
      if (errors[i] < 0.35 * errors[i - 1] || errors[i] > 0.65 * errors[i - 1]) return false;
    return true;
  };
  return !halves(line) || !halves(square);
}
