// Depthwise convolutions of what the first cache does not keep: rows that are walked through in strips.
#include "convolution.hpp"

using namespace convolutions;

namespace {

template <class T, convolution G>
constexpr bool in_strips = simd::detail::depthwise_strips<T, simd::detail::sweep_of(G)>;

template <class T, class Arch, convolution G> void check_strips() {
  static_assert(in_strips<T, G>);
  check<T, Arch, G, true>(2);
  check<T, Arch, G, false>(1);
}

} // namespace

TEST_CASE("depthwise convolutions in strips are the sums of their definition") {
  using Arch = simd::default_arch;
  check_strips<float, Arch, geometry(256, 5, 13, 256, 3, 3, 1, 1, 1, 1, 1, 1, 256)>();
  check_strips<float, Arch, geometry(128, 6, 30, 128, 3, 3, 1, 1, 1, 1, 1, 1, 128)>();
  check_strips<float, Arch, geometry(131, 7, 23, 131, 3, 5, 1, 1, 1, 2, 1, 1, 131)>(); // no whole vectors
  check_strips<float, Arch, geometry(200, 9, 15, 200, 2, 3, 2, 1, 0, 1, 1, 2, 200)>();
  check_strips<float, Arch, geometry(120, 4, 70, 120, 2, 9, 1, 2, 0, 4, 1, 1, 120)>(); // a copy with zeros beside it
  check_strips<double, Arch, geometry(128, 4, 11, 128, 3, 3, 1, 1, 1, 1, 1, 1, 128)>();
}
