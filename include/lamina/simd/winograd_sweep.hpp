#pragma once
#include <cstddef>
#include <type_traits>

#include <lamina/simd/direct_sweep.hpp>
#include <lamina/simd/fitting.hpp>
#include <lamina/simd/hand_over.hpp>
#include <lamina/simd/partial.hpp>
#include <lamina/simd/toom_cook.hpp>

/// Sweeps with fewer products: by minimal filtering along the rows, as they are along the columns and the channels.
///
/// Rows of the image and of the kernel are transformed, to `points` numbers for each tile of O pixels. What is left at
/// each point is a sweep with a kernel of one column; its sums, transformed back, are the pixels. The transforms go
/// vector by vector, along the channels and along the filters. Results differ from direct sums by rounding: about two
/// times as much in a square mean. An infinite number spoils the O pixels of each tile that sees it.
namespace lamina::simd {

namespace detail {

/// How a sweep is filtered along its rows.
template <class T, class Arch, sweep P, std::size_t N> struct winograd {
  static constexpr std::size_t O = 4, K = P.kernel_width, KH = P.kernel_height, points = O + K - 1;
  static constexpr toom_cook<O, K> transform = [] {
    if constexpr (K == 5)
      return toom_cook<O, K>{{0, 1, -1, 2, -2, 0.5, -0.5}};
    else
      return toom_cook<O, K>{{0, 1, -1, 2, -0.5}};
  }();

  using layout = panels<T, Arch>;
  using image_arch = fitting<T, Arch, P.depth>;
  static constexpr std::size_t tiles = (P.out_width + O - 1) / O, rows = P.out_height + (KH - 1) * P.dilation_y,
                               channels = padded<T, image_arch>(P.depth), filters = padded<T, Arch>(N);

  /// What is left at a point: one row of all tiles, whose taps are as far apart as rows are.
  static constexpr sweep at_point{.channels = channels,
                                  .height = 1,
                                  .width = rows * tiles,
                                  .depth = P.depth,
                                  .out_height = 1,
                                  .out_width = P.out_height * tiles,
                                  .kernel_height = 1,
                                  .kernel_width = KH,
                                  .stride_y = 1,
                                  .stride_x = 1,
                                  .top = 0,
                                  .left = 0,
                                  .dilation_y = 1,
                                  .dilation_x = P.dilation_y * tiles,
                                  .first = 0,
                                  .step_y = 0,
                                  .step_x = 1};

  /// Numbers of a point.
  static constexpr std::size_t weights = padded<T>(layout::size(N, KH* P.depth)),
                               image = padded<T>(rows * tiles * channels),
                               sums = padded<T>(P.out_height * tiles * filters);
  /// Multiplications, where one of a transform counts half: it waits for no other, and not all are left.
  static constexpr std::size_t cost =
      points * P.out_height * tiles * KH * P.depth * filters +
      points * (KH * P.depth * K * filters + rows * tiles * points * channels + P.out_height * tiles * O * filters) / 2;
};

/// One type for a sweep whether its pixels are pooled or not: training and inference share the transforms.
template <class T, class Arch, sweep P, std::size_t N> using filtered = winograd<T, Arch, P.unpooled(), N>;

/// Multiplications of a direct sweep: those with what is inside the image.
template <class T, class Arch, sweep P, std::size_t N> constexpr std::size_t direct_cost() {
  std::size_t across = 0, down = 0;
  for (std::size_t x = 0; x < P.out_width; ++x)
    for (std::size_t kx = 0; kx < P.kernel_width; ++kx) across += P.column(x, kx) < P.width;
  for (std::size_t y = 0; y < P.out_height; ++y) down += kernel_rows<P>(y).last - kernel_rows<P>(y).first;
  return across * down * P.depth * padded<T, Arch>(N);
}

/// The weights at each point, in panels as the sweep reads them.
template <class Of, class T, class Arch, sweep P, std::size_t N>
[[gnu::noinline]] void transform_weights(const T* weights, T* to) {
  using V = vector<T, Arch>;
  using layout = panels<T, Arch>;
  for (std::size_t f = 0; f < N; f += V::size)
    for (std::size_t ky = 0; ky < Of::KH; ++ky)
      for (std::size_t c = 0; c < P.depth; ++c) {
        V w[Of::K], u[Of::points];
#pragma GCC unroll 16
        for (std::size_t kx = 0; kx < Of::K; ++kx)
          w[kx] = V::load_aligned(weights +
                                  layout::offset(f, (ky * Of::K + kx) * P.depth + c, N, Of::KH * Of::K * P.depth));
        multiply_known<Of::transform.taps>(u, w);
        T* const at = to + layout::offset(f, ky * P.depth + c, N, Of::KH * P.depth);
#pragma GCC unroll 16
        for (std::size_t i = 0; i < Of::points; ++i) u[i].store_aligned(at + i * Of::weights);
      }
}

/// An image at each point; what is outside counts as zero.
template <class Of, class T, sweep P> [[gnu::noinline]] void transform_image(const T* image, T* to) {
  using A = typename Of::image_arch;
  using V = vector<T, A>;
  for (std::size_t row = 0; row < Of::rows; ++row)
    for (std::size_t t = 0; t < Of::tiles; ++t)
      for (std::size_t c = 0; c < P.depth; c += V::size, to += V::size) {
        const std::size_t y = row - static_cast<std::size_t>(P.top), x = P.column(t * Of::O, 0); // huge where outside
        const bool whole = y < P.height && x < P.width && x + Of::points <= P.width;
        V d[Of::points], u[Of::points];
#pragma GCC unroll 16
        for (std::size_t j = 0; j < Of::points; ++j)
          d[j] = whole || (y < P.height && x + j < P.width)
                     ? load_lanes<T, A>(image + y * P.row() + (x + j) * P.channels + c, P.depth - c)
                     : V(T(0));
        multiply_known<Of::transform.image>(u, d);
#pragma GCC unroll 16
        for (std::size_t i = 0; i < Of::points; ++i) u[i].store_aligned(to + i * Of::image);
      }
}

/// Keeps the sums of a point where they are transformed back from.
template <class T, std::size_t Filters> struct store_sums {
  static constexpr bool light = true;
  T* to;
  template <class V>
  [[gnu::always_inline]] void operator()(std::size_t, std::size_t p, std::size_t f, V v, std::size_t) const {
    v.store_aligned(to + p * Filters + f);
  }
};

/// The first TX pixels of tile t of row y, for a vector of filters.
template <class Of, class T, class V, std::size_t TX>
[[gnu::always_inline]] inline void transform_back(V (&pixels)[TX][1], const T* sums, std::size_t y, std::size_t t,
                                                  std::size_t f) {
  V sum[Of::points], out[Of::O];
#pragma GCC unroll 16
  for (std::size_t i = 0; i < Of::points; ++i)
    sum[i] = V::load_aligned(sums + i * Of::sums + (y * Of::tiles + t) * Of::filters + f);
  multiply_known<Of::transform.outputs>(out, sum);
#pragma GCC unroll 16
  for (std::size_t o = 0; o < TX; ++o) pixels[o][0] = out[o];
}

/// Hands the pixels of an image to their epilogue.
template <class Of, class T, class Arch, sweep P, std::size_t N, class Epilogue>
[[gnu::noinline]] void hand_over_image(const T* sums, std::size_t m, std::size_t first, const Epilogue epilogue) {
  using V = vector<T, Arch>;
  constexpr std::size_t W = V::size, rest = N % W;
  for (std::size_t y = 0; y < P.out_height; y += P.pools.height) {
    const auto tile = [&]<std::size_t TX, std::size_t Lanes>(std::size_t t, std::size_t f)
                          __attribute__((always_inline)) {
                            hand_over_rows<T, Arch, P, TX, 1, Lanes>(
                                [&](V(&pixels)[TX][1], std::size_t line)
                                    __attribute__((always_inline)) { transform_back<Of>(pixels, sums, line, t, f); },
                                m, y, t * Of::O, first + f, epilogue);
                          };
    const auto filters = [&]<std::size_t TX>(std::size_t t) __attribute__((always_inline)) {
      for (std::size_t f = 0; f + W <= N; f += W) tile.template operator()<TX, W>(t, f);
      if constexpr (rest > 0) tile.template operator()<TX, rest>(t, N - rest);
    };
    for (std::size_t t = 0; t < P.out_width / Of::O; ++t) filters.template operator()<Of::O>(t);
    if constexpr (P.out_width % Of::O > 0) filters.template operator()<P.out_width % Of::O>(P.out_width / Of::O);
  }
}

/// Bytes of scratch at most: a single sample's is on the stack.
inline constexpr std::size_t winograd_bytes = std::size_t(1) << 18;

} // namespace detail

/// Numbers of scratch that `run_winograd` needs for N filters.
template <class T, class Arch, sweep P, std::size_t N>
inline constexpr std::size_t winograd_scratch = [] {
  using of = detail::filtered<T, Arch, P, N>;
  return of::points * (of::weights + of::image + of::sums);
}();

/// Whether `run_winograd` can do a sweep for N filters, and is clearly faster than `run_direct`. It does so in float
/// only: in double its rounding would be seen, in comparisons with others and in checks of gradients.
template <class T, class Arch, sweep P, std::size_t N>
inline constexpr bool prefers_winograd = [] {
  if constexpr (!std::is_same_v<T, float> || (P.kernel_width != 3 && P.kernel_width != 5) || P.stride_x != 1 ||
                P.stride_y != 1 || P.dilation_x != 1)
    return false;
  else
    return 4 % P.pools.width == 0 && winograd_scratch<T, Arch, P, N> * sizeof(T) <= detail::winograd_bytes &&
           5 * detail::direct_cost<T, Arch, P, N>() >= 6 * detail::filtered<T, Arch, P, N>::cost;
}();

/// `run_sweep` (run_sweep.hpp) by minimal filtering along the rows.
template <class T, class Arch, sweep P, std::size_t N, class Epilogue>
void run_winograd(const T* const* images, std::size_t channel, std::size_t batch, const T* weights, T* scratch,
                  std::size_t first, const Epilogue& epilogue) {
  using of = detail::filtered<T, Arch, P, N>;
  T *const image = scratch + of::points * of::weights, *const sums = image + of::points * of::image;
  detail::transform_weights<of, T, Arch, P.unpooled(), N>(weights, scratch);
  for (std::size_t m = 0; m < batch; ++m) {
    detail::transform_image<of, T, P.unpooled()>(images[m] + channel, image);
    for (std::size_t i = 0; i < of::points; ++i) {
      const T* const at = image + i * of::image;
      run_direct<T, Arch, of::at_point, N>(&at, 0, 1, scratch + i * of::weights, nullptr, 0,
                                           detail::store_sums<T, of::filters>{sums + i * of::sums});
    }
    detail::hand_over_image<of, T, Arch, P, N>(sums, m, first, epilogue);
  }
}

} // namespace lamina::simd
