// Depthwise kernels whose output is larger than what the caches keep store it past them: the same bits.
#include "../catch.hpp"
#include "../laws/support.hpp"
#include "convolution.hpp"
#include <lamina/simd/non_temporal.hpp>

namespace la = lamina;
using namespace convolutions;

namespace {

/// Stores numbers where they belong, and notes whether it was asked to do so past the caches.
template <class T, class Store = simd::temporal_store> struct store_sums {
  static constexpr bool light = true;
  T* y;
  std::size_t stride, channels;
  bool* asked;

  template <class V>
  [[gnu::always_inline]] void operator()(std::size_t m, std::size_t p, std::size_t f, const V& v,
                                         std::size_t lanes) const {
    Store::template store<T, typename V::arch_type>(y + m * stride + p * channels + f, lanes, v);
  }
  auto non_temporal() const {
    *asked = true;
    return store_sums<T, simd::non_temporal_store>{y, stride, channels, asked};
  }
};

/// The sums of `batch` images, `at_once` at a time; whether any of them were stored past the caches.
template <class T, convolution G> bool sums(std::vector<T>& y, std::size_t batch, std::size_t at_once) {
  using Arch = simd::default_arch;
  constexpr std::size_t n = G.channels * G.height * G.width, block = simd::convolution_block<T, Arch, G>;
  static const auto inputs = laws::drawn<T>(n + batch, 1), numbers = laws::drawn<T>(block, 2);
  reference::block<T> w(block), scratch(simd::correlate_scratch<T, Arch, G> + simd::adjoint_scratch<T, Arch, G>),
      out(batch * n);
  std::copy(numbers.begin(), numbers.end(), w.data);
  std::vector<const T*> rows;
  for (std::size_t m = 0; m < batch; ++m) rows.push_back(inputs.data() + m);
  bool asked = false;
  y.clear();
  const auto pass = [&](const auto& kernel) {
    for (std::size_t m = 0; m < batch; m += at_once)
      kernel(rows.data() + m, std::min(at_once, batch - m), store_sums<T>{out.data + m * n, n, G.channels, &asked});
    y.insert(y.end(), out.data, out.data + batch * n);
  };
  pass([&](const T* const* images, std::size_t count, const auto& end) {
    simd::correlate<T, Arch, G>(images, count, w.data, scratch.data, end);
  });
  pass([&](const T* const* images, std::size_t count, const auto& end) {
    simd::correlate_adjoint<T, Arch, G>(images, count, w.data, scratch.data, end);
  });
  return asked;
}

template <class T, convolution G> void same_bits() {
  constexpr std::size_t image = G.channels * G.height * G.width * sizeof(T);
  const std::size_t batch = simd::non_temporal_bytes / image + 2;
  std::vector<T> whole, parts;
  const bool past = sums<T, G>(whole, batch, batch);
  CHECK_FALSE(sums<T, G>(parts, batch, batch / 2));
  CHECK((whole == parts)); // a report of millions of numbers helps nobody
  CHECK(past ==
        (simd::has_non_temporal<T, simd::default_arch> && G.channels % simd::width<T, simd::default_arch> == 0));
}

struct wide_image
    : la::network<la::input<32, 24, 24>, la::conv2d<32, la::kernel<3>, la::padding<1>, la::groups<32>>, la::tanh,
                  la::residual<la::conv2d<32, la::kernel<5>, la::padding<2>, la::groups<32>>, la::batch_norm>, la::relu,
                  la::conv2d<32, la::kernel<3>, la::padding<1>, la::groups<32>, la::no_bias>, la::global_avg_pool,
                  la::dense<3>> {};

} // namespace

TEST_CASE("sums stored past the caches are the same") {
  same_bits<float, same(64, 28, 28, 64, 3, 3, 1, 64)>();
  same_bits<float, same(16, 40, 40, 16, 5, 5, 1, 16)>();
  same_bits<float, same(128, 14, 17, 128, 3, 3, 2, 128)>();
  same_bits<float, same(24, 33, 33, 24, 3, 3, 1, 24)>(); // pixels that are no whole vectors are stored as ever
  same_bits<double, same(64, 14, 14, 64, 3, 3, 1, 64)>();
}

TEST_CASE("a network infers and learns the same whether its outputs are stored past the caches or not") {
  constexpr std::size_t batch = 128, n = wide_image::input_shape.size();
  static_assert(batch * n * sizeof(float) >= simd::non_temporal_bytes);
  const auto inputs = laws::drawn<float>(batch * n, 5), targets = laws::drawn<float>(batch * 3, 6);
  const auto run = [&](std::size_t threads) {
    la::model<wide_image> model{la::seed{1}};
    la::trainer trainer{model, la::mean_squared_error{}, la::adam{}, la::threads{threads}};
    std::vector<double> all{trainer.step(inputs, targets), trainer.step(inputs, targets)};
    la::workspace<wide_image> workspace{batch, la::threads{threads}};
    std::vector<float> outputs(batch * 3);
    la::predict(model, inputs, outputs, workspace);
    all.insert(all.end(), outputs.begin(), outputs.end());
    const auto parameters = laws::parameters_of(model);
    all.insert(all.end(), parameters.begin(), parameters.end());
    return all;
  };
  CHECK((run(1) == run(3))); // a third of the batch stays in the caches
}
