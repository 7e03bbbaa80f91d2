// usage: 15_hierarchy [FOLDER FOR THE FIGURE]
// What a network knows of living things while it learns: Saxe, McClelland and Ganguli 2019, after Rogers and
// McClelland.
//
// Two matrices learn which features eight things have. What to see: first the hidden layer tells animals from plants,
// then birds from fish, at last robins from canaries. And on the way it believes what is not so: that salmon can fly,
// as soon as it knows animals and before it knows birds.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

#include <Eigen/Dense>
#include <lamina/lamina.hpp>

#include "figure.hpp"
#include "hierarchy.hpp"

namespace la = lamina;
using Eigen::Index, Eigen::MatrixXd;

struct net : la::network<la::input<hierarchy::items>, la::dense<32, la::no_bias>,
                         la::dense<hierarchy::features, la::no_bias>> {};

/// How alike the hidden layer takes two items to be: the cosine between their rows of activities.
MatrixXd similarity(const MatrixXd& hidden) {
  const MatrixXd unit = hidden.colwise().normalized();
  return unit.transpose() * unit;
}

int main(int argument_count, char** arguments) {
  figure plot{"15_hierarchy", argument_count, arguments};
  la::model<net, double> model{la::seed{1}};
  la::initialize(model.parameter("0.weight"), la::orthogonal{0.03}, /*seed=*/1, /*stream=*/0);
  la::initialize(model.parameter("1.weight"), la::orthogonal{0.03}, 1, 1);
  la::trainer trainer{model, la::mean_squared_error{}, la::sgd{.learning_rate = 0.12}};
  for (int step = 0; step <= 3500; ++step) {
    if (step % 10 == 0) {
      const MatrixXd alike = similarity(hierarchy::matrix_of(model.parameter("0.weight")));
      plot.row("knowledge", step, alike(0, 1), alike(0, 2), alike(0, 4));
      const MatrixXd map = hierarchy::map_of(model);
      plot.row("beliefs", step, map(3, 0), map(3, 2), map(3, 4), map(7, 1), map(1, 0), map(7, 2));
      if (step % 100 == 0)
        std::printf("%d %g %g %g   fly %g %g %g\n", step, alike(0, 1), alike(0, 2), alike(0, 4), map(3, 0), map(3, 2),
                    map(3, 4));
    }
    trainer.step(hierarchy::inputs, hierarchy::targets);
  }
}
