#pragma once
#include <cstddef>
#include <cstring>

#include <lamina/layer/stage.hpp>
#include <lamina/layer/time.hpp>
#include <lamina/simd/gates.hpp>
#include <lamina/simd/gemm.hpp>

namespace lamina::detail {

/// One step of a recurrent layer, whose past (h, and what the cell remembers) is where it was: for streams, and for one
/// sample.
template <class Cell, std::size_t H> struct recurrent_step {
  static constexpr std::size_t gates = Cell::gates;

private:
  template <class T, class Arch> using arch = simd::gate_arch<T, Arch, H>;
  template <class T, class Arch> static constexpr std::size_t units = simd::padded<T, arch<T, Arch>>(H);
  /// Whether vector j of the sums belongs to the gate whose two parts are not just added.
  static constexpr bool separate(std::size_t j) { return j % gates == Cell::separate; }

public:
  /// The past of one sample: where it stands, and in registers as well, for a step waits for nothing but the one
  /// before, and its way through memory is long.
  template <class T, class Arch> struct carried {
    using V = simd::vector<T, arch<T, Arch>>;
    static constexpr std::size_t blocks = units<T, Arch> / V::size;
    T* at;
    V h[blocks], extra[Cell::remembers ? blocks : 1];

    [[gnu::always_inline]] explicit carried(T* past) : at{past} {
#pragma GCC unroll 8
      for (std::size_t b = 0; b < blocks; ++b) {
        h[b] = V::load_aligned(past + b * V::size);
        if constexpr (Cell::remembers) extra[b] = V::load_aligned(past + (blocks + b) * V::size);
      }
    }
  };

  /// Gives `give(n, v, lanes)` the units.
  template <class T, class Arch, std::size_t Features, class Give>
  [[gnu::always_inline]] static void of_one(const T* x, const T* block, const std::size_t* offsets,
                                            carried<T, Arch>& past, const Give& give) {
    using A = arch<T, Arch>;
    using V = simd::vector<T, A>;
    constexpr std::size_t W = V::size, U = units<T, Arch>, N = gates * U;
    V input[N / W], recurrent[N / W];
#pragma GCC unroll 16
    for (std::size_t j = 0; j < N / W; ++j) {
      const V state_bias = V::load_aligned(block + offsets[3] + j * W);
      input[j] = V::load_aligned(block + offsets[2] + j * W);
      if (!separate(j)) input[j] += state_bias;
      recurrent[j] = state_bias;
    }
    simd::add_row_product<T, A, N, Features>(input, x, block + offsets[0], 0, Features);
#pragma GCC unroll 16
    for (std::size_t j = 0; j < N / W; ++j)
      if (!separate(j)) recurrent[j] = input[j];
    // What is waited for longest comes first: its gates are computed while the others are summed.
    constexpr std::size_t early = U > W ? Cell::early : 0;
    const auto product = [&]<simd::gate_range Gates>() __attribute__((always_inline)) {
      simd::add_gates_product<T, A, N, H, Gates>(recurrent, past.h[0], past.at, block + offsets[1]);
    };
    if constexpr (early > 0) {
      product.template operator()<simd::gate_range{0, early, gates}>();
#pragma GCC unroll 16
      for (std::size_t b = 0; b < U / W; ++b) Cell::begin(recurrent + b * gates);
    }
    product.template operator()<simd::gate_range{early, gates, gates}>();
#pragma GCC unroll 16
    for (std::size_t b = 0; b < U / W; ++b) {
      V a[gates], r(T(0)), h, extra(T(0)), extra0(T(0));
#pragma GCC unroll 4
      for (std::size_t g = 0; g < gates; ++g)
        if (separate(g))
          a[g] = input[b * gates + g], r = recurrent[b * gates + g];
        else
          a[g] = recurrent[b * gates + g];
      if constexpr (early == 0) Cell::begin(a);
      if constexpr (Cell::remembers) extra0 = past.extra[b];
      Cell::forward(a, r, past.h[b], extra0, h, extra);
      (past.h[b] = h).store_aligned(past.at + b * W);
      if constexpr (Cell::remembers) (past.extra[b] = extra).store_aligned(past.at + U + b * W);
      give(b * W, h, H - b * W);
    }
  }

  /// The same for streams first … first + count of a batch, `together` at most: rows of one product.
  template <class T, class Arch, std::size_t Features, class Epilogue>
  static void of_many(const batch_view<T>& at, const past_view<T>& past, std::size_t first, std::size_t count,
                      const Epilogue& epilogue) {
    using A = arch<T, Arch>;
    using V = simd::vector<T, A>;
    constexpr std::size_t W = V::size, U = units<T, Arch>, N = gates * U;
    alignas(64) T input[together * N], fresh[together * U];
    const T* before[together];
    for (std::size_t m = 0; m < count; ++m) before[m] = past.first + (first + m) * past.stride;
    simd::gemm<T, A, N>(at.rows + first, count, at.block + at.offsets[0], Features,
                        store_biased<T, A>{input, N, at.block + at.offsets[2]});
    const auto cell = [&](std::size_t m, std::size_t b, const T* sums) {
      T* const extra_at = past.first + (first + m) * past.stride + U + b * W;
      V a[gates], r(T(0)), h, extra(T(0)), extra0(T(0));
      for (std::size_t g = 0; g < gates; ++g) {
        a[g] = V::load_aligned(input + m * N + (b * gates + g) * W);
        const V state = V::load_aligned(sums + g * W) + V::load_aligned(at.block + at.offsets[3] + (b * gates + g) * W);
        if (separate(g))
          r = state;
        else
          a[g] += state;
      }
      Cell::begin(a);
      if constexpr (Cell::remembers) extra0 = V::load_aligned(extra_at);
      Cell::forward(a, r, V::load_aligned(before[m] + b * W), extra0, h, extra);
      h.store_aligned(fresh + m * U + b * W); // the other units still read the old ones
      if constexpr (Cell::remembers) extra.store_aligned(extra_at);
      epilogue(first + m, 0, b * W, h, H - b * W);
    };
    simd::gate_product<T, A, gates, H>(before, count, at.block + at.offsets[1], H, cell);
    for (std::size_t m = 0; m < count; ++m)
      std::memcpy(past.first + (first + m) * past.stride, fresh + m * U, U * sizeof(T));
  }

  static constexpr std::size_t together = samples_together;
};

} // namespace lamina::detail
