// negative_log_likelihood.*dense<4>
#include <lamina/lamina.hpp>

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::input<16>, la::dense<4>> {};
#else
struct net : la::network<la::input<16>, la::dense<4>, la::log_softmax> {};
#endif

void train(la::model<net>& model, const la::dataset<la::label>& data) {
  la::trainer trainer{model, la::negative_log_likelihood{}, la::sgd{}};
  trainer.fit(data, {.epochs = 1, .batch_size = 8});
}
