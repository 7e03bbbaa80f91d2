#include "architectures.hpp"
#include "convolution.hpp"

TEST_CASE("convolutions on every vector width are the sums of their definition") {
  [&]<class... Arch>(std::type_identity<std::tuple<Arch...>>) {
    (convolutions::check_grid<float, Arch, 3, 0>(), ...);
    (convolutions::check_grid<double, Arch, 5, 2>(), ...);
  }(std::type_identity<machine_architectures>{});
}
