// usage: 23_residual [FOLDER FOR THE FIGURE]
// A shortcut around every two convolutions: what makes depth pay.
//
// Networks of 3 to 33 convolutions tell six drawn shapes apart, with shortcuts and without; all else is the same, batch
// norm included. What to see: with shortcuts, the deepest network has the lowest training loss. Without them depth pays
// up to a point; then the deeper network is the worse one on the very data it is trained with, although all it would
// have to learn in its further layers is to do nothing. With a shortcut, that is learned already (He et al. 2016).
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include <lamina/lamina.hpp>

#include "figure.hpp"
#include "shapes.hpp"

namespace la = lamina;

using image = la::input<8, 8, 8>;
using convolution = la::conv2d<8, la::kernel<3>, la::padding<1>>;

struct plain : la::network<image, convolution, la::batch_norm, la::relu, convolution, la::batch_norm, la::relu> {};
struct shortcut
    : la::network<image, la::residual<convolution, la::batch_norm, la::relu, convolution, la::batch_norm>, la::relu> {};

template <class Block> struct twice : la::network<image, Block, Block> {};

template <class Blocks>
struct classifier
    : la::network<la::input<3, shapes::side, shapes::side>, la::conv2d<8, la::kernel<3>, la::stride<2>, la::padding<1>>,
                  la::batch_norm, la::relu, Blocks, la::global_avg_pool, la::dense<shapes::classes>> {};

constexpr std::size_t epochs = 8, batch = 32, seeds = 3;

/// Trains networks of so many blocks; draws their mean loss at the end, and the course of the deepest.
template <class Blocks>
double loss_of(const std::string& kind, std::size_t blocks, const auto& train, const auto& test, figure& plot) {
  std::vector<double> course(epochs);
  double accuracy = 0;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    la::model<classifier<Blocks>> model{la::seed{seed}};
    const double steps = double(epochs * train.size() / batch);
    la::trainer trainer{model, la::softmax_cross_entropy{},
                        la::adam{.learning_rate = 5e-3} | la::cosine_annealing{.steps = steps}};
    for (const la::epoch_record& past : trainer.fit(train, {.epochs = epochs, .batch_size = batch}))
      course[past.epoch - 1] += past.training_loss / seeds;
    accuracy += la::accuracy(model, test) / seeds;
  }
  std::printf("%-9s %2zu convolutions: training loss %.3f, %4.1f %% of the other shapes right\n", kind.c_str(),
              1 + 2 * blocks, course.back(), 100 * accuracy);
  plot.row(kind, 1 + 2 * blocks, course.back());
  if (blocks == 16)
    for (std::size_t i = 0; i < epochs; ++i) plot.row(kind + "_course", i + 1, course[i]);
  return course.back();
}

/// The losses of 1, 2, 4, 8 and 16 blocks.
template <class Block>
std::vector<double> over_depths(const std::string& kind, const auto& train, const auto& test, figure& plot) {
  using two = twice<Block>;
  using four = twice<two>;
  using eight = twice<four>;
  return {loss_of<Block>(kind, 1, train, test, plot), loss_of<two>(kind, 2, train, test, plot),
          loss_of<four>(kind, 4, train, test, plot), loss_of<eight>(kind, 8, train, test, plot),
          loss_of<twice<eight>>(kind, 16, train, test, plot)};
}

int main(int argument_count, char** arguments) {
  figure plot{"23_residual", argument_count, arguments};
  const auto [train, test] = shapes::draw(2500, /*seed=*/1).split([](std::size_t i) { return i < 1536; });
  const auto without = over_depths<plain>("plain", train, test, plot);
  const auto with = over_depths<shortcut>("shortcut", train, test, plot);

  for (std::size_t i = 0; i < 24; ++i) shapes::draw_into(plot, "shapes", test.input(i), 18 * (i % 3), 18 * (i / 3));
  plot.draw(R"gnuplot(
set multiplot
set lmargin at screen 0.07; set rmargin at screen 0.46; set tmargin at screen 0.90; set bmargin at screen 0.13
set title "after 8 epochs"; set xlabel "convolutions"; set ylabel "training loss"; set logscale x 2; set xrange [2.7:37]; set yrange [0:1.9]; set xtics (3, 5, 9, 17, 33)
set key bottom left
plot $plain with linespoints linetype 2 title "plain", $shortcut with linespoints linetype 1 title "with shortcuts"
set lmargin at screen 0.51; set rmargin at screen 0.80
set title "33 convolutions"; set xlabel "epochs"; unset ylabel; unset logscale; set xrange [0.8:8.2]; set xtics auto
plot $plain_course with linespoints linetype 2 title "plain", $shortcut_course with linespoints linetype 1 title "with shortcuts"
unset border; unset tics; unset grid; unset xlabel
set lmargin at screen 0.84; set rmargin at screen 0.99; set bmargin at screen 0.05; set xrange [-1:53]; set yrange [143:-1]
set title "six shapes"
plot for [i=0:23] $shapes every :::i::i with rgbimage
unset multiplot)gnuplot",
            1000, 430);
  return with.back() > 0.8 * without.back() || with.back() > 0.8 * with[0] ||
         without.back() < 1.2 * std::ranges::min(without);
}
