#include "convolution.hpp"

TEST_CASE("convolutions are the sums of their definition") {
  convolutions::check_grid<float, lamina::simd::default_arch, 1, 0>();
}
