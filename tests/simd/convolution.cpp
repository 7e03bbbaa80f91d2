#include "convolution.hpp"
#include "architectures.hpp"
#include <array>
#include <tuple>
#include <type_traits>

namespace {

using namespace convolutions;

/// Channels and filters around every vector width, sizes that divide into nothing, and each option in turn.
constexpr std::array grid{
    geometry(1, 9, 7, 8, 5, 5),               // LeNet's first layer
    geometry(8, 12, 12, 16, 5, 5),            // and its second
    geometry(8, 16, 16, 8, 3, 3, 1, 1, 1, 1), // a small ResNet's
    geometry(8, 16, 16, 16, 3, 3, 2, 2, 1, 1),
    geometry(16, 8, 8, 16, 3, 3, 1, 1, 1, 1),
    geometry(8, 16, 16, 16, 1, 1, 2, 2),
    geometry(64, 5, 9, 64, 3, 3, 1, 1, 1, 1),
    geometry(64, 7, 5, 18, 3, 3),
    geometry(18, 5, 5, 64, 1, 1),
    geometry(33, 4, 3, 33, 3, 3, 1, 1, 1, 1),
    geometry(3, 11, 13, 16, 3, 3, 1, 1, 1, 1),
    geometry(3, 11, 13, 6, 3, 5, 2, 1, 1, 2),
    geometry(6, 10, 9, 3, 2, 3, 3, 2),
    geometry(6, 9, 9, 18, 2, 2, 3, 3), // stride > kernel
    geometry(1, 8, 8, 1, 3, 3, 1, 1, 1, 1),
    geometry(1, 1, 40, 16, 1, 7, 1, 1, 0, 3), // a signal
    geometry(16, 1, 33, 33, 1, 5, 1, 2, 0, 2, 1, 3),
    geometry(3, 1, 70, 8, 1, 31, 1, 1, 0, 15), // a wide kernel
    geometry(1, 1, 70, 6, 1, 33),
    geometry(8, 9, 9, 8, 3, 3, 1, 1, 2, 2, 2, 2), // dilation
    geometry(6, 11, 9, 16, 3, 2, 2, 1, 1, 1, 2, 3),
    geometry(16, 7, 7, 33, 3, 3, 2, 2, 2, 2),
    same(3, 6, 7, 8, 4, 2), // even kernels
    same(8, 5, 6, 3, 4, 4),
    same(16, 7, 9, 6, 3, 3, 2),
    same(1, 12, 10, 33, 5, 5),
    geometry(6, 7, 7, 18, 3, 3, 1, 1, 1, 1, 1, 1, 3), // groups
    geometry(64, 5, 5, 64, 3, 3, 2, 2, 1, 1, 1, 1, 2),
    geometry(16, 6, 7, 8, 3, 3, 1, 1, 0, 0, 2, 1, 4),
    geometry(3, 9, 8, 3, 3, 3, 1, 1, 1, 1, 1, 1, 3), // depthwise
    geometry(18, 9, 8, 18, 3, 3, 2, 2, 1, 1, 1, 1, 18),
    geometry(33, 5, 6, 33, 5, 3, 1, 1, 2, 0, 1, 2, 33),
    geometry(64, 6, 20, 64, 3, 3, 1, 1, 1, 1, 1, 1, 64),
    geometry(8, 11, 12, 8, 2, 2, 3, 3, 0, 0, 1, 1, 8),
    geometry(18, 1, 30, 18, 1, 13, 1, 1, 0, 6, 1, 1, 18),
    geometry(6, 9, 12, 6, 3, 7, 1, 1, 1, 6, 1, 2, 2), // many columns outside
    geometry(16, 5, 9, 64, 7, 7, 2, 2, 3, 3),
    geometry(1, 6, 6, 16, 3, 3, 2, 1, 2, 1),
    geometry(3, 6, 6, 6, 3, 3, 1, 1, 1, 1, 1, 1, 3), // two filters a channel
    geometry(3, 3, 3, 8, 3, 3),                      // one pixel is left
    geometry(8, 2, 2, 16, 3, 3, 1, 1, 1, 1),         // an image smaller than its kernel
    geometry(6, 1, 1, 8, 3, 3, 2, 2, 1, 1),
};

/// Those of the grid whose index leaves `Rest` when it is divided by `Step`.
template <class T, class Arch, std::size_t Step, std::size_t Rest> void check_grid() {
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (
        [&] {
          constexpr std::size_t i = I * Step + Rest;
          if constexpr (i < grid.size()) {
            check<T, Arch, grid[i], i % 2 == 0>(1);
            check<T, Arch, grid[i], i % 2 == 0>(3);
          }
        }(),
        ...);
  }(std::make_index_sequence<(grid.size() + Step - 1) / Step>{});
}

} // namespace

TEST_CASE("convolutions are the sums of their definition") { check_grid<float, simd::default_arch, 1, 0>(); }

TEST_CASE("convolutions in double are the sums of their definition") { check_grid<double, simd::default_arch, 3, 1>(); }

TEST_CASE("convolutions on narrower vectors are the sums of their definition") {
  [&]<class... Arch>(std::type_identity<std::tuple<Arch...>>) {
    (check_grid<float, Arch, 6, 0>(), ...);
    (check_grid<double, Arch, 12, 2>(), ...);
  }(std::type_identity<machine_architectures>{});
}
