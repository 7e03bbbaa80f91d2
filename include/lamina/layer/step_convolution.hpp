#pragma once
#include <array>
#include <cstddef>
#include <cstring>

#include <lamina/layer/convolution.hpp>
#include <lamina/layer/time.hpp>
#include <lamina/simd/gates.hpp>

namespace lamina::detail {

/// What layers share that weigh the last steps of a sequence (L, F): a convolution along time that sees no later step.
/// A stream keeps the steps that are still seen in a ring.
template <class Layer> struct step_convolution : convolution_layer<Layer, false> {
  static constexpr bool of_sequences = true, streams = true;

  /// Numbers of the ring: its slots are a power of two.
  static constexpr std::size_t slots(dimensions in) {
    const simd::convolution g = Layer::geometry_for(in);
    std::size_t count = 1;
    while (count <= g.left) count *= 2;
    return count;
  }
  template <class T, class Arch> static constexpr std::size_t state(dimensions in) {
    return Layer::geometry_for(in).left ? slots(in) * in.last() : 0;
  }

  template <class T, class Arch, dimensions In, class Epilogue>
  [[gnu::always_inline]] static void stream_one(const T* x, const T* block, const std::size_t* offsets, T* past,
                                                std::size_t position, const Epilogue& epilogue) {
    constexpr simd::convolution g = Layer::geometry_for(In);
    constexpr std::size_t C = g.channels, count = slots(In);
    const auto run = [&](const auto& end) __attribute__((always_inline)) {
      if constexpr (g.left == 0) {
        step<T, Arch, g>(block + offsets[0], end, [&](std::size_t) { return x; });
      } else {
        std::memcpy(past + position % count * C, x, C * sizeof(T));
        step<T, Arch, g>(block + offsets[0], end, [&](std::size_t tap) {
          const std::size_t back = (g.kernel_width - 1 - tap) * g.dilation_x;
          return static_cast<const T*>(past) + (position - back) % count * C;
        });
      }
    };
    if constexpr (Layer::biased)
      run(with_bias<T, Arch, Epilogue>{block + offsets[1], epilogue});
    else
      run(epilogue);
  }

private:
  /// The outputs of one step; `seen(tap)` are the numbers that a tap sees.
  template <class T, class Arch, simd::convolution G, class Epilogue, class Seen>
  [[gnu::always_inline]] static void step(const T* weights, const Epilogue& epilogue, const Seen& seen) {
    using layout = simd::convolution_weights<T, Arch, G>;
    using A = typename layout::arch;
    using V = simd::vector<T, A>;
    constexpr std::size_t W = V::size, taps = G.kernel_width, rows = layout::rows, N = simd::padded<T, A>(rows);
    if constexpr (G.depthwise()) {
      for (std::size_t f = 0; f < rows; f += W) {
        V sum(T(0));
        for (std::size_t tap = 0; tap < taps; ++tap)
          sum = simd::multiply_add(V::load_aligned(weights + layout::layout::offset(f, tap, rows, taps)),
                                   simd::load_lanes<T, A>(seen(tap) + f, rows - f), sum);
        epilogue(0, 0, f, sum, rows - f);
      }
    } else {
      constexpr std::size_t channels = G.group_channels(), depth = G.depth();
      for (std::size_t group = 0; group < G.groups; ++group) {
        alignas(64) T sums[N], all[depth];
        for (std::size_t tap = 0; tap < taps; ++tap)
          std::memcpy(all + tap * channels, seen(tap) + group * channels, channels * sizeof(T));
        simd::row_product_onto<T, A, N, depth>(sums, zeros_of<T, N>, all, weights + group * layout::group_size);
        for (std::size_t f = 0; f < rows; f += W) epilogue(0, 0, group * rows + f, V::load_aligned(sums + f), rows - f);
      }
    }
  }
};

} // namespace lamina::detail
