#pragma once
#include <cstddef>
#include <type_traits>
#include <utility>

#include <lamina/expression/value.hpp>
#include <lamina/simd/fitting.hpp>
#include <lamina/simd/partial.hpp>
#include <lamina/simd/traits.hpp>

/// Walks over images that stand channels last. A row of features is an image of one pixel.
namespace lamina::simd {

/// Whether the pixels that an epilogue writes stand one after the other, so that a vector may hold several of them:
/// `epilogue(m, n, v)` with n = p·C + f. What writes elsewhere says so by a member `in_pieces`.
template <class Epilogue>
inline constexpr bool in_one_piece = [] {
  if constexpr (requires { Epilogue::in_pieces; })
    return !Epilogue::in_pieces;
  else
    return true;
}();

/// A row of Size numbers, pixels of so many channels, as vectors. Which channels they hold comes round after a *run* of
/// them: numbers of the channels are laid out along a run once, and no vector is partial but the row's last. A run has
/// four vectors where the row has so many, for sums side by side that do not wait for each other.
template <class T, class Arch, std::size_t Channels, std::size_t Size> struct pixel_run {
  using V = vector<T, Arch>;
  static constexpr std::size_t W = V::size, side_by_side = 4;
  static constexpr std::size_t round = [] {
    std::size_t n = W;
    while (n % Channels) n += W;
    return n;
  }();
  static constexpr std::size_t rounds = (side_by_side * W + round - 1) / round;
  static constexpr std::size_t length = rounds * round < padded<T, Arch>(Size) ? rounds * round : padded<T, Arch>(Size);

  /// Lays numbers of the channels out along a run.
  static void spread(const T* channels, T* run) {
    for (std::size_t i = 0, f = 0; i < length; ++i) {
      run[i] = channels[f];
      if (++f == Channels) f = 0;
    }
  }
  /// The sums of what stands for the same channel along a run; zeros behind the channels. Changes the run.
  static void join(T* run, T* channels) {
    std::size_t n = length;
    for (; n > round && n % round == 0; n -= round)
      for (std::size_t i = n - round; i < n; i += W)
        (V::load_aligned(run + i - round) + V::load_aligned(run + i)).store_aligned(run + i - round);
    for (std::size_t f = 0; f < padded<T, Arch>(Channels); ++f) channels[f] = f < Channels ? run[f] : T(0);
    for (std::size_t i = Channels, f = 0; i < n; ++i) {
      channels[f] += run[i];
      if (++f == Channels) f = 0;
    }
  }

  /// Calls `body.template operator()<Count>(first)` for all vectors of a run, up to four at a time, from number
  /// `first`.
  template <class Body> static void in_parts(const Body& body) {
    constexpr std::size_t whole = length / W / side_by_side * side_by_side, rest = length / W - whole;
    for (std::size_t first = 0; first < whole; first += side_by_side) body.template operator()<side_by_side>(first * W);
    if constexpr (rest > 0) body.template operator()<rest>(whole * W);
  }
  /// Calls `visit(n, j, left)` for the vectors of a row that are number `first` + jW of their run, j < Count: the place
  /// in the row and how much of it is left there.
  template <std::size_t Count, class Visit>
  [[gnu::always_inline]] static void walk(std::size_t first, const Visit& visit) {
    std::size_t n = first;
    [&]<std::size_t... J>(std::index_sequence<J...>) __attribute__((always_inline)) {
      for (; n + Count * W <= Size; n += length) (visit(n + J * W, std::integral_constant<std::size_t, J>{}, W), ...);
      if constexpr (Size % length != 0)
        ((n + J * W < Size ? visit(n + J * W, std::integral_constant<std::size_t, J>{}, Size - n - J * W) : void()),
         ...);
    }(std::make_index_sequence<Count>{});
  }
};

/// Sums over all pixels of `batch` samples, channel by channel: `term(m, n, i, left, sums)` adds to K vectors of sums
/// what stands at n of row m, number i of its run. `result[k]` has room for the channels, padded.
template <std::size_t K, class Run, class T, class Term>
void channel_sums(std::size_t batch, T* const (&result)[K], const Term& term) {
  using V = typename Run::V;
  alignas(alignment) T lanes[K][Run::length];
  Run::in_parts([&]<std::size_t Count>(std::size_t first) {
    V sums[Count][K];
    for (std::size_t j = 0; j < Count; ++j)
      for (std::size_t k = 0; k < K; ++k) sums[j][k] = V(T(0));
    for (std::size_t m = 0; m < batch; ++m)
      Run::template walk<Count>(first, [&](std::size_t n, auto j, std::size_t left) __attribute__((always_inline)) {
        term(m, n, first + j * Run::W, left, sums[j]);
      });
    for (std::size_t j = 0; j < Count; ++j)
      for (std::size_t k = 0; k < K; ++k) sums[j][k].store_aligned(lanes[k] + first + j * Run::W);
  });
  for (std::size_t k = 0; k < K; ++k) Run::join(lanes[k], result[k]);
}

/// The sums of the channels over all pixels of a batch: `sink(f, v)` for each vector of channels.
template <class T, class Arch, std::size_t Channels, std::size_t Pixels, class Sink>
void pixel_sums(const T* const* rows, std::size_t batch, const Sink& sink) {
  using V = vector<T, Arch>;
  using run = pixel_run<T, Arch, Channels, Channels * Pixels>;
  alignas(alignment) T sums[padded<T, Arch>(Channels)];
  channel_sums<1, run>(batch, {sums},
                       [&](std::size_t m, std::size_t n, std::size_t, std::size_t left, V(&sum)[1])
                           __attribute__((always_inline)) { sum[0] += load_lanes<T, Arch>(rows[m] + n, left); });
  for (std::size_t f = 0; f < Channels; f += V::size) sink(f, V::load_aligned(sums + f));
}

/// `epilogue` with scale·x + shift, channel by channel, for the samples [from, to).
template <class T, class Arch, std::size_t Channels, std::size_t Size, class Epilogue>
void scale_channels(const T* const* rows, std::size_t from, std::size_t to, const T* scale, const T* shift,
                    Epilogue epilogue) {
  if constexpr (in_one_piece<Epilogue>) {
    using V = vector<T, Arch>;
    using run = pixel_run<T, Arch, Channels, Size>;
    alignas(alignment) T scales[run::length], shifts[run::length];
    run::spread(scale, scales), run::spread(shift, shifts);
    run::in_parts([&]<std::size_t Count>(std::size_t first) {
      V a[Count], b[Count]; // in registers: what the epilogue stores could be what stands in memory
      for (std::size_t j = 0; j < Count; ++j)
        a[j] = V::load_aligned(scales + first + j * V::size), b[j] = V::load_aligned(shifts + first + j * V::size);
      for (std::size_t m = from; m < to; ++m) {
        const T* const x = rows[m];
        run::template walk<Count>(first, [&](std::size_t n, auto j, std::size_t left) __attribute__((always_inline)) {
          epilogue(m, n, math::fma(load_lanes<T, Arch>(x + n, left), a[j], b[j]));
        });
      }
    });
  } else {
    using A = fitting<T, Arch, Channels>;
    using V = vector<T, A>;
    for (std::size_t m = from; m < to; ++m)
      for (std::size_t p = 0; p < Size / Channels; ++p)
        for (std::size_t f = 0; f < Channels; f += V::size) {
          const V x = load_lanes<T, A>(rows[m] + p * Channels + f, Channels - f);
          const V y = math::fma(x, V::load_aligned(scale + f), V::load_aligned(shift + f));
          epilogue(m, p, f, y, Channels - f);
        }
  }
}

/// `epilogue` with a·u + b·v + c, channel by channel, of two images that stand as whole rows.
template <class T, class Arch, std::size_t Channels, std::size_t Size, class Epilogue>
void mix_channels(const T* const* u, const T* const* v, std::size_t from, std::size_t to, const T* a, const T* b,
                  const T* c, Epilogue epilogue) {
  static_assert(in_one_piece<Epilogue>, "gradients stand as whole rows");
  using V = vector<T, Arch>;
  using run = pixel_run<T, Arch, Channels, Size>;
  alignas(alignment) T along[3][run::length];
  run::spread(a, along[0]), run::spread(b, along[1]), run::spread(c, along[2]);
  run::in_parts([&]<std::size_t Count>(std::size_t first) {
    V at[Count][3];
    for (std::size_t j = 0; j < Count; ++j)
      for (std::size_t k = 0; k < 3; ++k) at[j][k] = V::load_aligned(along[k] + first + j * V::size);
    for (std::size_t m = from; m < to; ++m) {
      const T *const x = u[m], *const y = v[m];
      run::template walk<Count>(first, [&](std::size_t n, auto j, std::size_t left) __attribute__((always_inline)) {
        const V rest = math::fma(load_lanes<T, Arch>(y + n, left), at[j][1], at[j][2]);
        epilogue(m, n, math::fma(load_lanes<T, Arch>(x + n, left), at[j][0], rest));
      });
    }
  });
}

} // namespace lamina::simd
