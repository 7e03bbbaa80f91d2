// usage: 15_hierarchy [FOLDER FOR THE FIGURE]
// What a network knows of living things while it learns: Saxe, McClelland and Ganguli 2019, after Rogers and
// McClelland.
//
// Two matrices learn which features eight things have. What to see: the hidden layer first takes all for the same, then
// parts animals from plants, then birds from fish, and at last robin from canary. On the way it believes what is not
// so: that the salmon flies, when it knows what animals do and not yet what only birds do.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include <Eigen/Dense>
#include <lamina/lamina.hpp>

#include "figure.hpp"
#include "hierarchy.hpp"

namespace la = lamina;
using Eigen::Index, Eigen::MatrixXd;

struct net : la::network<la::input<hierarchy::items>, la::dense<32, la::no_bias>,
                         la::dense<hierarchy::features, la::no_bias>> {};

constexpr Index canary = 0, robin = 1, salmon = 2, oak = 4; // items
constexpr Index moves = 1, flies = 3, sings = 7;            // features

/// How alike the hidden layer takes items to be: the cosines between their activities.
MatrixXd similarity(const la::model<net, double>& model) {
  const MatrixXd unit = hierarchy::matrix_of(model.parameter("0.weight")).colwise().normalized();
  return unit.transpose() * unit;
}

int main(int argument_count, char** arguments) {
  figure plot{"15_hierarchy", argument_count, arguments};
  for (const char* item : hierarchy::item) plot.row("items", item);

  la::model<net, double> model{la::seed{1}};
  la::initialize(model.parameter("0.weight"), la::orthogonal{0.03}, /*seed=*/1, /*stream=*/0);
  la::initialize(model.parameter("1.weight"), la::orthogonal{0.03}, /*seed=*/1, /*stream=*/1);
  la::trainer trainer{model, la::mean_squared_error{}, la::sgd{.learning_rate = 0.12}};

  int kingdoms = 0, classes = 0, alone = 0; // updates until two items of a kind are less alike than ½
  double illusion = 0;
  for (int step = 0; step <= 3500; ++step) {
    const MatrixXd alike = similarity(model), belief = hierarchy::map_of(model);
    if (step % 20 == 0) {
      plot.row("alike", step, alike(canary, robin), alike(canary, salmon), alike(canary, oak));
      plot.row("belief", step, belief(flies, canary), belief(flies, salmon), belief(moves, salmon),
               belief(sings, robin));
    }
    for (const int moment : {600, 1000, 1600, 3500})
      if (step == moment)
        for (Index i = 0; i < alike.size(); ++i)
          plot.row("map" + std::to_string(moment), i % 8, i / 8, alike(i % 8, i / 8));

    if (alike(canary, oak) > 0.5) kingdoms = step;
    if (alike(canary, salmon) > 0.5) classes = step;
    if (alike(canary, robin) > 0.5) alone = step;
    illusion = std::max(illusion, belief(flies, salmon));
    trainer.step(hierarchy::inputs, hierarchy::targets);
  }
  const double in_the_end = std::abs(hierarchy::map_of(model)(flies, salmon));
  std::printf("a canary is no oak after %d updates, no salmon after %d, no robin after %d\n", kingdoms, classes, alone);
  std::printf("that a salmon flies is believed up to %.2f, in the end %.4f\n", illusion, in_the_end);

  plot.draw(R"gnuplot(
set multiplot title "What a network knows of living things while it learns"
unset grid; unset colorbox; set border 15; set palette defined (0 '#ffffff', 1 '#e3ecf3', 2 '#56b4e9', 3 '#0b2f52'); set cbrange [0:1]
set xrange [-0.5:7.5]; set yrange [7.5:-0.5]; unset xtics; unset ytics; set tmargin at screen 0.87; set bmargin at screen 0.57
do for [i=1:8] { set label i word($items[i], 1) at screen 0.082, screen 0.87 - 0.0375 * (i - 0.5) right }
moments = "600 1000 1600 3500"
do for [i=1:4] {
  set lmargin at screen 0.09 + 0.23 * (i - 1); set rmargin at screen 0.30 + 0.23 * (i - 1)
  set title sprintf("alike after %s updates", word(moments, i))
  plot sprintf("$map%s", word(moments, i)) using 1:2:3 with image
  unset label
}
set border 3; set grid; set xtics 1000 nomirror; set ytics 0.2 nomirror; set tmargin at screen 0.44; set bmargin at screen 0.09
set xrange [0:3500]; set yrange [-0.02:1.05]; set xlabel "updates"
set lmargin at screen 0.06; set rmargin at screen 0.48; set key top right
set title "how alike: canary and …"
plot $alike using 1:2 with lines linetype 3 title "robin", $alike using 1:3 with lines linetype 2 title "salmon", $alike using 1:4 with lines linetype 1 title "oak"
set lmargin at screen 0.56; set rmargin at screen 0.98; set key at graph 0.99,0.88
set title "what it believes"
plot $belief using 1:4 with lines linetype 1 title "the salmon moves", $belief using 1:2 with lines linetype 3 title "the canary flies", \
     $belief using 1:3 with lines linetype 2 linewidth 4 title "the salmon flies", $belief using 1:5 with lines linetype 4 linewidth 4 title "the robin sings"
unset multiplot)gnuplot",
            900, 640);
  return !(0 < kingdoms && kingdoms < classes && classes < alone) || illusion < 0.2 || in_the_end > 0.01;
}
