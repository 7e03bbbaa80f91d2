// usage: 19_pretraining [FOLDER FOR THE FIGURE]
// Learning from digits without labels first: pre-training against a random start, over the number of labels.
//
// 9000 digits are there, but only some have labels. Each hidden layer first learns to describe all of them, as a
// denoising autoencoder or as a restricted Boltzmann machine; then the whole network learns the labels that there are.
// What to see: the fewer the labels, the more it helps; who has seen digits before does with 400 labels what a random
// start needs 800 for. The units of the first layer look for strokes, found without any label.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include <lamina/lamina.hpp>

#include "figure.hpp"

namespace la = lamina;

struct deep : la::network<la::input<784>, la::dense<128>, la::sigmoid, la::dense<64>, la::sigmoid, la::dense<10>> {};

constexpr std::size_t label_counts[]{50, 100, 200, 400, 800, 1600, 3200}, runs = 2;

/// The accuracy of a network that goes on from a start with labels.
double fine_tuned(la::model<deep> model, const la::dataset<la::label>& labelled, const la::dataset<la::label>& test) {
  la::trainer trainer{model, la::softmax_cross_entropy{}, la::adam{.learning_rate = 1e-3}};
  trainer.fit(labelled, {.epochs = std::max<std::size_t>(10, 25'000 / labelled.size()), .batch_size = 20});
  return la::accuracy(model, test);
}

/// Weights of the first layer as images, each scaled to its largest weight.
void draw_units(const char* block, const la::model<deep>& model, figure& plot) {
  const auto weight = model.parameter("0.weight");
  for (std::size_t unit = 0; unit < 12; ++unit) {
    float largest = 0;
    for (std::size_t pixel = 0; pixel < 784; ++pixel) largest = std::max(largest, std::abs(weight(unit, pixel)));
    for (std::size_t pixel = 0; pixel < 784; ++pixel)
      plot.row(block, 31 * (unit % 6) + pixel % 28, 31 * (unit / 6) + pixel / 28, weight(unit, pixel) / largest);
    plot.row(block);
  }
}

int main(int argument_count, char** arguments) {
  figure plot{"19_pretraining", argument_count, arguments};
  const auto [train, test] = la::load_mnist(LAMINA_DIGITS);

  /// Pre-trains in a way, if at all, and then learns each number of labels; gives the accuracies.
  const auto run = [&](const char* name, const auto& pretrain) {
    std::vector<double> accuracies(std::size(label_counts));
    for (std::size_t run = 0; run < runs; ++run) {
      la::model<deep> start{la::seed{run + 1}};
      pretrain(start);
      if (run == 0) draw_units(name, start, plot);
      const auto pool = train.split([&](std::size_t i) { return i % runs == run; }).first;
      for (std::size_t i = 0; i < accuracies.size(); ++i)
        accuracies[i] += fine_tuned(start, pool.take(label_counts[i]), test) / runs;
    }
    std::printf("%-22s", name);
    for (std::size_t i = 0; i < accuracies.size(); ++i) {
      std::printf("  %5.1f", 100 * accuracies[i]);
      plot.row(std::string(name) + "_accuracy", label_counts[i], 100 * accuracies[i]);
    }
    std::printf("\n");
    return accuracies;
  };
  std::printf("%% right with           50    100    200    400    800   1600   3200 labels\n");
  const la::pretrain_options options{.epochs = 8, .batch_size = 64};
  const auto random = run("random_start", [](auto&) {});
  const auto encoder = run("autoencoder", [&](auto& model) {
    la::pretrain(model, train, la::denoising_autoencoder{.corruption = 0.3}, la::adam{.learning_rate = 1e-3}, options);
  });
  const auto boltzmann = run("boltzmann", [&](auto& model) {
    la::pretrain(model, train, la::restricted_boltzmann{.steps = 1}, la::momentum{.learning_rate = 0.05, .beta = 0.5},
                 options);
  });

  plot.draw(R"gnuplot(
set multiplot title "784 – 128 – 64 – 10, sigmoid, on digits"
set lmargin at screen 0.07; set rmargin at screen 0.52; set tmargin at screen 0.86; set bmargin at screen 0.12
set title "after learning some labels"; set logscale x 2; set xrange [45:3600]; set xtics (50, 100, 200, 400, 800, 1600, 3200)
set yrange [60:95]; set xlabel "labels"; set ylabel "accuracy, %"; set key bottom right
plot $boltzmann_accuracy with linespoints linetype 3 title "restricted Boltzmann machine", \
     $autoencoder_accuracy with linespoints linetype 1 title "denoising autoencoder", \
     $random_start_accuracy with linespoints linetype 9 title "random start"
unset logscale; unset border; unset tics; unset grid; unset colorbox; unset xlabel; unset ylabel; set cbrange [-1:1]
set palette defined (-1 '#d55e00', -0.3 '#f3cdb0', 0 '#ffffff', 0.3 '#a9cfe6', 1 '#0072b2')
set lmargin at screen 0.56; set rmargin at screen 0.99; set xrange [-1:184]; set yrange [60:-1]
array names[3] = ["boltzmann", "autoencoder", "random_start"]
array titles[3] = ["first layer's units, restricted Boltzmann machine", "denoising autoencoder", "random start"]
do for [i=1:3] {
  set tmargin at screen 1.165 - 0.305 * i; set bmargin at screen 0.935 - 0.305 * i; set title titles[i] offset 0,-0.3
  plot for [unit=0:11] sprintf("$%s", names[i]) every :::unit::unit with image
}
unset multiplot)gnuplot",
            900, 480);
  for (const auto& pretrained : {encoder, boltzmann}) {
    for (std::size_t i = 0; i < 3; ++i) // up to 200 labels
      if (pretrained[i] < random[i] + 0.02) return 1;
    if (pretrained[3] < random[4] || pretrained[6] - random[6] > pretrained[0] - random[0]) return 1;
  }
  return 0;
}
