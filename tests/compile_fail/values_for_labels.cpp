// negative_log_likelihood.*expects_labels.*gets_values
#include <lamina/lamina.hpp>

namespace la = lamina;

#ifdef WRONG
using target = la::values;
#else
using target = la::label;
#endif

struct net : la::network<la::input<16>, la::dense<4>, la::log_softmax> {};

void train(la::model<net>& model, const la::dataset<target>& data) {
  la::trainer trainer{model, la::negative_log_likelihood{}, la::sgd{}};
  trainer.fit(data, {.epochs = 1, .batch_size = 8});
}
