// softmax_cross_entropy.*softmax
#include <lamina/lamina.hpp>

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::input<16>, la::dense<4>, la::softmax> {};
#else
struct net : la::network<la::input<16>, la::dense<4>> {};
#endif

void train(la::model<net>& model, const la::dataset<la::label>& data) {
  la::trainer trainer{model, la::softmax_cross_entropy{}, la::sgd{}};
  trainer.fit(data, {.epochs = 1, .batch_size = 8});
}
