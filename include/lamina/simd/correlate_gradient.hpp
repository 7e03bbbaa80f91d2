#pragma once
#include <cstddef>
#include <cstring>
#include <lamina/simd/convolution.hpp>
#include <lamina/simd/correlate.hpp>
#include <lamina/simd/depthwise_gradient.hpp>
#include <lamina/simd/gradient_tile.hpp>
#include <type_traits>

namespace lamina::simd {

namespace detail {

/// So many bytes of both sides are worked on at a time, so that all tiles find them in the cache.
inline constexpr std::size_t gradient_bytes = std::size_t(1) << 18;

/// How the taps and channels of a kernel are cut into tiles for NV vectors of filters.
template <class Arch, sweep P, std::size_t NV> struct gradient_cut {
  static constexpr std::size_t sums = gradient_sums<Arch> / NV;
  static constexpr cut columns = parts(P.kernel_width, sums);
  static constexpr bool one_column = columns.count == 1;
  static constexpr cut channels = parts(P.depth, one_column ? sums / P.kernel_width : 1);
  static constexpr cut rows =
      parts(P.kernel_height, one_column&& channels.count == 1 ? sums / (P.kernel_width * P.depth) : 1);
  /// Whether images are copied with zeros at the left and right: edges are unrolled for a whole row of taps only.
  static constexpr bool borders = row_plan{P, 1}.edges() > (one_column ? 4 : 0);
};

/// The rows of the output whose tap in kernel row ky is inside.
template <sweep P> constexpr range lines_under(std::size_t ky) {
  return within(static_cast<std::ptrdiff_t>(ky * P.dilation_y) - P.top, P.stride_y, P.out_height, P.height);
}
constexpr range both(range a, range b) {
  const std::size_t first = a.first > b.first ? a.first : b.first, last = a.last < b.last ? a.last : b.last;
  return {first, last < first ? first : last};
}

/// What both sides of a gradient are read from: `count` images, from a channel and a filter on.
template <class T> struct gradient_rows {
  const T* const* images;
  std::size_t channel;
  const T* const* small;
  std::size_t filter;
  std::size_t count;
};

/// All tiles of NV vectors of filters, over some rows of the output of some images. `sums` are in a panel of `Panel`
/// columns.
template <class T, class Arch, sweep P, std::size_t F, std::size_t NV, std::size_t Lanes, std::size_t Panel>
void gradient_tiles(const gradient_rows<T>& from, range lines, T* sums) {
  using how = gradient_cut<Arch, P, NV>;
  each_part<how::rows>([&]<std::size_t Rows>(std::size_t ky) {
    each_part<how::columns>([&]<std::size_t Columns>(std::size_t kx) {
      each_part<how::channels>([&]<std::size_t Channels>(std::size_t c) {
        T* at = sums + ((ky * P.kernel_width + kx) * P.depth + c) * Panel;
        const auto run = [&]<std::size_t N>(std::integral_constant<std::size_t, N>, std::size_t row, range some) {
          if (some.first < some.last)
            gradient_tile<T, Arch, P, F, gradient_shape{N, Columns, Channels, NV, Lanes, Panel}>(
                from.images, from.channel + c, from.small, from.filter, from.count, {ky + row, kx, some},
                at + row * P.kernel_width * P.depth * Panel);
        };
        // Where not all of the tile's kernel rows are inside, they are done one by one.
        const range all = both(both(lines_under<P>(ky), lines_under<P>(ky + Rows - 1)), lines);
        run(std::integral_constant<std::size_t, Rows>{}, 0, all);
        if constexpr (Rows > 1 &&
                      (lines_under<P>(0).first > 0 || lines_under<P>(P.kernel_height - 1).last < P.out_height))
          for (std::size_t row = 0; row < Rows; ++row) {
            const range own = both(lines_under<P>(ky + row), lines);
            constexpr std::integral_constant<std::size_t, 1> one{};
            if (all.first < all.last) {
              run(one, row, {own.first, all.first});
              run(one, row, {all.last, own.last});
            } else {
              run(one, row, own);
            }
          }
      });
    });
  });
}

/// A panel, `Lanes` columns of which are in use: as many tiles as its vectors take.
template <class T, class Arch, sweep P, std::size_t F, std::size_t Lanes>
void gradient_panel(gradient_rows<T> from, range lines, T* sums) {
  constexpr std::size_t W = width<T, Arch>, tile = sweep_vectors<Arch>, columns = padded<T, Arch>(Lanes),
                        vectors = columns / W;
  const auto block = [&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
    constexpr std::size_t some = vectors - I * tile < tile ? vectors - I * tile : tile;
    gradient_tiles<T, Arch, P, F, some, lanes_of<tile * W, Lanes>(I), columns>(
        {from.images, from.channel, from.small, from.filter + I * tile * W, from.count}, lines, sums + I * tile * W);
  };
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (block(std::integral_constant<std::size_t, I>{}), ...);
  }(std::make_index_sequence<(vectors + tile - 1) / tile>{});
}

/// The sums of some rows of the output of some images, added to a whole weight block.
template <class T, class Arch, convolution G, sweep P>
void add_gradient(const T* const* images, const T* const* small, std::size_t count, range lines, T* sums) {
  using weights = convolution_weights<T, Arch, G>;
  using arch = typename weights::arch;
  using layout = typename weights::layout;
  constexpr std::size_t F = G.filters;
  constexpr std::size_t N = weights::rows, columns = layout::columns, whole = N / columns * columns;
  for (std::size_t g = 0; g < G.groups; ++g) {
    T* group = sums + g * weights::group_size;
    gradient_rows<T> from{images, g * P.depth, small, g * N, count};
    for (std::size_t f = 0; f < whole; f += columns, from.filter += columns)
      gradient_panel<T, arch, P, F, columns>(from, lines, group + f * weights::columns);
    if constexpr (N > whole) gradient_panel<T, arch, P, F, N - whole>(from, lines, group + whole * weights::columns);
  }
}

/// How the work is cut so that what the tiles read stays in the cache: images, or rows of one, at a time.
template <class T, class Arch, convolution G> struct gradient_blocks {
  static constexpr sweep over = sweep_of(G);
  static constexpr bool borders = [] {
    using weights = convolution_weights<T, Arch, G>;
    using arch = typename weights::arch;
    constexpr std::size_t tile = sweep_vectors<arch>, vectors = padded<T, arch>(weights::rows) / width<T, arch>;
    if constexpr (vectors < tile)
      return gradient_cut<arch, over, vectors>::borders;
    else
      return gradient_cut<arch, over, tile>::borders;
  }();
  static constexpr sweep inside = borders ? over.bordered(over.channels) : over;
  static constexpr std::size_t copied = borders ? inside.height * inside.row() : 0;

  static constexpr std::size_t line = (over.stride_y * over.row() + over.out_width * G.filters) * sizeof(T);
  static constexpr std::size_t lines = line * over.out_height <= gradient_bytes ? over.out_height
                                       : line < gradient_bytes                  ? gradient_bytes / line
                                                                                : 1;
  static constexpr std::size_t images = borders || 2 * line * over.out_height > gradient_bytes
                                            ? 1
                                            : gradient_bytes / (line * over.out_height);
};

} // namespace detail

/// Numbers of scratch that `correlate_gradient` needs.
template <class T, class Arch, convolution G>
inline constexpr std::size_t gradient_scratch = [] {
  if constexpr (G.depthwise())
    return std::size_t(0);
  else
    return detail::gradient_blocks<T, Arch, G>::copied;
}();

/// The gradient of a convolution's weights, summed over a batch: w(f, k) = Σ_m Σ_p large(…) · small(p, f), the products
/// of `correlate`.
///
/// `large` and `small` are pointers to `batch` images, channels last, of which nothing beyond the end is read. Fills
/// the whole weight block `sums`, its padding with zeros. `scratch` are `gradient_scratch<T, Arch, G>` aligned numbers.
template <class T, class Arch, convolution G>
void correlate_gradient(const T* const* large, const T* const* small, std::size_t batch, [[maybe_unused]] T* scratch,
                        T* sums) {
  std::memset(sums, 0, convolution_block<T, Arch, G> * sizeof(T));
  if constexpr (G.depthwise()) {
    using arch = typename convolution_weights<T, Arch, G>::arch;
    for (std::size_t m = 0; m < batch; ++m)
      detail::add_depthwise_gradient<T, arch, detail::sweep_of(G)>(large[m], small[m], sums);
  } else {
    using blocks = detail::gradient_blocks<T, Arch, G>;
    constexpr sweep p = blocks::inside;
    for (std::size_t m = 0; m < batch; m += blocks::images) {
      const std::size_t count = batch - m < blocks::images ? batch - m : blocks::images;
      const T* const* images = large + m;
      [[maybe_unused]] const T* copy = scratch;
      if constexpr (blocks::borders) {
        detail::copy_with_border<T, blocks::over, p.channels>(large[m], scratch);
        images = &copy;
      }
      for (std::size_t y = 0; y < p.out_height; y += blocks::lines)
        detail::add_gradient<T, Arch, G, p>(images, small + m, count, {y, y + blocks::lines}, sums);
    }
  }
}

} // namespace lamina::simd
