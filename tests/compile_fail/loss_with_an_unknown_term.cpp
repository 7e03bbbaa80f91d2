// loss_error.*unknown_term
#include <lamina/lamina.hpp>

namespace la = lamina;

using namespace la::terms;

#ifdef WRONG
struct my_loss : la::loss<square(y - t) * w> {}; // a loss knows the output y and the target t, and no parameters
#else
struct my_loss : la::loss<square(y - t)> {};
#endif

struct net : la::network<la::input<16>, la::dense<1>> {};

float loss(la::model<net>& model, std::span<const float> inputs, std::span<const float> targets) {
  la::trainer trainer{model, my_loss{}, la::sgd{}};
  return trainer.loss(inputs, targets);
}
