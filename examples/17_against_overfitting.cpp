// usage: 17_against_overfitting [FOLDER FOR THE FIGURE]
// Dropout, noise, more data than there is, and stopping early: each flattens the U.
//
// Two in five labels of 600 digits are drawn by lot; networks of 2 to 128 hidden units learn them. A remedy is a layer
// of the network, a step behind the data set, or a callback of `fit`. What to see: with nothing done, the loss on other
// digits grows again with the network, which has room for the wrong labels; every remedy takes the right arm of the U
// down. Augmentation does most, because it knows something: a digit that is moved or turned is the same digit.
#include <algorithm>
#include <cstdio>
#include <random>
#include <vector>

#include <lamina/lamina.hpp>

#include "figure.hpp"

namespace la = lamina;
using digits = la::dataset<la::label>;

template <std::size_t Units, class Remedy>
struct classifier : la::network<la::input<784>, la::dense<Units>, la::relu, Remedy, la::dense<10>> {};

constexpr std::size_t seeds = 3;

digits with_wrong_labels(const digits& data) {
  std::mt19937 random{1};
  digits result{data.input_size()};
  for (const auto& [image, digit] : data)
    result.push_back(image, random() % 5 < 2 ? la::label{std::uint32_t(random() % 10)} : digit);
  return result;
}

/// What all networks share: digits that early stopping may look at, labelled as badly, and others labelled right.
struct measured_by {
  digits held_out, test;
};

/// The mean loss on the test set of networks of one type, trained from several seeds.
template <class Network> double test_loss(const auto& train, const measured_by& by, const auto&... callbacks) {
  double loss = 0;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    la::model<Network> model{la::seed{seed}};
    la::trainer trainer{model, la::softmax_cross_entropy{}, la::adam{.learning_rate = 1e-3}};
    trainer.fit(train, {.epochs = 50, .batch_size = 20, .validation = &by.held_out}, callbacks...);
    loss += la::mean_loss(model, la::softmax_cross_entropy{}, by.test) / seeds;
  }
  return loss;
}

template <class Remedy, std::size_t... Units>
std::vector<double> over_sizes(const char* name, figure& plot, const auto& train, const measured_by& by,
                               const auto&... callbacks) {
  const std::vector losses{test_loss<classifier<Units, Remedy>>(train, by, callbacks...)...};
  std::printf("%-21s", name);
  for (const double loss : losses) std::printf("  %.3f", loss);
  std::printf("\n");
  std::size_t i = 0;
  (plot.row(name, Units, losses[i++]), ...);
  return losses;
}

/// Some digits as they are, and below them as five epochs see them.
void draw_digits(const auto& moved, figure& plot) {
  for (std::size_t row = 0; row < 6; ++row)
    for (std::size_t digit = 0; digit < 6; ++digit) {
      const auto still = moved.samples().input(digit);
      const auto drawn = moved.draw(digit, la::simd::random_stream{/*seed=*/1, 6 * row + digit});
      for (std::size_t pixel = 0; pixel < 784; ++pixel)
        plot.row("digits", 30 * digit + pixel % 28, 30 * row + pixel / 28 + (row ? 8 : 0),
                 row ? drawn[pixel] : still[pixel]);
      plot.row("digits");
    }
}

int main(int argument_count, char** arguments) {
  figure plot{"17_against_overfitting", argument_count, arguments};
  const auto [right, test] = la::load_mnist(LAMINA_DIGITS);
  const auto [train, held_out] = with_wrong_labels(right.take(900)).split([](std::size_t i) { return i % 3 != 0; });
  const auto moved = train | la::augment::shift{2} | la::augment::rotate{20};
  const measured_by by{held_out, test};

  std::printf("test loss with            2      4      8     16     32     64    128 hidden units\n");
  const auto run = [&]<class Remedy>(const char* name, const Remedy&, const auto& data, const auto&... callbacks) {
    return over_sizes<Remedy, 2, 4, 8, 16, 32, 64, 128>(name, plot, data, by, callbacks...);
  };
  const auto nothing = run("nothing", la::identity{}, train);
  const std::vector<double> remedied[]{
      run("dropout", la::dropout<0.5>{}, train),
      run("noise", la::gaussian_noise<2.0>{}, train),
      run("stopping", la::identity{}, train, la::early_stopping{.patience = 5}),
      run("augmentation", la::identity{}, moved),
  };

  draw_digits(moved, plot);
  plot.draw(R"gnuplot(
set multiplot title "600 digits, two in five labels drawn by lot"
set lmargin at screen 0.07; set rmargin at screen 0.60; set tmargin at screen 0.86; set bmargin at screen 0.12
set title "end of training"; set logscale x 2; set xrange [1.8:142]; set yrange [0.8:2.2]; set xlabel "hidden units"; set ylabel "test loss"
set key top right
plot $nothing with linespoints linetype 9 title "nothing done", $dropout with linespoints linetype 1 title "dropout", \
     $noise with linespoints linetype 3 title "noise", $stopping with linespoints linetype 4 title "early stopping", \
     $augmentation with linespoints linetype 2 title "augmentation"
unset logscale; unset border; unset tics; unset grid; unset colorbox; unset xlabel; unset ylabel; set palette gray negative
set lmargin at screen 0.64; set rmargin at screen 0.99; set bmargin at screen 0.04
set title "six digits, and how five epochs see them"; set xrange [-1:179]; set yrange [187:-1]
plot for [i=0:35] $digits every :::i::i with image
unset multiplot)gnuplot",
            900, 460);

  const double best = std::ranges::min(nothing), largest = nothing.back();
  const bool is_u = nothing.front() > 1.2 * best && largest > 1.2 * best;
  return !is_u || std::ranges::any_of(remedied, [&](const auto& losses) { return losses.back() > 0.9 * largest; });
}
