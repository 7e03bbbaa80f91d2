// The laws for every network, in double.
#include "batch.hpp"
#include "gradient.hpp"
#include "networks.hpp"

using namespace laws;

TEST_CASE("the gradient of a network is the central difference of its loss") {
  for_each(networks{}, []<class E>() {
    using net = typename E::type;
    la::model<net, double> model{la::seed{5}};
    la::trainer trainer{model, la::mean_squared_error{}, la::sgd{}};
    for (const std::size_t batch : {1u, 6u}) {
      const auto inputs = drawn<double>(batch * net::input_shape.size(), 1);
      const auto targets = drawn<double>(batch * net::output_shape.size(), 2);
      check_gradient(E::text(", batch of ", std::to_string(batch)), model, trainer, inputs, targets);
    }
  });
}

TEST_CASE("a double batch through a network is its samples one by one") {
  for_each(networks{}, []<class E>() { check_batches(E::text(), la::model<typename E::type, double>{la::seed{6}}); });
}
