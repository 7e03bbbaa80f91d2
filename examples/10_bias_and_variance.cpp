// usage: 10_bias_and_variance [FOLDER FOR THE FIGURE]
// Bias and variance: the test error over the size of the model is a U.
//
// Networks of 1 to 32 hidden units learn 24 noisy points of a curve, each size 20 times from other points. How far
// their mean is from the curve is bias, how far they are from each other is variance, and the test error is the sum of
// both and of the noise. What to see: the smallest are all alike and wrong, large ones follow the noise each in its own
// way; a penalty or stopping early takes the right arm of the U down.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include <lamina/lamina.hpp>

#include "figure.hpp"

namespace la = lamina;

template <std::size_t Units> struct curve : la::network<la::input<1>, la::dense<Units>, la::tanh, la::dense<1>> {};

constexpr std::size_t draws = 20, places = 100, epochs = 2500;
constexpr float noise = 0.3f;

float truth(float x) { return std::sin(2.5f * x) + 0.4f * x; }
float place(std::size_t i) { return -2 + 4 * (float(i) + 0.5f) / places; }

la::dataset<la::values> points(std::size_t count, unsigned seed) {
  std::mt19937 random{seed};
  std::uniform_real_distribution<float> anywhere{-2, 2};
  std::normal_distribution<float> error{0, noise};
  la::dataset<la::values> data{1, 1};
  for (std::size_t i = 0; i < count; ++i) {
    const float x = anywhere(random);
    data.push_back({x}, {truth(x) + error(random)});
  }
  return data;
}

struct errors {
  double training = 0, bias = 0, variance = 0;
  double test() const { return bias + variance + double(noise * noise); }
};

/// What is done against large variance. Others are in 17_against_overfitting.cpp.
struct remedy {
  const char* name;
  double l2 = 0;
  std::size_t patience = epochs; ///< epochs in which the loss on points held out may fail to fall
};

/// Trains one network; gives its error on the points that it learned. With patience, it is left with the parameters
/// that were best on the points held out.
double train(auto& model, const la::dataset<la::values>& data, const remedy& with) {
  const auto [learned, held_out] = data.split([](std::size_t i) { return i % 5 != 0; });
  la::trainer trainer{model, la::mean_squared_error{},
                      la::adam{.learning_rate = 0.03} | la::l2{with.l2} | la::cosine_annealing{.steps = epochs}};
  auto best = model;
  double least = 1e9;
  std::size_t waited = 0;
  trainer.fit(learned, {.epochs = epochs, .batch_size = learned.size(), .validation = &held_out},
              [&](const la::epoch_record& record) {
                if (record.validation_loss < least) least = record.validation_loss, best = model, waited = 0;
                return ++waited < with.patience;
              });
  if (with.patience < epochs) model = best;
  return la::mean_loss(model, la::mean_squared_error{}, learned);
}

/// How networks of one kind come out, each from its own draw of the points.
template <class Network> errors measure(const remedy& with) {
  errors e;
  std::vector<std::vector<float>> curves(places);
  for (unsigned draw = 0; draw < draws; ++draw) {
    const auto data = points(30, draw);
    la::model<Network> model{la::seed{draw + 1}};
    e.training += train(model, data, with) / draws;
    for (std::size_t i = 0; i < places; ++i) curves[i].push_back(model(std::array{place(i)})[0]);
  }
  for (std::size_t i = 0; i < places; ++i) {
    double mean = 0;
    for (const float y : curves[i]) mean += y / double(draws);
    e.bias += std::pow(mean - truth(place(i)), 2) / places;
    for (const float y : curves[i]) e.variance += std::pow(y - mean, 2) / (draws * places);
  }
  return e;
}

template <std::size_t... Units> std::vector<errors> over_sizes(const remedy& with, figure& plot) {
  std::printf("%s\n units  training    test   bias²  variance\n", with.name);
  const auto one = [&](std::size_t units, const errors& e) {
    std::printf("  %4zu    %.4f  %.4f  %.4f    %.4f\n", units, e.training, e.test(), e.bias, e.variance);
    plot.row(with.name, units, e.training, e.test(), e.bias, e.variance);
    return e;
  };
  return {one(Units, measure<curve<Units>>(with))...};
}

int main(int argument_count, char** arguments) {
  figure plot{"10_bias_and_variance", argument_count, arguments};
  std::vector<std::vector<errors>> u;
  for (const remedy& with : {remedy{"nothing"}, remedy{"penalty", 0.004}, remedy{"stopping", 0, 300}})
    u.push_back(over_sizes<1, 2, 3, 4, 6, 8, 16, 32>(with, plot));

  plot.draw(R"gnuplot(
set multiplot layout 1,2 title "24 noisy points of a curve, learned by networks of 1 to 32 hidden units"
set logscale x 2; set xrange [0.9:36]; set yrange [0:0.55]; set xlabel "hidden units"; set ylabel "mean squared error"
set title "nothing done against variance"
plot $nothing using 1:3 with linespoints linetype 9 title "test", $nothing using 1:4 with linespoints linetype 1 title "bias²", \
     $nothing using 1:5 with linespoints linetype 2 title "variance", $nothing using 1:2 with linespoints linetype 6 title "training", \
     0.09 with lines linecolor '#909090' dashtype 2 title "noise"
set title "test error, with remedies"
plot $nothing using 1:3 with linespoints linetype 9 title "nothing", $penalty using 1:3 with linespoints linetype 3 title "L2 penalty", \
     $stopping using 1:3 with linespoints linetype 4 title "early stopping", 0.09 with lines linecolor '#909090' dashtype 2 title "noise"
unset multiplot)gnuplot",
            900, 460);
  const std::vector<errors>&plain = u[0], &penalty = u[1], &stopping = u[2];
  const double best = std::ranges::min(plain, {}, &errors::test).test(), largest = plain.back().test();
  const bool is_u = plain.front().test() > 2 * best && largest > 1.5 * best;
  const bool traded =
      plain.back().bias < 0.1 * plain.front().bias && plain.back().variance > 2 * plain.front().variance;
  const bool flattened = penalty.back().test() < 0.7 * largest && stopping.back().test() < 0.8 * largest;
  return !is_u || !traded || !flattened;
}
