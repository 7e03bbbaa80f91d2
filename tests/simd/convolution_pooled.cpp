#include "architectures.hpp"
#include "convolution.hpp"
#include <limits>

/// Convolutions whose epilogue pools: each window once, with the largest or the sum of what it sees.
namespace {

namespace simd = lamina::simd;
using convolutions::convolution;

/// Stores finished windows, and how often.
template <class T, simd::window W, bool Light, bool Largest> struct record_windows {
  static constexpr bool light = Light;
  static constexpr simd::window window = W;
  T* found;
  int* calls;
  std::size_t windows, features;

  template <class V> static V start() { return V(Largest ? -std::numeric_limits<T>::infinity() : T(0)); }
  template <class V> V join(V so_far, V v) const { return Largest ? V(xsimd::max(so_far, v)) : so_far + v; }
  template <class V> void store(std::size_t m, std::size_t q, std::size_t f, V v, std::size_t lanes) const {
    REQUIRE(q < windows);
    alignas(64) T number[V::size];
    v.store_aligned(number);
    for (std::size_t i = 0; i < V::size && i < lanes; ++i) {
      const std::size_t at = (m * windows + q) * features + f + i;
      found[at] = number[i];
      ++calls[at];
    }
  }
};

/// What stands around the end of the chain: a number for each pixel and filter, of a table.
template <class T, class Inner> struct with_table {
  static constexpr bool light = Inner::light;
  const T* table;
  std::size_t features;
  Inner inner;

  template <class V> V before(std::size_t m, std::size_t p, std::size_t f, V v, std::size_t lanes) const {
    return v + simd::load_lanes<T, typename V::arch_type>(table + (m + p) * features + f, lanes);
  }
};

template <class T, class Arch, convolution G, simd::window W, bool Light, bool Largest> void check(std::size_t batch) {
  if constexpr (simd::correlate_holds<T, Arch, G, W>) {
    constexpr std::size_t rows = G.out_height / W.height, columns = G.out_width / W.width, windows = rows * columns;
    constexpr std::size_t size = G.out_height * G.out_width * G.filters;
    CAPTURE(G.channels, G.height, G.width, G.filters, G.kernel_height, G.kernel_width, G.stride_y, G.top, G.groups);
    CAPTURE(W.height, W.width, Light, Largest, batch, sizeof(T), Arch::name());
    using layout = simd::convolution_weights<T, Arch, G>;
    const convolutions::images<T> large(batch, G.channels * G.height * G.width, 1, batch % 2 == 0);
    reference::block<T> w(simd::convolution_block<T, Arch, G>), table((batch + size) * G.filters);
    for (std::size_t f = 0; f < G.filters; ++f)
      for (std::size_t k = 0; k < G.depth(); ++k) w[layout::offset(f, k)] = T(reference::number(f, k, 3));
    for (std::size_t i = 0; i < table.size; ++i) table[i] = T(reference::number(i, 0, 4));

    std::vector<double> sums(batch * size, 0.0), pooled(batch * windows * G.filters, Largest ? -1e30 : 0.0);
    for (std::size_t m = 0; m < batch; ++m) {
      convolutions::each_product(G, [&](std::size_t q, std::size_t p, std::size_t f, std::size_t k) {
        sums[m * size + p] += double(large.rows[m][q]) * double(w[layout::offset(f, k)]);
      });
      for (std::size_t y = 0; y < rows * W.height; ++y)
        for (std::size_t x = 0; x < columns * W.width; ++x)
          for (std::size_t f = 0; f < G.filters; ++f) {
            const std::size_t p = y * G.out_width + x;
            const double v = sums[m * size + p * G.filters + f] + double(table[(m + p) * G.filters + f]);
            double& seen = pooled[(m * windows + y / W.height * columns + x / W.width) * G.filters + f];
            seen = Largest ? std::max(seen, v) : seen + v;
          }
    }

    reference::block<T> found(pooled.size()), scratch(simd::correlate_scratch<T, Arch, G>);
    std::vector<int> calls(pooled.size(), 0);
    using end = record_windows<T, W, Light, Largest>;
    simd::correlate<T, Arch, G>(
        large.rows.data(), batch, w.data, scratch.data,
        with_table<T, end>{table.data, G.filters, end{found.data, calls.data(), windows, G.filters}});
    convolutions::worst<T> off;
    for (std::size_t i = 0; i < pooled.size(); ++i) off.see(found[i], pooled[i], G.depth() * W.size());
    CHECK(convolutions::each_once(calls));
    CHECK(off.error <= 1);
  }
}

inline constexpr simd::window windows[] = {{2, 2}, {3, 3}, {1, 4}, {2, 5}};

/// Each geometry of the grid with one of the windows.
template <class T, class Arch, std::size_t Step, std::size_t Rest> void check_grid() {
  using convolutions::grid;
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (
        [&] {
          constexpr std::size_t i = I * Step + Rest;
          if constexpr (i < grid.size()) {
            check<T, Arch, grid[i], windows[i % 4], i % 3 != 0, i % 2 == 0>(2);
            check<T, Arch, grid[i], windows[(i + 1) % 4], i % 3 == 0, i % 2 != 0>(1);
          }
        }(),
        ...);
  }(std::make_index_sequence<(grid.size() + Step - 1) / Step>{});
}

} // namespace

TEST_CASE("an epilogue that pools gets each window of a convolution once") {
  check_grid<float, lamina::simd::default_arch, 1, 0>();
  check_grid<double, lamina::simd::default_arch, 3, 1>();
}

TEST_CASE("an epilogue that pools gets each window of a convolution once, on every vector width") {
  [&]<class... Arch>(std::type_identity<std::tuple<Arch...>>) {
    (check_grid<float, Arch, 5, 1>(), ...);
  }(std::type_identity<machine_architectures>{});
}
