#include "convolution.hpp"

TEST_CASE("convolutions in double are the sums of their definition") {
  convolutions::check_grid<double, lamina::simd::default_arch, 2, 1>();
}
