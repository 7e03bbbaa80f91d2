// The laws for every activation, in double.
#include "activations.hpp"

using namespace laws;

TEST_CASE("an activation keeps the shape and has no parameters") {
  for_each(activations{}, []<class E>() {
    static_assert(la::network<la::input<2, 3, 5>, typename E::type>::output_shape == la::shape<2, 3, 5>);
    static_assert(la::network<la::input<4>, typename E::type>::parameter_count == 0);
  });
  SUCCEED();
}

TEST_CASE("an activation's value and derivative in double are PyTorch's, kinks included") {
  check_activations_against_pytorch<double>();
}

TEST_CASE("the gradient through an activation is the central difference of the loss") {
  for_each(activations{}, []<class E>() {
    la::model<between_layers<typename E::type>, double> model{la::seed{3}};
    la::trainer trainer{model, sum_of_outputs{}, la::sgd{}};
    check_gradient(E::text(), model, trainer, drawn<double>(5 * 4, 1), drawn<double>(3 * 4, 2));
  });
}

TEST_CASE("a double batch through an activation is its samples one by one") { check_activations_of_batches<double>(); }

static_assert(std::is_same_v<la::swish, la::silu>); // two names, one entry of the laws
