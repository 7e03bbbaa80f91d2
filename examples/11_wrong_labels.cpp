// usage: 11_wrong_labels [FOLDER FOR THE FIGURE]
// Overfitting in a classifier: a quarter of 600 digits has a label drawn by lot, and the network learns them by heart.
//
// What to see: the training loss goes to 0 while the loss on other digits, which are labelled right, grows from the
// tenth epoch on. A penalty, stopping early and soft targets each hold it down, for networks of every size that could
// otherwise learn wrong labels.
#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include <lamina/lamina.hpp>

#include "figure.hpp"

namespace la = lamina;
using digits = la::dataset<la::label>;

template <std::size_t Units>
struct classifier : la::network<la::input<784>, la::dense<Units>, la::relu, la::dense<10>> {};

constexpr std::size_t epochs = 120;

/// What is done against learning by heart. Others are in 17_against_overfitting.cpp.
struct remedy {
  const char* name;
  double l2 = 0, smoothing = 0;
  std::size_t patience = epochs;
};

digits with_wrong_labels(const digits& data, unsigned one_in) {
  std::mt19937 random{1};
  digits result{data.input_size()};
  for (const auto& [image, digit] : data)
    result.push_back(image, random() % one_in ? digit : la::label{std::uint32_t(random() % 10)});
  return result;
}

/// Trains a network and gives its loss on the test set.
template <std::size_t Units> double train(const remedy& with, const digits& data, const digits& test, figure& plot) {
  const auto [held_out, learned] = data.split([](std::size_t i) { return i % 5 == 0; });
  const la::softmax_cross_entropy hard, soft{.label_smoothing = with.smoothing};
  la::model<classifier<Units>> model{la::seed{1}}, best = model;
  la::trainer trainer{model, soft, la::adam{.learning_rate = 2e-3} | la::l2{with.l2}};
  double least = 1e9;
  std::size_t waited = 0;
  const auto watch = [&](const la::epoch_record& record) {
    if (Units == 64)
      plot.row(std::string(with.name) + "_time", record.epoch, record.training_loss, la::mean_loss(model, hard, test));
    if (record.validation_loss < least) least = record.validation_loss, best = model, waited = 0;
    return ++waited < with.patience;
  };
  trainer.fit(learned, {.epochs = epochs, .batch_size = 32, .validation = &held_out}, watch);
  if (with.patience < epochs) model = best;

  const double loss = la::mean_loss(model, hard, test);
  plot.row(with.name, Units, loss);
  std::printf("  %4zu       %6.3f     %6.3f    %.1f %%\n", Units, la::mean_loss(model, hard, learned), loss,
              100 * la::accuracy(model, test));
  return loss;
}

int main(int argument_count, char** arguments) {
  figure plot{"11_wrong_labels", argument_count, arguments};
  const auto [right, test] = la::load_mnist(LAMINA_DIGITS);
  const digits data = with_wrong_labels(right.take(750), 4);
  const auto over_sizes = [&](const remedy& with) {
    std::printf("%s\n units  training loss  test loss  accuracy\n", with.name);
    return std::vector{train<2>(with, data, test, plot),  train<4>(with, data, test, plot),
                       train<8>(with, data, test, plot),  train<16>(with, data, test, plot),
                       train<32>(with, data, test, plot), train<64>(with, data, test, plot)};
  };
  const auto nothing = over_sizes({"nothing"}), penalty = over_sizes({"penalty", 0.01}),
             stopping = over_sizes({"stopping", 0, 0, 10}), soft = over_sizes({"soft", 0, 0.3});

  plot.draw(R"gnuplot(
set multiplot layout 1,2 title "600 digits, a quarter of the labels drawn by lot"
set key top right
set title "64 hidden units"; set xlabel "epochs"; set ylabel "loss"; set yrange [0:2.8]
plot $nothing_time using 1:2 with lines linetype 6 title "training, nothing done", $nothing_time using 1:3 with lines linetype 9 title "test, nothing done", \
     $penalty_time using 1:3 with lines linetype 3 title "test, L2 penalty", $stopping_time using 1:3 with lines linetype 4 linewidth 4 title "test, early stopping", \
     $soft_time using 1:3 with lines linetype 5 title "test, soft targets"
set title "end of training"; set logscale x 2; set xlabel "hidden units"; set ylabel "test loss"; set xrange [1.8:72]
plot $nothing using 1:2 with linespoints linetype 9 title "nothing", $penalty using 1:2 with linespoints linetype 3 title "L2 penalty", \
     $stopping using 1:2 with linespoints linetype 4 title "early stopping", $soft using 1:2 with linespoints linetype 5 title "soft targets"
unset multiplot)gnuplot",
            900, 460);
  for (const auto& remedied : {penalty, stopping, soft})
    for (std::size_t i = 2; i < nothing.size(); ++i) // from 8 units on
      if (remedied[i] > 0.85 * nothing[i]) return 1;
  return 0;
}
