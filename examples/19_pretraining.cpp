// usage: 19_pretraining [FOLDER FOR THE FIGURE]
// Learning from digits without labels first: pre-training against a random start, over the number of labels.
//
// 9000 digits are there, but only some have labels. Each hidden layer first learns to describe all of them, as a
// denoising autoencoder or as a restricted Boltzmann machine; then the whole network learns the labels that there are.
// What to see: the fewer the labels, the more it helps; a start that has seen digits does with 200 labels what a random
// one needs 400 or more for. And what the first layer's units look for after it: strokes, found without a label.
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
  const la::pretrain_options options{.epochs = 10, .batch_size = 64};
  const auto random = run("random_start", [](auto&) {});
  const auto encoder = run("autoencoder", [&](auto& model) {
    la::pretrain(model, train, la::denoising_autoencoder{.corruption = 0.3}, la::adam{.learning_rate = 1e-3}, options);
  });
  const auto boltzmann = run("boltzmann", [&](auto& model) {
    la::pretrain(model, train, la::restricted_boltzmann{.steps = 1}, la::momentum{.learning_rate = 0.05, .beta = 0.5},
                 options);
  });
  return 0;
}
