// usage: 18_normalization [FOLDER FOR THE FIGURE]
// Batch norm and layer norm, on and off, in a network of nine layers.
//
// A normalization stands between a dense layer and its activation and keeps what arrives there at mean 0 and variance
// 1. What to see: two epochs with it do more than six without; and the learning rate may be anything within a factor
// of a hundred (layer norm) or a thousand (batch norm), where it else has to be just right.
#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include <lamina/lamina.hpp>

#include "figure.hpp"

namespace la = lamina;

template <class... Normalization>
struct hidden : la::network<la::input<64>, la::dense<64>, Normalization..., la::tanh> {};

/// No normalization, or one after every hidden layer.
template <class... N>
struct deep : la::network<la::input<784>, la::dense<64>, N..., la::tanh, hidden<N...>, hidden<N...>, hidden<N...>,
                          hidden<N...>, hidden<N...>, hidden<N...>, hidden<N...>, la::dense<10>> {};

constexpr std::size_t epochs = 6;
constexpr double shown_rate = 0.1, guessing = 2.303; // log 10, the loss of equal probabilities

struct outcome {
  std::size_t rates_that_learn = 0;
  double after_two = 0, at_the_end = 0; ///< loss at the rate that is shown
};

/// Trains the same start at many rates; draws the last epoch's loss by rate, and one of the courses.
template <class Network> outcome over_rates(const std::string& name, const la::mnist& digits, figure& plot) {
  outcome result;
  std::printf("%-10s", name.c_str());
  for (const double rate : {0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0}) {
    la::model<Network> model{la::seed{1}};
    la::trainer trainer{model, la::softmax_cross_entropy{}, la::sgd{.learning_rate = rate}};
    const la::history past = trainer.fit(digits.train, {.epochs = epochs, .batch_size = 64});
    const double loss = past.back().training_loss;
    std::printf("  %6.3f", loss);
    plot.row(name, rate, std::min(loss, guessing));
    result.rates_that_learn += loss < 0.5;
    if (rate != shown_rate) continue;
    result.after_two = past[1].training_loss, result.at_the_end = loss;
    for (const la::epoch_record& epoch : past) plot.row(name + "_course", epoch.epoch, epoch.training_loss);
  }
  std::printf("\n");
  return result;
}

int main(int argument_count, char** arguments) {
  figure plot{"18_normalization", argument_count, arguments};
  const la::mnist digits = la::load_mnist(LAMINA_DIGITS);
  std::printf("training loss after %zu epochs at the rates\n"
              "             0.001   0.003    0.01    0.03     0.1     0.3       1       3      10\n",
              epochs);
  const outcome none = over_rates<deep<>>("none", digits, plot);
  const outcome batch = over_rates<deep<la::batch_norm>>("batch_norm", digits, plot);
  const outcome layer = over_rates<deep<la::layer_norm>>("layer_norm", digits, plot);
  plot.draw(R"gnuplot(
set multiplot layout 1,2 title "784 – 8 × 64 – 10, tanh, on digits"
set title "learning rate 0.1"; set xlabel "epochs"; set ylabel "training loss"; set xrange [0.8:6.2]; set yrange [0:2.6]; set xtics 1
plot $none_course with linespoints linetype 9 title "no normalization", $layer_norm_course with linespoints linetype 2 title "layer norm", \
     $batch_norm_course with linespoints linetype 1 title "batch norm"
set title "after 6 epochs"; set xlabel "learning rate"; set logscale x; set xrange [0.0008:12.5]; set format x "10^{%T}"; set xtics auto
plot $none with linespoints linetype 9, $layer_norm with linespoints linetype 2, $batch_norm with linespoints linetype 1, \
     2.303 with lines linecolor '#909090' dashtype 2, '+' using (0.03):(2.42):("guessing") every 1000 with labels left textcolor '#606060'
unset multiplot)gnuplot",
            900, 460);
  return none.rates_that_learn > 2 || batch.rates_that_learn < 6 || layer.rates_that_learn < 4 ||
         batch.after_two > none.at_the_end || layer.after_two > none.at_the_end;
}
