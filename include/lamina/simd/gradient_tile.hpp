#pragma once
#include <cstddef>
#include <lamina/simd/partial.hpp>
#include <lamina/simd/sweep.hpp>
#include <lamina/simd/traits.hpp>

/// The innermost loops of a weight gradient: a tile of taps and channels times vectors of filters, whose sums stay in
/// registers while pixels go by.
namespace lamina::simd::detail {

/// Sums that a tile holds at most, beside a pixel's filters and a number of the image.
template <class Arch> inline constexpr std::size_t gradient_sums = registers<Arch> >= 32 ? 26 : 12;

/// A vector from an image of which `Lanes` lanes are used: of filters, or of the channels of a depthwise convolution.
template <class T, class Arch, std::size_t Lanes> struct lanes_of_pixel {
  [[gnu::always_inline]] static vector<T, Arch> load(const T* p) {
    if constexpr (Lanes < vector<T, Arch>::size)
      return load_partial<T, Arch>(p, Lanes);
    else
      return vector<T, Arch>::load_unaligned(p);
  }
};

/// The sums a tile holds: kernel rows, kernel columns, channels, vectors of filters, `lanes` of which are in use; and
/// the columns of the panel where they are stored.
struct gradient_shape {
  std::size_t rows, columns, channels, vectors, lanes, panel;
};

/// sum += image · dz for one pixel, whose dz is at `z`. `row` points at the image's column 0, for a pixel that sees
/// nothing outside at the column under its first tap.
template <class T, class Arch, sweep P, gradient_shape S, bool Edge, std::size_t N>
[[gnu::always_inline]] inline void add_pixel(vector<T, Arch> (&sum)[N][S.vectors], const T* row, const T* z,
                                             std::size_t x) {
  using V = vector<T, Arch>;
  constexpr std::size_t W = V::size;
  V b[S.vectors];
#pragma GCC unroll 8
  for (std::size_t v = 0; v < S.vectors; ++v) {
    b[v] = v + 1 < S.vectors ? V::load_unaligned(z + v * W)
                             : lanes_of_pixel<T, Arch, S.lanes - (S.vectors - 1) * W>::load(z + v * W);
    hold<T, Arch>(b[v]);
  }
#pragma GCC unroll 32
  for (std::size_t i = 0; i < N; ++i) {
    const std::size_t c = i % S.channels, kx = i / S.channels % S.columns, ky = i / S.channels / S.columns;
    const std::size_t at = Edge ? P.column(x, kx) : kx * P.dilation_x;
    if (!Edge || at < P.width) {
      const V a(row[ky * P.dilation_y * P.row() + at * P.channels + c]);
#pragma GCC unroll 8
      for (std::size_t v = 0; v < S.vectors; ++v) sum[i][v] = multiply_add(a, b[v], sum[i][v]);
    }
  }
}

/// Where a tile is: the first of its kernel rows and columns, the output rows it takes.
struct gradient_place {
  std::size_t ky, kx;
  range lines;
};

/// Adds to the sums of a tile, which begin at `sums` in their panel, what `count` images give. The tile's
/// first channel is at `channel` of a pixel, its first filter at `filter` of the `F` of a pixel of the small side.
template <class T, class Arch, sweep P, std::size_t F, gradient_shape S>
[[gnu::noinline]] void gradient_tile(const T* const* images, std::size_t channel, const T* const* small,
                                     std::size_t filter, std::size_t count, gradient_place at, T* sums) {
  using V = vector<T, Arch>;
  constexpr std::size_t N = S.rows * S.columns * S.channels;
  constexpr row_plan plan{P, 1};
  const auto place = [&](std::size_t i) __attribute__((always_inline)) {
    return ((i / S.channels / S.columns * P.kernel_width + i / S.channels % S.columns) * P.depth + i % S.channels) *
           S.panel;
  };
  V sum[N][S.vectors];
#pragma GCC unroll 32
  for (std::size_t i = 0; i < N; ++i)
#pragma GCC unroll 8
    for (std::size_t v = 0; v < S.vectors; ++v) sum[i][v] = V::load_aligned(sums + place(i) + v * V::size);
  for (std::size_t m = 0; m < count; ++m)
    for (std::size_t y = at.lines.first; y < at.lines.last; ++y) {
      const std::size_t line = y * P.stride_y + at.ky * P.dilation_y - static_cast<std::size_t>(P.top);
      const T* row = images[m] + channel + line * P.row() + at.kx * P.dilation_x * P.channels;
      const T* z = small[m] + filter + y * P.out_width * F;
#pragma GCC unroll 4
      for (std::size_t x = 0; x < plan.left; ++x, z += F) add_pixel<T, Arch, P, S, true>(sum, row, z, x);
      const T* inside = row + P.column(plan.left, 0) * P.channels;
      for (std::size_t x = plan.edges(); x < P.out_width; ++x, z += F, inside += P.stride_x * P.channels)
        add_pixel<T, Arch, P, S, false>(sum, inside, z, 0);
#pragma GCC unroll 4
      for (std::size_t x = P.out_width - plan.right; x < P.out_width; ++x, z += F)
        add_pixel<T, Arch, P, S, true>(sum, row, z, x);
    }
#pragma GCC unroll 32
  for (std::size_t i = 0; i < N; ++i)
#pragma GCC unroll 8
    for (std::size_t v = 0; v < S.vectors; ++v) sum[i][v].store_aligned(sums + place(i) + v * V::size);
}

} // namespace lamina::simd::detail
