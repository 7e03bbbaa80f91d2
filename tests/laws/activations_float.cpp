// The laws for every activation, in float.
#include "activations.hpp"

using namespace laws;

TEST_CASE("an activation's value and derivative in float are PyTorch's, kinks included") {
  check_activations_against_pytorch<float>();
}

TEST_CASE("a float batch through an activation is its samples one by one") { check_activations_of_batches<float>(); }
