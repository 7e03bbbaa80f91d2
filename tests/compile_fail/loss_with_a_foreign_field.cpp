// loss_error.*unknown_term.*my_loss
#include <lamina/lamina.hpp>

namespace la = lamina;

struct other {
  double scale = 1;
};
struct my_loss {
  double scale = 1;
  static constexpr auto formula() {
    using namespace la::terms;
#ifdef WRONG
    constexpr la::hyper<&other::scale> scale; // nobody's field here
#else
    constexpr la::hyper<&my_loss::scale> scale;
#endif
    return log(1 + square((y - t) / scale));
  }
};

struct net : la::network<la::input<16>, la::dense<1>> {};

float loss(la::model<net>& model, std::span<const float> inputs, std::span<const float> targets) {
  la::trainer trainer{model, my_loss{.scale = 2}, la::sgd{}};
  return static_cast<float>(trainer.loss(inputs, targets));
}
