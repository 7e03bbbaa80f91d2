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

/// Σ (x − centre) and Σ (x − centre)² of each channel over a batch; `centre` is for each channel.
template <class T, class Arch, std::size_t Channels, std::size_t Size>
void channel_moments(const T* const* rows, std::size_t batch, const T* centre, T* sums, T* squares) {
  using V = vector<T, Arch>;
  using run = pixel_run<T, Arch, Channels, Size>;
  alignas(alignment) T centres[run::length];
  run::spread(centre, centres);
  channel_sums<2, run>(batch, {sums, squares},
                       [&](std::size_t m, std::size_t n, std::size_t i, std::size_t left, V(&sum)[2])
                           __attribute__((always_inline)) {
                             V v = load_lanes<T, Arch>(rows[m] + n, left) - V::load_aligned(centres + i);
                             if (left < V::size) v = first_lanes<T, Arch>(v, left);
                             sum[0] += v;
                             sum[1] = math::fma(v, v, sum[1]);
                           });
}

/// Σ dy (x − centre) and Σ dy of each channel over a batch.
template <class T, class Arch, std::size_t Channels, std::size_t Size>
void channel_products(const T* const* dy, const T* const* rows, std::size_t batch, const T* centre, T* products,
                      T* sums) {
  using V = vector<T, Arch>;
  using run = pixel_run<T, Arch, Channels, Size>;
  alignas(alignment) T centres[run::length];
  run::spread(centre, centres);
  channel_sums<2, run>(
      batch, {products, sums},
      [&](std::size_t m, std::size_t n, std::size_t i, std::size_t left, V(&sum)[2]) __attribute__((always_inline)) {
        const V d = load_lanes<T, Arch>(dy[m] + n, left), x = load_lanes<T, Arch>(rows[m] + n, left);
        sum[0] = math::fma(d, x - V::load_aligned(centres + i), sum[0]);
        sum[1] += d;
      });
}

/// Calls `row_of(m)(n, left, p)` for all vectors of the samples [from, to), with K parameters of their channels in
/// registers: what is stored there could be what stands in memory.
template <class T, class Arch, std::size_t Channels, std::size_t Size, std::size_t K, class RowOf>
void for_runs(std::size_t from, std::size_t to, const T* const (&parameters)[K], const RowOf& row_of) {
  using V = vector<T, Arch>;
  using run = pixel_run<T, Arch, Channels, Size>;
  alignas(alignment) T along[K][run::length];
  for (std::size_t k = 0; k < K; ++k) run::spread(parameters[k], along[k]);
  run::in_parts([&]<std::size_t Count>(std::size_t first) {
    V held[Count][K];
    for (std::size_t j = 0; j < Count; ++j)
      for (std::size_t k = 0; k < K; ++k) held[j][k] = V::load_aligned(along[k] + first + j * V::size);
    for (std::size_t m = from; m < to; ++m) {
      const auto row = row_of(m);
      run::template walk<Count>(first, [&](std::size_t n, auto j, std::size_t left)
                                           __attribute__((always_inline)) { row(n, left, held[j]); });
    }
  });
}

/// `epilogue` with map(x, p) for the samples [from, to), where p are K parameters of x's channel.
template <class T, class Arch, std::size_t Channels, std::size_t Size, std::size_t K, class Map, class Epilogue>
void map_channels(const T* const* rows, std::size_t from, std::size_t to, const T* const (&parameters)[K],
                  const Map& map, Epilogue epilogue) {
  if constexpr (in_one_piece<Epilogue>) {
    using V = vector<T, Arch>;
    for_runs<T, Arch, Channels, Size>(from, to, parameters, [&](std::size_t m) {
      return [&, m, x = rows[m]](std::size_t n, std::size_t left, const V(&p)[K])
                 __attribute__((always_inline)) { epilogue(m, n, map(load_lanes<T, Arch>(x + n, left), p)); };
    });
  } else {
    using A = fitting<T, Arch, Channels>;
    using V = vector<T, A>;
    for (std::size_t m = from; m < to; ++m)
      for (std::size_t pixel = 0; pixel < Size / Channels; ++pixel)
        for (std::size_t f = 0; f < Channels; f += V::size) {
          V p[K];
          for (std::size_t k = 0; k < K; ++k) p[k] = V::load_aligned(parameters[k] + f);
          const V x = load_lanes<T, A>(rows[m] + pixel * Channels + f, Channels - f);
          epilogue(m, pixel, f, V(map(x, p)), Channels - f);
        }
  }
}

/// `epilogue` with scale·x + shift, channel by channel, for the samples [from, to).
template <class T, class Arch, std::size_t Channels, std::size_t Size, class Epilogue>
void scale_channels(const T* const* rows, std::size_t from, std::size_t to, const T* scale, const T* shift,
                    const Epilogue& epilogue) {
  map_channels<T, Arch, Channels, Size>(
      rows, from, to, {scale, shift},
      [](auto x, const auto& p) __attribute__((always_inline)) { return math::fma(x, p[0], p[1]); }, epilogue);
}

/// `epilogue` with a·u + b·v + c, channel by channel, of two images; it is one for gradients, which stand as whole
/// rows.
template <class T, class Arch, std::size_t Channels, std::size_t Size, class Epilogue>
void mix_channels(const T* const* u, const T* const* v, std::size_t from, std::size_t to, const T* a, const T* b,
                  const T* c, Epilogue epilogue) {
  static_assert(in_one_piece<Epilogue>);
  using V = vector<T, Arch>;
  for_runs<T, Arch, Channels, Size>(from, to, {a, b, c}, [&](std::size_t m) {
    return [&, m, x = u[m], y = v[m]](std::size_t n, std::size_t left, const V(&p)[3]) __attribute__((always_inline)) {
      const V rest = math::fma(load_lanes<T, Arch>(y + n, left), p[1], p[2]);
      epilogue(m, n, math::fma(load_lanes<T, Arch>(x + n, left), p[0], rest));
    };
  });
}

} // namespace lamina::simd
