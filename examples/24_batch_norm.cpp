// usage: 24_batch_norm [FOLDER FOR THE FIGURE]
// Batch norm behind convolutions, on and off, at ten learning rates.
//
// In an image a channel is the same feature everywhere, so batch norm takes one mean and one variance a channel, over
// the batch and all places. What to see: with it six convolutions learn at rates forty times apart; without it, started
// as He et al. advise, they learn near one rate only, and slowly. At inference it costs nothing: the mean and the
// variance are constants then, and go into the convolution.
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include <lamina/lamina.hpp>

#include "figure.hpp"
#include "shapes.hpp"

namespace la = lamina;

template <std::size_t Filters> using convolution = la::conv2d<Filters, la::kernel<3>, la::padding<1>>;

/// With a normalization behind every convolution, or with none.
template <class... N>
struct classifier : la::network<la::input<3, shapes::side, shapes::side>,                       //
                                convolution<8>, N..., la::relu, convolution<8>, N..., la::relu, //
                                la::max_pool2d<2>,                                              //
                                convolution<16>, N..., la::relu, convolution<16>, N..., la::relu,
                                la::max_pool2d<2>, //
                                convolution<32>, N..., la::relu, convolution<32>, N..., la::relu, la::global_avg_pool,
                                la::dense<shapes::classes>> {};

constexpr std::size_t epochs = 12;
constexpr double guessing = 1.792; // log 6, the loss of equal probabilities

struct outcome {
  std::size_t rates_that_learn = 0;
  double best_loss = guessing, best_rate = 0;
};

/// Trains the same start at many rates; draws the last epoch's loss by rate, and the course at the best of them.
template <class Network> outcome over_rates(const std::string& name, const auto& train, figure& plot) {
  outcome result;
  la::history best;
  std::printf("%-10s", name.c_str());
  for (const double rate : {0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0}) {
    la::model<Network> model{la::seed{1}};
    for (std::uint64_t stream = 0; const la::parameter& p : model.parameters)
      if (p.shape.rank == 4) la::initialize(model.parameter(p.name), la::he_normal{}, /*seed=*/1, stream++);
    la::trainer trainer{model, la::softmax_cross_entropy{}, la::momentum{.learning_rate = rate}};
    const la::history past = trainer.fit(train, {.epochs = epochs, .batch_size = 32});
    const double loss = past.back().training_loss;
    std::printf("  %5.2f", loss);
    plot.row(name, rate, loss < guessing ? loss : guessing); // also where it is not a number any more
    result.rates_that_learn += loss < 1;
    if (loss < result.best_loss) result.best_loss = loss, result.best_rate = rate, best = past;
  }
  std::printf("\n");
  for (const la::epoch_record& epoch : best) plot.row(name + "_course", epoch.epoch, epoch.training_loss);
  return result;
}

/// Microseconds for one image.
template <class Network> double time_of(const auto& images) {
  la::model<Network> model{la::seed{1}};
  std::vector<double> times;
  float sum = 0;
  for (std::size_t i = 0; i < 1000; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    sum += model(images.input(i % images.size()))[0];
    times.push_back(std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin).count());
  }
  std::nth_element(times.begin(), times.begin() + 500, times.end());
  return sum == sum ? times[500] : 0;
}

int main(int argument_count, char** arguments) {
  figure plot{"24_batch_norm", argument_count, arguments};
  const auto train = shapes::draw(1536, /*seed=*/1);
  std::printf("training loss after %zu epochs at the rates\n"
              "            0.001  0.002  0.005   0.01   0.02   0.05    0.1    0.2    0.5      1\n",
              epochs);
  const outcome none = over_rates<classifier<>>("none", train, plot);
  const outcome batch = over_rates<classifier<la::batch_norm>>("batch_norm", train, plot);
  std::printf("one image takes %.1f us without batch norm and %.1f us with it\n", time_of<classifier<>>(train),
              time_of<classifier<la::batch_norm>>(train));
  plot.draw(R"gnuplot(
set multiplot layout 1,2 title "six convolutions, six drawn shapes"
set title "each at its best rate"; set xlabel "epochs"; set ylabel "training loss"; set xrange [0.6:12.4]; set yrange [0:2]; set xtics 2; set key bottom left
plot $none_course with linespoints linetype 9 title "no normalization", $batch_norm_course with linespoints linetype 1 title "batch norm"
set title "after 12 epochs"; set xlabel "learning rate"; set logscale x; set xrange [0.0008:1.25]; set format x "10^{%T}"; set xtics auto
plot $none with linespoints linetype 9, $batch_norm with linespoints linetype 1, \
     1.792 with lines linecolor '#909090' dashtype 2, '+' using (0.03):(1.86):("guessing") every 1000 with labels left textcolor '#606060'
unset multiplot)gnuplot",
            900, 430);
  return batch.rates_that_learn < none.rates_that_learn + 3 || batch.best_loss > 0.8 * none.best_loss;
}
