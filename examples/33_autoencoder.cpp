// usage: 33_autoencoder [FOLDER FOR THE FIGURE]
// Digits through a bottleneck of 16 numbers: autoencoders whose decoder has the weights of the encoder.
//
// A linear one finds the plane of the principal components. A deep one finds more, and with tied weights it does so
// sooner, with half of the parameters. Of sigmoids it hardly learns from a random start; pre-trained layer by layer and
// unrolled, it does: Hinton and Salakhutdinov 2006.
#include <cstdio>
#include <string>
#include <utility>

#include <lamina/lamina.hpp>

#include "figure.hpp"

namespace la = lamina;

constexpr std::size_t pixels = 784, hidden = 128, code = 16;

struct linear : la::network<la::input<pixels>, la::named<"encoder", la::dense<code>>,
                            la::dense<pixels, la::transposed_weight_of<"encoder">>> {};
template <class Activation>
struct tied
    : la::network<la::input<pixels>, la::named<"outer", la::dense<hidden>>, Activation,
                  la::named<"inner", la::dense<code>>, Activation, la::dense<hidden, la::transposed_weight_of<"inner">>,
                  Activation, la::dense<pixels, la::transposed_weight_of<"outer">>, la::sigmoid> {};
struct untied : la::network<la::input<pixels>, la::named<"outer", la::dense<hidden>>, la::relu,
                            la::named<"inner", la::dense<code>>, la::relu, la::dense<hidden>, la::relu,
                            la::dense<pixels>, la::sigmoid> {};

/// The digits, each with itself as its target.
la::dataset<la::values> themselves(const la::dataset<la::label>& digits) {
  la::dataset<la::values> all{pixels, pixels};
  for (std::size_t m = 0; m < digits.size(); ++m) all.push_back(digits.input(m), digits.input(m));
  return all;
}

int main(int argument_count, char** arguments) {
  figure plot{"33_autoencoder", argument_count, arguments};
  const auto [digits, others] = la::load_mnist(LAMINA_DIGITS);
  const auto train = themselves(digits), test = themselves(others);

  /// Trains a model and gives its errors after one epoch and after all.
  const auto run = [&](const char* name, auto model) {
    la::trainer trainer{model, la::mean_squared_error{}, la::adam{.learning_rate = 2e-3}};
    const la::history past = trainer.fit(train, {.epochs = 16, .batch_size = 64, .validation = &test});
    for (const la::epoch_record& epoch : past) plot.row(name, epoch.epoch, epoch.validation_loss);
    for (std::size_t digit = 0; digit < 8; ++digit) {
      const auto image = model(test.input(digit));
      for (std::size_t pixel = 0; pixel < pixels; ++pixel)
        plot.row(name + std::string("_digits"), 29 * digit + pixel % 28, pixel / 28, image[pixel]);
      plot.row(name + std::string("_digits"));
    }
    const double first = past.front().validation_loss, last = past.back().validation_loss;
    std::printf("%-11s %7zu parameters, squared error %.4f after an epoch, %.4f after all\n", name,
                decltype(model)::network::parameter_count, first, last);
    return std::pair{first, last};
  };
  const auto of_linear = run("linear", la::model<linear>{la::seed{1}});
  const auto of_tied = run("tied", la::model<tied<la::relu>>{la::seed{1}});
  const auto of_untied = run("untied", la::model<untied>{la::seed{1}});
  la::model<tied<la::sigmoid>> sigmoids{la::seed{1}};
  const auto of_sigmoids = run("sigmoids", sigmoids);
  la::pretrain(sigmoids, digits, la::autoencoder{}, la::adam{.learning_rate = 1e-3}, {.epochs = 10, .batch_size = 64});
  const auto of_unrolled = run("unrolled", sigmoids);

  for (std::size_t digit = 0; digit < 8; ++digit) {
    for (std::size_t pixel = 0; pixel < pixels; ++pixel)
      plot.row("given_digits", 29 * digit + pixel % 28, pixel / 28, test.input(digit)[pixel]);
    plot.row("given_digits");
  }
  plot.draw(R"gnuplot(
set multiplot title "Digits through 16 numbers"
set lmargin at screen 0.1; set rmargin at screen 0.52; set tmargin at screen 0.88; set bmargin at screen 0.12
set xlabel "epochs"; set ylabel "squared error on digits not seen"; set yrange [0.015:0.085]; set key top right
plot $sigmoids with linespoints linetype 9 title "sigmoids, tied, random start", \
     $unrolled with linespoints linetype 4 title "sigmoids, pre-trained and unrolled", \
     $linear with linespoints linetype 2 title "linear", \
     $untied with linespoints linetype 3 title "relu, untied", \
     $tied with linespoints linetype 1 title "relu, tied"
unset border; unset tics; unset grid; unset colorbox; unset xlabel; unset ylabel; set cbrange [0:1]
set palette defined (0 '#ffffff', 1 '#0b2f52')
set lmargin at screen 0.56; set rmargin at screen 0.99; set xrange [-1:232]; set yrange [29:-1]
array names[5] = ["given", "linear", "unrolled", "untied", "tied"]
array titles[5] = ["given", "linear", "sigmoids, unrolled", "relu, untied", "relu, tied"]
do for [i=1:5] {
  set tmargin at screen 1.05 - 0.175 * i; set bmargin at screen 0.92 - 0.175 * i; set title titles[i] offset 0,-0.6
  plot for [digit=0:7] sprintf("$%s_digits", names[i]) every :::digit::digit with image
}
unset multiplot)gnuplot",
            900, 520);
  if (of_tied.second > 0.8 * of_linear.second || of_tied.second > 0.9 * of_untied.second) return 1;
  return of_unrolled.first > 0.7 * of_sigmoids.first || of_unrolled.second > of_sigmoids.second ? 1 : 0;
}
