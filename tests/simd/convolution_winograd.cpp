#include "architectures.hpp"
#include "convolution.hpp"
#include <cmath>
#include <lamina/simd/toom_cook.hpp>
#include <lamina/simd/winograd_sweep.hpp>

/// Minimal filtering: its matrices, its sums, and where it is chosen.
namespace {

namespace simd = lamina::simd;
using convolutions::convolution;
using convolutions::geometry;

/// How far Σ_i outputs(j, i) · taps(i, k) · image(i, l) is from 1 where l = j + k, and from 0 elsewhere.
template <std::size_t O, std::size_t K> double distance_from_filter(const simd::toom_cook<O, K>& t) {
  double worst = 0;
  for (std::size_t j = 0; j < O; ++j)
    for (std::size_t k = 0; k < K; ++k)
      for (std::size_t l = 0; l < t.points; ++l) {
        double sum = 0;
        for (std::size_t i = 0; i < t.points; ++i) sum += t.outputs.at[j][i] * t.taps.at[i][k] * t.image.at[i][l];
        worst = std::max(worst, std::abs(sum - (l == j + k ? 1 : 0)));
      }
  return worst;
}

template <convolution G> inline constexpr simd::sweep sweep_of = simd::detail::sweep_of(G);

/// The sums of a sweep by both ways, against the definition.
template <class Arch, convolution G> void check() {
  using layout = simd::convolution_weights<float, Arch, G>;
  using arch = typename layout::arch;
  constexpr std::size_t large_size = G.channels * G.height * G.width, size = G.filters * G.out_height * G.out_width,
                        batch = 3;
  CAPTURE(G.channels, G.height, G.width, G.filters, G.kernel_height, G.kernel_width, G.top, G.left, G.dilation_y);
  CAPTURE(G.groups, Arch::name());
  const convolutions::images<float> large(batch, large_size, 1, false);
  reference::block<float> w(simd::convolution_block<float, Arch, G>);
  for (std::size_t f = 0; f < G.filters; ++f)
    for (std::size_t k = 0; k < G.depth(); ++k) w[layout::offset(f, k)] = float(reference::number(f, k, 3));
  std::vector<double> expected(batch * size, 0.0);
  for (std::size_t m = 0; m < batch; ++m)
    convolutions::each_product(G, [&](std::size_t q, std::size_t s, std::size_t f, std::size_t k) {
      expected[m * size + s] += double(large.rows[m][q]) * double(w[layout::offset(f, k)]);
    });

  const auto errors = [&](std::size_t scratch_size, const auto& run) {
    reference::block<float> y(batch * size), scratch(scratch_size);
    for (std::size_t i = 0; i < scratch_size; ++i) scratch[i] = NAN; // nothing is read that was not written
    std::vector<int> calls(batch * size, 0);
    const convolutions::record<float, true> end{y.data, calls.data(), G.out_height * G.out_width, G.filters};
    for (std::size_t g = 0; g < layout::groups; ++g)
      run(g * G.group_channels(), w.data + g * layout::group_size, scratch.data, g * layout::rows, end);
    CHECK(convolutions::each_once(calls));
    convolutions::worst<float> off;
    double squares = 0;
    for (std::size_t i = 0; i < y.size; ++i) {
      off.see(y[i], expected[i], G.depth());
      squares += std::pow(double(y[i]) - expected[i], 2);
    }
    return std::pair{off.error, std::sqrt(squares / double(y.size))};
  };
  const auto direct =
      errors(simd::direct_scratch<float, arch, sweep_of<G>, layout::rows>(),
             [&](std::size_t channel, const float* weights, float* scratch, std::size_t first, const auto& end) {
               simd::run_direct<float, arch, sweep_of<G>, layout::rows>(large.rows.data(), channel, batch, weights,
                                                                        scratch, first, end);
             });
  const auto winograd =
      errors(simd::winograd_scratch<float, arch, sweep_of<G>, layout::rows>,
             [&](std::size_t channel, const float* weights, float* scratch, std::size_t first, const auto& end) {
               simd::run_winograd<float, arch, sweep_of<G>, layout::rows>(large.rows.data(), channel, batch, weights,
                                                                          scratch, first, end);
             });
  CAPTURE(direct.first, direct.second, winograd.first, winograd.second);
  CHECK(direct.first <= 1);
  CHECK(winograd.first <= 2);
  CHECK(winograd.second <= 4 * direct.second + 1e-7);
}

/// Kernels of three and five columns: every number of tiles and of pixels in the last one, edges on every side, rows
/// apart, groups, and channels and filters around every vector width.
inline constexpr std::array grid{
    geometry(8, 12, 12, 16, 5, 5),
    geometry(16, 9, 9, 33, 5, 5, 1, 1, 2, 2),
    geometry(3, 7, 11, 6, 5, 5, 1, 1, 1, 0),
    geometry(1, 6, 7, 1, 3, 5, 1, 1, 2, 4),
    geometry(8, 16, 16, 8, 3, 3, 1, 1, 1, 1),
    geometry(18, 5, 13, 64, 3, 3, 1, 1, 2, 0),
    geometry(33, 4, 3, 17, 2, 3, 1, 1, 1, 1),
    geometry(64, 1, 30, 80, 1, 3, 1, 1, 0, 1),
    geometry(6, 9, 8, 18, 3, 3, 1, 1, 1, 2, 2, 1),
    geometry(12, 6, 10, 32, 1, 5, 1, 1, 0, 2, 1, 1, 2),
    geometry(8, 3, 3, 8, 3, 3),
};

} // namespace

TEST_CASE("the matrices of minimal filtering are those of a filter") {
  CHECK(distance_from_filter(simd::toom_cook<2, 3>{{0, 1, -1}}) < 1e-15);
  CHECK(distance_from_filter(simd::toom_cook<4, 3>{{0, 1, -1, 2, -0.5}}) < 1e-14);
  CHECK(distance_from_filter(simd::toom_cook<4, 5>{{0, 1, -1, 2, -2, 0.5, -0.5}}) < 1e-14);
}

TEST_CASE("minimal filtering gives the sums of direct sweeps, but for rounding") {
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (check<simd::default_arch, grid[I]>(), ...);
  }(std::make_index_sequence<grid.size()>{});
  [&]<class... Arch>(std::type_identity<std::tuple<Arch...>>) {
    (check<Arch, grid[0]>(), ...);
    (check<Arch, grid[6]>(), ...);
  }(std::type_identity<machine_architectures>{});
}

TEST_CASE("an infinite number spoils what sees it, and no more than five pixels of a row beside that") {
  const auto check = []<convolution G>() {
    using layout = simd::convolution_weights<float, simd::default_arch, G>;
    using arch = typename layout::arch;
    constexpr std::size_t features = G.filters;
    reference::block<float> image(G.channels * G.height * G.width), y(G.out_height * G.out_width * features),
        w(simd::convolution_block<float, simd::default_arch, G>),
        scratch(simd::winograd_scratch<float, arch, sweep_of<G>, layout::rows>);
    for (std::size_t f = 0; f < G.filters; ++f)
      for (std::size_t k = 0; k < G.depth(); ++k) w[layout::offset(f, k)] = 1;
    std::vector<int> calls(y.size, 0);
    const float* const rows = image.data;
    for (std::size_t at = 0; at < G.width; ++at) {
      constexpr std::size_t line = G.height / 2;
      for (std::size_t i = 0; i < image.size; ++i) image[i] = 1;
      image[(line * G.width + at) * G.channels] = INFINITY;
      simd::run_winograd<float, arch, sweep_of<G>, layout::rows>(
          &rows, 0, 1, w.data, scratch.data, 0,
          convolutions::record<float, true>{y.data, calls.data(), G.out_height * G.out_width, features});
      std::size_t beside = 0;
      for (std::size_t p = 0; p < G.out_height * G.out_width; ++p) {
        const std::size_t down = line + G.top - p / G.out_width, across = at + G.left - p % G.out_width;
        const bool finite = std::isfinite(y[p * features]), in_rows = down < G.kernel_height;
        CHECK(!(in_rows && across < G.kernel_width && finite));
        CHECK((in_rows || finite));
        beside += in_rows && across >= G.kernel_width && !finite && down == 1;
      }
      CHECK(beside <= 5);
    }
  };
  check.operator()<geometry(8, 6, 17, 16, 3, 3, 1, 1, 1, 1)>();
  check.operator()<geometry(8, 7, 18, 8, 5, 5)>();
}

TEST_CASE("minimal filtering is chosen where it saves work, in float only") {
  using A = simd::default_arch;
  const auto chosen = []<class T, convolution G>() {
    using layout = simd::convolution_weights<T, A, G>;
    return simd::prefers_winograd<T, typename layout::arch, sweep_of<G>, layout::rows>;
  };
  const auto in_float = [&]<convolution G>() { return chosen.template operator()<float, G>(); };
  CHECK(in_float.operator()<geometry(8, 12, 12, 16, 5, 5)>());
  CHECK(in_float.operator()<geometry(8, 16, 16, 8, 3, 3, 1, 1, 1, 1)>());
  CHECK(!chosen.operator()<double, geometry(8, 12, 12, 16, 5, 5)>());
  CHECK(!in_float.operator()<geometry(1, 28, 28, 8, 5, 5)>());                    // one channel
  CHECK(!in_float.operator()<geometry(8, 16, 16, 16, 3, 3, 2, 2, 1, 1)>());       // a stride
  CHECK(!in_float.operator()<geometry(8, 16, 16, 16, 3, 3, 1, 1, 2, 2, 2, 2)>()); // dilation along the row
  CHECK(!in_float.operator()<geometry(8, 16, 16, 16, 1, 1)>());
  CHECK(!in_float.operator()<geometry(256, 56, 56, 256, 3, 3, 1, 1, 1, 1)>()); // more than a stack should take
}
