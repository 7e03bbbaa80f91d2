// usage: 14_deep_linear [FOLDER FOR THE FIGURE]
// Deep linear networks learn in steps: Saxe, McClelland and Ganguli 2013.
//
// A chain of matrices without activations is one linear map, yet it does not learn like one. In a chain of D matrices
// each singular value a of the map from items to features goes its own way to the s in the data:
//   da/dt = D a^(2 − 2/D) (s − a),   with two of them   a(t) = s e^(2st) / (e^(2st) − 1 + s/a(0)).
// What to see: the largest comes first (what all items share), then what parts animals from plants, and last each
// item's own, every one in a sudden step. The smaller the start, the longer the wait; the deeper the chain, the steeper
// the step.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <span>
#include <string>

#include <Eigen/Dense>
#include <lamina/lamina.hpp>

#include "figure.hpp"
#include "hierarchy.hpp"

namespace la = lamina;
using Eigen::Index, Eigen::MatrixXd, Eigen::VectorXd;
using hierarchy::matrix_of;

using hidden = la::dense<32, la::no_bias>;
using output = la::dense<hierarchy::features, la::no_bias>;

template <std::size_t Depth> struct chain;
template <> struct chain<1> : la::network<la::input<hierarchy::items>, output> {};
template <> struct chain<2> : la::network<la::input<hierarchy::items>, hidden, output> {};
template <> struct chain<3> : la::network<la::input<hierarchy::items>, hidden, hidden, output> {};
template <> struct chain<4> : la::network<la::input<hierarchy::items>, hidden, hidden, hidden, output> {};

template <std::size_t Depth> using model = la::model<chain<Depth>, double>;

// Time that passes in an update. The equation is that of ½|Y − W|²; the mean squared error has 2/120 of its gradient.
constexpr double per_update = 0.002;
constexpr la::sgd descent{.learning_rate = per_update * hierarchy::items * hierarchy::features / 2};

const Eigen::JacobiSVD<MatrixXd> data{hierarchy::truth(), Eigen::ComputeThinU | Eigen::ComputeThinV};

/// A singular value at a time, by the equation above.
double analytic(std::size_t depth, double start, double s, double time) {
  if (depth == 2) return s * std::exp(2 * s * time) / (std::exp(2 * s * time) - 1 + s / start);
  const double d = double(depth), h = time / 1000;
  const auto slope = [&](double a) { return d * std::pow(a, 2 - 2 / d) * (s - a); };
  double a = start;
  for (int i = 0; i < 1000; ++i) a += h * slope(a + h / 2 * slope(a));
  return a;
}

struct comparison {
  double error;  ///< mean distance from the analytic curve, as a share of the final value
  bool in_order; ///< each level of the tree is half learned after the one above it
  double waited; ///< until the third level, classes, is half learned
};

/// Trains a model, measures its singular values on the way, and compares them with those that begin at `start`.
template <std::size_t Depth>
comparison compare(const std::string& name, model<Depth>& model, const VectorXd& start, figure& plot) {
  la::trainer trainer{model, la::mean_squared_error{}, descent};
  const VectorXd& s = data.singularValues();
  const int every = 10, rows = 350;
  VectorXd half = VectorXd::Constant(s.size(), 1e9);
  double error = 0;
  for (int row = 0; row <= rows; ++row) {
    const double time = row * every * per_update;
    const VectorXd found = hierarchy::map_of(model).jacobiSvd().singularValues();
    for (Index i = 0; i < s.size(); ++i) {
      const double expected = analytic(Depth, start(i), s(i), time);
      error += std::abs(found(i) - expected) / s(i) / double(s.size() * (rows + 1));
      if (found(i) > s(i) / 2) half(i) = std::min(half(i), time);
      plot.row(name + std::to_string(i), time, found(i), expected);
    }
    for (int step = 0; step < every; ++step) trainer.step(hierarchy::inputs, hierarchy::targets);
  }
  std::printf("%-20s mean error %.2f %% of the final values; levels half learned at %.2f, %.2f, %.2f, %.2f\n",
              name.c_str(), 100 * error, half(0), half(1), half(2), half(4));
  return {error, half(0) < half(1) && half(1) < half(2) && half(2) < half(4), half(2)};
}

/// Two matrices at random. What will grow of such a start is where both agree: a(0) = |(W₁v + W₂ᵀu)/2|².
comparison from_random(const std::string& name, double scale, figure& plot) {
  model<2> model{la::seed{1}};
  const auto first = model.parameter("0.weight"), second = model.parameter("1.weight");
  la::initialize(first, la::orthogonal{scale}, /*seed=*/1, /*stream=*/0);
  la::initialize(second, la::orthogonal{scale}, 1, 1);
  const MatrixXd agreed = (matrix_of(first) * data.matrixV() + matrix_of(second).transpose() * data.matrixU()) / 2;
  return compare<2>(name, model, agreed.colwise().squaredNorm(), plot);
}

/// A chain whose map has the data's singular vectors from the start, and all its singular values are `start`: each
/// matrix ends in the directions in which the next one begins.
template <std::size_t Depth> comparison from_aligned(const std::string& name, double start, figure& plot) {
  model<Depth> model{la::seed{1}};
  MatrixXd in = data.matrixV();
  for (std::size_t layer = 0; layer < Depth; ++layer) {
    const auto weight = model.parameter(std::to_string(layer) + ".weight");
    la::initialize(weight, la::orthogonal{}, /*seed=*/1, layer);
    const MatrixXd out = layer + 1 < Depth ? matrix_of(weight).leftCols(hierarchy::items) : data.matrixU();
    const MatrixXd product = std::pow(start, 1.0 / Depth) * out * in.transpose();
    for (Index i = 0; i < product.rows(); ++i)
      for (Index j = 0; j < product.cols(); ++j) weight(i, j) = product(i, j);
    in = out;
  }
  return compare<Depth>(name, model, VectorXd::Constant(hierarchy::items, start), plot);
}

int main(int argument_count, char** arguments) {
  figure plot{"14_deep_linear", argument_count, arguments};
  const comparison scales[]{from_random("start_300_", 0.3, plot), from_random("start_100_", 0.1, plot),
                            from_random("start_30_", 0.03, plot), from_random("start_10_", 0.01, plot)};
  const comparison depths[]{from_aligned<1>("depth_1_", 0.01, plot), from_aligned<2>("depth_2_", 0.01, plot),
                            from_aligned<3>("depth_3_", 0.01, plot), from_aligned<4>("depth_4_", 0.01, plot)};

  plot.draw(R"gnuplot(
set multiplot title "Singular values of deep linear networks that learn a hierarchy; dots: network, lines: analytic"
set xlabel "time"; set xrange [0:7]; set key bottom right
set size 1,0.52; set origin 0,0.45
set title "two matrices from a small random start"; set ylabel "singular value"; set yrange [0:4.2]
set label 1 "what all share" at 6.9,3.65 right; set label 2 "animals and plants" at 6.9,2.42 right
set label 3 "birds and fish, trees and flowers" at 6.9,1.5 right; set label 4 "each item's own" at 6.9,0.77 right
plot for [i=0:7] sprintf("$start_30_%d", i) every 6 using 1:2 with points linetype (i < 2 ? i + 1 : i < 4 ? 3 : 4) pointsize 0.8, \
     for [i=0:7] sprintf("$start_30_%d", i) using 1:3 with lines linecolor '#202020' linewidth 1
unset label
set size 0.5,0.46; set origin 0,0
set title "two matrices, smaller and smaller starts"; set ylabel "singular value of the classes"; set yrange [0:2]
names = "300 100 30 10"; scales = "0.3 0.1 0.03 0.01"
plot for [i=1:4] sprintf("$start_%s_2", word(names, i)) every 6 using 1:2 with points linetype i pointsize 0.8 title word(scales, i), \
     for [i=1:4] sprintf("$start_%s_2", word(names, i)) using 1:3 with lines linecolor '#202020' linewidth 1
set origin 0.5,0
set title "one to four matrices, all singular values from 0.01"
plot for [i=1:4] sprintf("$depth_%d_2", i) every 6 using 1:2 with points linetype i pointsize 0.8 title sprintf("%d", i), \
     for [i=1:4] sprintf("$depth_%d_2", i) using 1:3 with lines linecolor '#202020' linewidth 1
unset multiplot)gnuplot",
            900, 760);

  const auto close = [](const comparison& c) { return c.error < 0.05; };
  const auto in_order = [](const comparison& c) { return c.in_order; };
  const bool agrees = std::ranges::all_of(scales, close) && std::ranges::all_of(depths, close);
  const bool one_by_one =
      std::ranges::all_of(scales, in_order) && std::ranges::all_of(std::span{depths}.subspan(1), in_order);
  return !agrees || !one_by_one || !std::ranges::is_sorted(scales, {}, &comparison::waited);
}
