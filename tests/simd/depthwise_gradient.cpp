// The weight gradient of depthwise convolutions: its tiles of lines, edges and columns of the kernel.
#include "architectures.hpp"
#include "convolution.hpp"

using namespace convolutions;

namespace {

/// The gradient against its definition, with channels that end where the images do.
template <class T, class Arch, convolution G> void check_depthwise(std::size_t batch) {
  static_assert(G.depthwise());
  CAPTURE(G.channels, G.height, G.width, G.out_height, G.out_width, G.kernel_height, G.kernel_width, G.stride_y);
  CAPTURE(G.stride_x, G.top, G.left, G.dilation_y, G.dilation_x, batch, sizeof(T), Arch::name());
  using layout = simd::convolution_weights<T, Arch, G>;
  const images<T> large(batch, G.channels * G.height * G.width, 1, batch % 2 == 0),
      small(batch, G.filters * G.out_height * G.out_width, 2, batch % 2 != 0);
  std::vector<double> expected(simd::convolution_block<T, Arch, G>, 0.0);
  for (std::size_t m = 0; m < batch; ++m)
    each_product(G, [&](std::size_t q, std::size_t p, std::size_t f, std::size_t k) {
      expected[layout::offset(f, k)] += double(large.rows[m][q]) * double(small.rows[m][p]);
    });
  check_gradient<T, Arch, G>(large, small, expected);
}

constexpr convolution depthwise(std::size_t channels, std::size_t height, std::size_t width, std::size_t kernel_height,
                                std::size_t kernel_width, std::size_t stride = 1, std::size_t padding_y = 0,
                                std::size_t padding_x = 0, std::size_t dilation = 1) {
  return geometry(channels, height, width, channels, kernel_height, kernel_width, stride, stride, padding_y, padding_x,
                  dilation, dilation, channels);
}

constexpr std::array cases{
    depthwise(32, 7, 9, 3, 3, 1, 1, 1), // lines that are one tile, some of one size, and of two sizes
    depthwise(24, 23, 6, 3, 3, 1, 1, 1),
    depthwise(8, 1, 11, 3, 3, 1, 1, 1),
    depthwise(20, 2, 9, 1, 5, 1, 0, 2),
    depthwise(300, 13, 5, 3, 3, 1, 1, 1), // channels of which the first cache keeps few lines, and none
    depthwise(700, 8, 4, 3, 3, 1, 1, 1),
    depthwise(16, 17, 12, 5, 5, 1, 2, 2), // columns of the kernel in several tiles
    depthwise(24, 20, 11, 7, 7, 1, 3, 3),
    depthwise(8, 12, 40, 2, 17, 1, 0, 8),
    depthwise(16, 30, 3, 25, 1, 1, 12, 0), // more rows than registers, and edges of several tiles
    depthwise(16, 6, 6, 3, 3, 1, 5, 5),    // padding of which lines see nothing else
    depthwise(16, 2, 2, 5, 5, 1, 2, 2),    // an image smaller than its kernel
    depthwise(64, 29, 13, 3, 3, 2, 1, 1),
    depthwise(18, 21, 17, 2, 2, 3), // a stride of more than the kernel
    depthwise(16, 19, 20, 3, 3, 2, 2, 2, 2),
    depthwise(10, 18, 15, 3, 2, 1, 3, 2, 3),
    depthwise(40, 9, 10, 1, 1), // one tap: a single long line
};

/// Those of the cases whose index leaves `Rest` when it is divided by `Step`.
template <class T, class Arch, std::size_t Step = 1, std::size_t Rest = 0> void check_cases() {
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (check_depthwise<T, Arch, cases[I * Step + Rest]>(1 + I % 3), ...);
  }(std::make_index_sequence<(cases.size() - Rest + Step - 1) / Step>{});
}

} // namespace

TEST_CASE("weight gradients of depthwise convolutions are the sums of their definition") {
  check_cases<float, lamina::simd::default_arch>();
}

TEST_CASE("weight gradients of depthwise convolutions on every vector width are the sums of their definition") {
  [&]<class... Arch>(std::type_identity<std::tuple<Arch...>>) {
    (check_cases<float, Arch, 4, 0>(), ...);
    (check_cases<double, Arch, 6, 1>(), ...);
  }(std::type_identity<machine_architectures>{});
}
