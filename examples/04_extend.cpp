// Your own activation, loss and optimizer: one formula each.
//
// The derivative, the vector loop, what backward has to keep and the optimizer's place in checkpoints follow from it.
#include <cmath>
#include <cstdio>

#include <lamina/lamina.hpp>

namespace la = lamina;
using namespace la::terms; // x: an activation's input · y, t: output and target · w, g: a parameter and its gradient

// Serf (Nag & Bhattacharyya, 2021).
struct serf : la::activation<x * erf(softplus(x))> {};

// The negative log-likelihood of a Cauchy distribution: points far off pull no harder than points nearby.
struct cauchy : la::loss<log(1 + 10 * square(y - t))> {};

// Lion (Chen et al., 2023): the sign of a momentum, so that every step has the same length.
struct lion {
  float learning_rate = 1e-3f, beta1 = 0.9f, beta2 = 0.99f;

  static constexpr auto update() {
    constexpr la::hyper<&lion::learning_rate> eta;
    constexpr la::hyper<&lion::beta1> b1;
    constexpr la::hyper<&lion::beta2> b2;
    constexpr la::slot<"momentum"> m; // a number per parameter, 0 at first
    return la::rule(w = w - eta * sign(b1 * m + (1 - b1) * g), m = b2 * m + (1 - b2) * g);
  }
};

struct curve : la::network<la::input<1>, la::dense<24>, serf, la::dense<24>, serf, la::dense<1>> {};

// How far the network ends from the sine that lies behind the points.
template <class Loss>
double distance_after_training(const Loss& loss, const la::dataset<la::values>& points,
                               const la::dataset<la::values>& sine) {
  la::model<curve> model{la::seed{1}};
  la::trainer trainer{model, loss, lion{}};
  trainer.fit(points, {.epochs = 150, .batch_size = 20});
  trainer.fit(points, {.epochs = 50, .batch_size = 200}); // larger batches, a calmer end
  return std::sqrt(la::mean_loss(model, la::mean_squared_error{}, sine));
}

int main() {
  la::dataset<la::values> points{1, 1}, sine{1, 1};
  for (int i = 0; i < 600; ++i) {
    const float place = -3 + 0.01f * float(i), value = std::sin(2 * place);
    sine.push_back({place}, {value});
    points.push_back({place}, {i % 7 == 0 ? 4.0f : value}); // every seventh point is far off
  }
  const double squares = distance_after_training(la::mean_squared_error{}, points, sine);
  const double robust = distance_after_training(cauchy{}, points, sine);
  std::printf("a seventh of the points is wrong; distance from the truth\n");
  std::printf("  mean squared error %.3f\n  cauchy             %.3f\n", squares, robust);

  // Formulas are values: they can be looked at.
  const auto slope = la::derivative(x * erf(softplus(x)), x);
  std::printf("serf'(0) = %.6f, serf'(1) = %.6f\n", double(la::evaluate(slope, x = 0.0)),
              double(la::evaluate(slope, x = 1.0)));
  return robust > 0.1 || robust > squares;
}
