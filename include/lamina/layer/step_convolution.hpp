#pragma once
#include <array>
#include <cstddef>
#include <cstring>

#include <lamina/layer/convolution.hpp>
#include <lamina/simd/pieces.hpp>

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
    const T* const bias = Layer::biased ? block + offsets[1] : nullptr;
    if constexpr (g.left == 0) {
      step<T, Arch, g>(block + offsets[0], bias, epilogue, [&](std::size_t) { return x; });
    } else {
      std::memcpy(past + position % count * C, x, C * sizeof(T));
      step<T, Arch, g>(block + offsets[0], bias, epilogue,
                       [&](std::size_t tap) __attribute__((always_inline)) -> const T* {
                         const std::size_t back = (g.kernel_width - 1 - tap) * g.dilation_x;
                         return back == 0 ? x : past + (position - back) % count * C;
                       });
    }
  }

private:
  /// The outputs of one step; `seen(tap)` are the numbers that a tap sees.
  template <class T, class Arch, simd::convolution G, class Epilogue, class Seen>
  [[gnu::always_inline]] static void step(const T* weights, const T* bias, const Epilogue& epilogue, const Seen& seen) {
    using layout = simd::convolution_weights<T, Arch, G>;
    using A = typename layout::arch;
    using V = simd::vector<T, A>;
    constexpr std::size_t W = V::size, taps = G.kernel_width, rows = layout::rows, N = simd::padded<T, A>(rows);
    const auto start = [&](std::size_t f) __attribute__((always_inline)) {
      return bias ? V::load_unaligned(bias + f) : V(T(0)); // the block goes on behind it
    };
    if constexpr (G.depthwise()) {
      for (std::size_t f = 0; f < rows; f += W) {
        V sum = start(f);
        for (std::size_t tap = 0; tap < taps; ++tap)
          sum = simd::multiply_add(V::load_aligned(weights + layout::layout::offset(f, tap, rows, taps)),
                                   simd::load_lanes<T, A>(seen(tap) + f, rows - f), sum);
        give_row<T, A>(epilogue, f, sum, rows - f);
      }
    } else {
      constexpr std::size_t channels = G.group_channels();
      for (std::size_t group = 0; group < G.groups; ++group) {
        V sum[N / W];
#pragma GCC unroll 16
        for (std::size_t j = 0; j < N / W; ++j) sum[j] = start(group * rows + j * W);
        const auto piece = [&](std::size_t tap) __attribute__((always_inline)) { return seen(tap) + group * channels; };
        simd::add_pieces_product<T, A, N, taps, channels>(sum, piece, weights + group * layout::group_size);
#pragma GCC unroll 16
        for (std::size_t j = 0; j < N / W; ++j)
          if constexpr (G.groups == 1)
            give_row<T, A>(epilogue, j * W, sum[j], rows - j * W);
          else
            epilogue(0, 0, group * rows + j * W, sum[j], rows - j * W);
      }
    }
  }
};

} // namespace lamina::detail
