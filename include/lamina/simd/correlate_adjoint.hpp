#pragma once
#include <cstddef>
#include <lamina/simd/convolution.hpp>
#include <lamina/simd/depthwise.hpp>
#include <lamina/simd/run_sweep.hpp>
#include <lamina/simd/transpose.hpp>
#include <numeric>
#include <type_traits>
#include <utility>

namespace lamina::simd {

namespace detail {

/// The taps along one axis that meet the pixels `phase`, phase + stride, … of the large side. The small side's pixel
/// under tap t of the i-th of them is i + t·dilation − before; tap t is tap first − t·step of the convolution.
struct phase_taps {
  std::size_t count;
  std::ptrdiff_t before;
  std::size_t dilation, first, step;

  constexpr phase_taps(std::size_t phase, std::size_t padding, std::size_t kernel, std::size_t stride,
                       std::size_t kernel_dilation)
      : count{0}, before{0}, dilation{kernel_dilation / std::gcd(stride, kernel_dilation)}, first{0},
        step{stride / std::gcd(stride, kernel_dilation)} {
    for (std::size_t k = 0; k < kernel; ++k) {
      const auto distance =
          static_cast<std::ptrdiff_t>(k * kernel_dilation) - static_cast<std::ptrdiff_t>(phase + padding);
      if (distance % static_cast<std::ptrdiff_t>(stride) != 0) continue;
      ++count, first = k, before = distance / static_cast<std::ptrdiff_t>(stride);
    }
  }
};

/// The pixels of the large side with y mod stride_y and x mod stride_x given: a sweep over the small side.
struct adjoint_phase {
  std::size_t y, x;
  phase_taps down, across;

  constexpr adjoint_phase(const convolution& g, std::size_t phase)
      : y{phase / across_count(g)}, x{phase % across_count(g)},
        down{y, g.top, g.kernel_height, g.stride_y, g.dilation_y},
        across{x, g.left, g.kernel_width, g.stride_x, g.dilation_x} {}

  static constexpr std::size_t across_count(const convolution& g) {
    return g.stride_x < g.width ? g.stride_x : g.width;
  }
  static constexpr std::size_t count(const convolution& g) {
    return (g.stride_y < g.height ? g.stride_y : g.height) * across_count(g);
  }
  constexpr bool empty() const { return down.count == 0 || across.count == 0; }

  constexpr sweep over(const convolution& g) const {
    const std::size_t columns = (g.width - x + g.stride_x - 1) / g.stride_x;
    sweep p{.channels = g.filters,
            .height = g.out_height,
            .width = empty() ? columns : g.out_width,
            .depth = g.group_filters(),
            .out_height = (g.height - y + g.stride_y - 1) / g.stride_y,
            .out_width = columns,
            .kernel_height = empty() ? 0 : down.count, // without taps, nothing is read
            .kernel_width = empty() ? 1 : across.count,
            .stride_y = 1,
            .stride_x = 1,
            .top = down.before,
            .left = empty() ? 0 : across.before,
            .dilation_y = down.dilation,
            .dilation_x = across.dilation,
            .first = y * g.width + x,
            .step_y = g.stride_y * g.width,
            .step_x = g.stride_x};
    return p.flattened();
  }
};

/// Where the weights of a sweep of the adjoint are in scratch, all groups of a phase before the next phase.
template <class T, class Arch, convolution G> struct adjoint_weights {
  using arch = fitting<T, Arch, G.group_channels()>;
  using layout = panels<T, arch>;
  static constexpr std::size_t rows = G.group_channels();

  static constexpr std::size_t group_size(const adjoint_phase& phase) {
    const sweep p = phase.over(G);
    return padded<T, Arch>(layout::size(rows, p.kernel_height * p.kernel_width * p.depth));
  }
  /// Where a phase begins; for phase `count`, where all end.
  static constexpr std::size_t begin(std::size_t phase) {
    std::size_t sum = 0;
    for (std::size_t i = 0; i < phase; ++i) sum += G.groups * group_size({G, i});
    return sum;
  }
};

/// Numbers of scratch that the sweeps of the adjoint need.
template <class T, class Arch, convolution G, std::size_t Phase> constexpr std::size_t phase_scratch() {
  constexpr sweep p = adjoint_phase{G, Phase}.over(G);
  if constexpr (G.depthwise())
    return depthwise_scratch<T, fitting<T, Arch, G.channels>, p>();
  else
    return sweep_scratch<T, typename adjoint_weights<T, Arch, G>::arch, p, G.group_channels()>();
}

/// Transposes the weights of one tap: those of input `k`, k + 1, … for each filter of a group become row `row`, row +
/// 1, … of a panel block that has `depth` rows in all.
template <class T, class Arch, convolution G>
[[gnu::noinline]] void transpose_tap(const T* weights, std::size_t k, T* target, std::size_t row, std::size_t depth) {
  using from = convolution_weights<T, Arch, G>;
  using to = adjoint_weights<T, Arch, G>;
  using arch = std::conditional_t<(width<T, typename from::arch> < width<T, typename to::arch>), typename from::arch,
                                  typename to::arch>;
  using V = vector<T, arch>;
  constexpr std::size_t W = V::size, N = from::rows, C = to::rows;
  for (std::size_t n = 0; n < N; n += W) {
    const T* source = weights + from::layout::offset(n, k, N, from::columns);
    const std::size_t stride = from::layout::columns_at(n / from::layout::columns * from::layout::columns, N);
    for (std::size_t c = 0; c < padded<T, typename to::arch>(C); c += W) {
      V v[W];
#pragma GCC unroll 16
      for (std::size_t i = 0; i < W; ++i) v[i] = c + i < C ? V::load_aligned(source + (c + i) * stride) : V(T(0));
      transpose<T, arch>(v);
      T* line = target + to::layout::offset(c, row + n, C, depth);
      const std::size_t step = to::layout::columns_at(c / to::layout::columns * to::layout::columns, C);
#pragma GCC unroll 16
      for (std::size_t i = 0; i < W; ++i)
        if (n + i < N) v[i].store_aligned(line + i * step);
    }
  }
}

/// The pixels of one phase.
template <class T, class Arch, convolution G, std::size_t Phase, class Epilogue>
[[gnu::always_inline]] inline void run_phase(const T* const* small, std::size_t batch, const T* weights, T* scratch,
                                             T* rest, const Epilogue& epilogue) {
  constexpr adjoint_phase phase{G, Phase};
  constexpr sweep p = phase.over(G);
  if constexpr (G.depthwise()) {
    constexpr tap_order order{phase.down.first * G.kernel_width + phase.across.first,
                              -static_cast<std::ptrdiff_t>(phase.down.step * G.kernel_width),
                              -static_cast<std::ptrdiff_t>(phase.across.step), G.depth()};
    run_depthwise<T, fitting<T, Arch, G.channels>, p, order>(small, batch, weights, rest, epilogue);
  } else {
    using layout = adjoint_weights<T, Arch, G>;
    constexpr std::size_t depth = p.kernel_height * p.kernel_width * p.depth, size = layout::group_size(phase);
    T* target = scratch + layout::begin(Phase);
    for (std::size_t g = 0; g < G.groups; ++g, target += size) {
      for (std::size_t ky = 0; ky < p.kernel_height; ++ky)
        for (std::size_t kx = 0; kx < p.kernel_width; ++kx)
          transpose_tap<T, Arch, G>(weights + g * convolution_weights<T, Arch, G>::group_size,
                                    ((phase.down.first - ky * phase.down.step) * G.kernel_width + phase.across.first -
                                     kx * phase.across.step) *
                                        G.group_channels(),
                                    target, (ky * p.kernel_width + kx) * p.depth, depth);
      run_sweep<T, typename layout::arch, p, layout::rows>(small, g * p.depth, batch, target, rest, g * layout::rows,
                                                           epilogue);
    }
  }
}

} // namespace detail

/// Numbers of scratch that `correlate_adjoint` needs: the transposed weights.
template <class T, class Arch, convolution G>
inline constexpr std::size_t adjoint_scratch = [] {
  constexpr std::size_t phases = detail::adjoint_phase::count(G);
  constexpr std::size_t most = []<std::size_t... I>(std::index_sequence<I...>) {
    std::size_t n = 0;
    ((n = detail::phase_scratch<T, Arch, G, I>() > n ? detail::phase_scratch<T, Arch, G, I>() : n), ...);
    return n;
  }(std::make_index_sequence<phases>{});
  return most + (G.depthwise() ? 0 : detail::adjoint_weights<T, Arch, G>::begin(phases));
}();

/// The adjoint of `correlate`, which is the gradient by its input and the forward pass of a transposed convolution:
/// large(q, c) = Σ small(p, f) · w(f, k) over all p, f, k whose product with large(q, c) `correlate` sums.
///
/// `small` are pointers to `batch` images, channels last; weights and epilogue as for `correlate`, with q a pixel of
/// the large side and c its channels. With a stride the pixels are done in phases: those with one remainder of y and x
/// by the stride meet the same taps, and are a sweep over the small side with the weights transposed and the taps
/// reversed.
template <class T, class Arch, convolution G, class Epilogue>
void correlate_adjoint(const T* const* small, std::size_t batch, const T* weights, T* scratch,
                       const Epilogue& epilogue) {
  constexpr std::size_t phases = detail::adjoint_phase::count(G);
  T* rest = scratch + (G.depthwise() ? 0 : detail::adjoint_weights<T, Arch, G>::begin(phases));
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (detail::run_phase<T, Arch, G, I>(small, batch, weights, scratch, rest, epilogue), ...);
  }(std::make_index_sequence<phases>{});
}

} // namespace lamina::simd
