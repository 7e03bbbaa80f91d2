// mean_squared_error.*expects_values.*gets_labels
#include <lamina/lamina.hpp>

namespace la = lamina;

#ifdef WRONG
using target = la::labels;
#else
using target = la::values;
#endif

struct net : la::network<la::input<16>, la::dense<12>, la::reshape<4, 3>> {};

void train(la::model<net>& model, const la::dataset<target>& data) {
  la::trainer trainer{model, la::mean_squared_error{}, la::sgd{}};
  trainer.fit(data, {.epochs = 1, .batch_size = 8});
}
