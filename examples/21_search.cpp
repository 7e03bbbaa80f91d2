// usage: 21_search [FOLDER FOR THE FIGURE]
// Hyper-parameters searched from coarse to fine: learning rate, penalty, and the network itself.
//
// A space names members of a struct, each with its range, and types of networks; a score is any function of them: here
// the loss on digits held out, by three folds. Each round looks more closely around the best trial so far. What to see:
// the first round is all over the place and mostly useless, in the third every trial is good; and the best one is
// better than that of as many trials at random or on a grid.
#include <algorithm>
#include <cmath>
#include <iostream>
#include <string>
#include <vector>

#include <lamina/ensemble.hpp>
#include <lamina/lamina.hpp>
#include <lamina/search.hpp>

#include "figure.hpp"

namespace la = lamina;
using digits = la::dataset<la::label>;

struct narrow : la::network<la::input<784>, la::dense<16>, la::relu, la::dense<10>> {};
struct wide : la::network<la::input<784>, la::dense<64>, la::relu, la::dense<10>> {};

struct settings {
  double rate = 1e-3, penalty = 1e-3;
};

template <class Network> la::model<Network> trained(const settings& with, const digits& data) {
  la::model<Network> model{la::seed{1}};
  la::trainer trainer{model, la::softmax_cross_entropy{}, la::adam{.learning_rate = with.rate} | la::l2{with.penalty}};
  trainer.fit(data, {.epochs = 20, .batch_size = 20});
  return model;
}

constexpr std::size_t rounds = 3, trials = 16, searches = 3;

/// The least loss after each trial, added to that of other searches.
void add_course(const la::search::trials<settings>& found, std::vector<double>& course) {
  std::vector<double> losses(found.size());
  for (const auto& trial : found) losses[trial.number - 1] = -trial.score;
  double least = 10;
  for (std::size_t i = 0; i < losses.size(); ++i) course[i] += (least = std::fmin(least, losses[i])) / searches;
}

/// Draws a round's trials.
struct round_losses {
  double least, median;
};
round_losses draw_round(std::size_t round, const la::search::trials<settings>& found, figure& plot) {
  std::vector<double> losses; // in order, as the trials are
  for (const auto& [number, score, seconds, with, network, place, row] : found)
    if ((number - 1) / trials == round) {
      losses.push_back(-score);
      plot.row("round" + std::to_string(round + 1) + "_" + network, with.rate, with.penalty, std::min(-score, 1.0));
    }
  return {losses.front(), losses[losses.size() / 2]};
}

int main(int argument_count, char** arguments) {
  figure plot{"21_search", argument_count, arguments};
  const auto [all, test] = la::load_mnist(LAMINA_DIGITS);
  const digits data = all.take(450);
  const auto folds = la::k_fold(data, 3);
  const auto score = [&]<class Network>(const settings& with) {
    double loss = 0;
    for (const auto& [train, validation] : folds)
      loss += la::mean_loss(trained<Network>(with, train), la::softmax_cross_entropy{}, validation) / 3;
    return -loss; // of scores, the largest is the best
  };
  const auto space = la::search::space<settings, narrow, wide>{}
                         .log_uniform<&settings::rate>(1e-5, 1)     // evenly by the logarithm
                         .log_uniform<&settings::penalty>(1e-6, 1); // other axes: uniform, integer, choice

  std::vector<double> fine(rounds * trials), random(rounds * trials);
  std::vector<round_losses> by_round;
  for (std::uint64_t seed = 1; seed <= searches; ++seed) {
    const auto found =
        la::search::coarse_to_fine(space, {.rounds = rounds, .trials = trials, .seed = la::seed{seed}}, score);
    add_course(found, fine);
    add_course(la::search::random(space, {.trials = rounds * trials, .seed = la::seed{seed}}, score), random);
    if (seed > 1) continue;
    std::cout << found;
    for (std::size_t round = 0; round < rounds; ++round) by_round.push_back(draw_round(round, found, plot));
    const auto accuracy = [&]<class Network>(const settings& with) {
      return la::accuracy(trained<Network>(with, data), test);
    };
    std::cout << "the best one, trained on all of the digits: "
              << 100 * space.run(accuracy, found.best().place, 0).score << " % of others right\n";
  }
  const double grid = -la::search::grid(space, {.points = 5}, score).best().score;
  for (std::size_t i = 0; i < fine.size(); ++i) plot.row("courses", i + 1, fine[i], random[i], grid);
  std::cout << "median loss of the rounds: " << by_round[0].median << ", " << by_round[1].median << ", "
            << by_round[2].median << "\nleast loss, mean of " << searches << " searches: coarse to fine " << fine.back()
            << ", random " << random.back() << "; of a grid of 50: " << grid << '\n';

  plot.draw(R"gnuplot(
set multiplot
set lmargin at screen 0.08; set rmargin at screen 0.54; set tmargin at screen 0.90; set bmargin at screen 0.13
set title "trials of the first round (small), the second and the third (large)"; set key top left
set logscale xy; set xrange [8e-6:1.25]; set yrange [8e-7:4]; set format xy "10^{%T}"; set xlabel "learning rate"; set ylabel "L2 penalty"
set palette defined (0 '#fde725', 0.15 '#5ec962', 0.35 '#21918c', 0.65 '#3b528b', 1 '#440154'); set cbrange [0.45:1]
set cbtics ("0.5" 0.5, "0.6" 0.6, "0.8" 0.8, "1 or more" 1); set colorbox user origin screen 0.555,0.13 size screen 0.015,0.77
plot for [round=1:3] sprintf("$round%d_narrow", round) using 1:2:3 with points pointtype 9 pointsize 0.4 + 0.4 * round palette, \
     for [round=1:3] sprintf("$round%d_wide", round) using 1:2:3 with points pointtype 7 pointsize 0.4 + 0.4 * round palette, \
     NaN with points pointtype 9 linecolor '#606060' title "16 hidden units", NaN with points pointtype 7 linecolor '#606060' title "64 hidden units"
set lmargin at screen 0.73; set rmargin at screen 0.98; set key top right; unset logscale; set format xy "%g"
set title "the best so far"; set xlabel "trials"; set ylabel "loss on digits held out"; set xrange [0:49]; set yrange [0.44:0.62]; set xtics 16
plot $courses using 1:4 with lines linecolor '#909090' dashtype 2 title "all 50 of a grid", $courses using 1:3 with lines linetype 9 title "random", \
     $courses using 1:2 with lines linetype 2 title "coarse to fine"
unset multiplot)gnuplot",
            900, 460);
  return by_round[1].median > by_round[0].median || by_round[2].median > by_round[0].least ||
         fine.back() > random.back() || fine.back() > grid;
}
