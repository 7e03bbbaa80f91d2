// usage: 13_vanishing_gradients [FOLDER FOR THE FIGURE]
// Ten layers deep: what is left of the gradient at the first one.
//
// The derivative of a sigmoid is at most 1/4, and every layer multiplies by it on the way back. What to see: a chain of
// sigmoids hands its first layers a millionth of the gradient and learns nothing. Rectifiers with He's start hand it on
// whole; with a start too small they starve all layers alike, because the signal fades on the way there and the
// gradient on the way back.
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include <lamina/lamina.hpp>

#include "figure.hpp"

namespace la = lamina;

template <class A>
struct deep : la::network<la::input<784>, la::dense<64>, A, la::dense<64>, A, la::dense<64>, A, la::dense<64>, A,
                          la::dense<64>, A, la::dense<64>, A, la::dense<64>, A, la::dense<64>, A, la::dense<64>, A,
                          la::dense<64>, A, la::dense<10>> {};

struct outcome {
  double first_to_last, accuracy; ///< gradient of the first hidden layer over that of the last one; after training
};

/// A chain of one kind of unit: its gradients before training, layer by layer, and what it learns.
template <class Activation>
outcome look_at(const char* name, const auto& initializer, const la::mnist& digits, figure& plot) {
  la::model<deep<Activation>> model{la::seed{1}};
  for (std::uint64_t stream = 0; const la::parameter& p : model.parameters)
    if (p.shape.rank == 2)
      la::initialize(model.parameter(p.name), initializer, /*seed=*/1, stream++);
    else
      la::initialize(model.parameter(p.name), la::zeros{}, 1);
  la::trainer trainer{model, la::softmax_cross_entropy{}, la::momentum{.learning_rate = 0.01}};

  std::vector<float> images;
  std::vector<la::label> labels;
  for (const auto& [image, label] : digits.train.take(500)) {
    images.insert(images.end(), image.begin(), image.end());
    labels.push_back(label);
  }
  const auto gradient = trainer.gradient(images, labels);
  std::vector<double> norms;
  for (const la::parameter& p : model.parameters)
    if (p.shape.rank == 2) {
      const auto g = gradient(p.name);
      double squares = 0;
      for (std::size_t i = 0; i < g.size(); ++i) squares += double(g[i]) * double(g[i]);
      norms.push_back(std::sqrt(squares));
      plot.row(name, norms.size(), norms.back());
    }

  const auto draw = [&](const la::epoch_record& record) {
    plot.row(std::string(name) + "_learning", record.epoch, 100 * record.validation_metric);
  };
  const auto history = trainer.fit(digits.train, {.epochs = 6, .batch_size = 32, .validation = &digits.test}, draw);
  const outcome o{norms[1] / norms[9], history.back().validation_metric};
  std::printf("%-13s gradient of layer 2 over that of layer 10: %8.1e    accuracy after 6 epochs: %.1f %%\n", name,
              o.first_to_last, 100 * o.accuracy);
  return o;
}

int main(int argument_count, char** arguments) {
  figure plot{"13_vanishing_gradients", argument_count, arguments};
  const la::mnist digits = la::load_mnist(LAMINA_DIGITS);
  const outcome sigmoid = look_at<la::sigmoid>("sigmoid", la::glorot_normal{}, digits, plot);
  look_at<la::tanh>("tanh", la::glorot_normal{}, digits, plot);
  look_at<la::relu>("relu_small", la::lecun{0.5}, digits, plot);
  const outcome rectifier = look_at<la::relu>("relu", la::he_normal{}, digits, plot);

  plot.draw(R"gnuplot(
set multiplot layout 1,2 title "784 – 10 × 64 – 10 on digits"
set title "before training"; set xlabel "layer"; set ylabel "length of the gradient by its weights"
set logscale y; set format y "10^{%T}"; set xrange [0.5:11.5]; set yrange [1e-7:10]; set xtics 1
plot $relu with linespoints linetype 3, $relu_small with linespoints linetype 5, $tanh with linespoints linetype 1, \
     $sigmoid with linespoints linetype 2
set title "while training"; set xlabel "epochs"; set ylabel "accuracy, %"; unset logscale; set format y "%g"; set xrange [0.8:6.2]; set yrange [0:100]
set key center right
plot $relu_learning with linespoints linetype 3 title "ReLU, He", $relu_small_learning with linespoints linetype 5 title "ReLU, half of LeCun", \
     $tanh_learning with linespoints linetype 1 title "tanh, Glorot", $sigmoid_learning with linespoints linetype 2 title "sigmoid, Glorot"
unset multiplot)gnuplot",
            900, 460);
  return sigmoid.first_to_last > 1e-3 || sigmoid.accuracy > 0.2 || rectifier.first_to_last < 0.3 ||
         rectifier.accuracy < 0.9;
}
