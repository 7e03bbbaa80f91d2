// Line search goes down, and as far as its rule says.
#include <laws/support.hpp>

using namespace laws;

namespace {

struct net : la::network<la::input<5>, la::dense<12>, la::tanh, la::dense<3>> {};
const auto inputs = drawn<double>(9 * 5, 1), targets = drawn<double>(9 * 3, 2);

} // namespace

TEST_CASE("a step of a line search never raises the loss of its batch") {
  const auto check = [](auto optimizer) {
    la::model<net, double> model{la::seed{1}};
    la::trainer trainer{model, la::mean_squared_error{}, optimizer};
    double last = trainer.loss(inputs, targets);
    const double first = last;
    for (int step = 0; step < 60; ++step) {
      const auto before = parameters_of(model);
      CHECK(trainer.step(inputs, targets) == last);
      const double now = trainer.loss(inputs, targets);
      CHECK(now <= last);
      CHECK((trainer.optimizer().rate == 0) == (parameters_of(model) == before));
      last = now;
    }
    CHECK(last < 0.5 * first);
  };
  check(la::backtracking{});
  check(la::backtracking{.initial = 4, .shrink = 0.3, .slope = 0.1});
  check(la::best_of_grid{});
}

TEST_CASE("backtracking takes the first rate that lowers the loss enough, the grid the best one") {
  // L(w) = (w − 1)²/2 along the gradient from w = 0: a step of η gives (1 − η)²/2, and ‖g‖² = 1.
  const auto loss_at = [](double eta) { return (1 - eta) * (1 - eta) / 2; };
  CHECK(la::backtracking{.initial = 8, .shrink = 0.5, .slope = 1e-4}.search(loss_at, 0.5, 1) == 1);
  CHECK(la::backtracking{.initial = 8, .shrink = 0.5, .slope = 0.8}.search(loss_at, 0.5, 1) == 0.25);
  CHECK(la::backtracking{.initial = 8, .tries = 2}.search(loss_at, 0.5, 1) == 0);
  CHECK(la::best_of_grid{.rates = {0.1, 0.9, 3}}.search(loss_at, 0.5, 1) == 0.9);
  CHECK(la::best_of_grid{.rates = {3, 4}}.search(loss_at, 0.5, 1) == 0);
}
