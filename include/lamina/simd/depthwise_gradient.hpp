#pragma once
#include <cstddef>
#include <lamina/simd/gradient_tile.hpp>
#include <lamina/simd/panels.hpp>
#include <lamina/simd/sweep.hpp>
#include <lamina/simd/traits.hpp>

/// The weight gradient of filters that see one channel each, their own: vectors lie along the channels.
///
/// A tile is some lines of the output high, one column wide and one vector of channels deep. Tiles go through all
/// channels of a column, then to the next column, so that every line of both sides is read from front to back: the
/// processor prefetches a dozen of such streams at once, and nothing else that this kernel could read. A number of the
/// image is loaded once for all lines that see it: the first cache hands out one vector of 64 bytes a cycle, which is
/// what the multiplier takes.
namespace lamina::simd::detail {

/// The first cache: bytes in all, and between places that are kept in one set of lines.
inline constexpr std::size_t first_cache = std::size_t(1) << 15, first_cache_way = std::size_t(1) << 12;

/// How far ahead in each line memory is asked for, in bytes.
inline constexpr std::size_t depthwise_ahead = 1024;

/// Columns of the kernel whose sums a tile holds, for all of its rows: registers are left for some lines of the output.
template <class Arch, sweep P>
inline constexpr cut depthwise_columns = parts(P.kernel_width, (registers<Arch> >= 32 ? 23 : 10) / P.kernel_height);

/// Of so many rows, so many bytes each, those that fall into one set of the first cache.
constexpr std::size_t rows_in_a_set(std::size_t rows, std::size_t bytes) {
  const std::size_t factor = bytes & (~bytes + 1), apart = factor < first_cache_way ? first_cache_way / factor : 1;
  return (rows + apart - 1) / apart;
}

/// Lines of the output that a tile takes at most: what registers are left beside its sums and a number of the image,
/// and no more than the first cache keeps from column to column. It has eight places to a set; somewhat more is no loss
/// yet, but twice as much is, which rows of 4 KB or a multiple of them soon are. Where even three lines of the output
/// are too many, all of them find less again, but need less.
template <class T, class Arch, sweep P>
inline constexpr std::size_t depthwise_lines = [] {
  constexpr std::size_t taken = P.kernel_height * depthwise_columns<Arch, P>.size + 2;
  // Fewer than four for tall kernels would make as many edges as they have rows.
  constexpr std::size_t most = registers<Arch> > taken + 7   ? 7
                               : registers<Arch> > taken + 4 ? registers<Arch> - taken
                                                             : 4;
  constexpr std::size_t pixel = P.channels * sizeof(T), sums = P.kernel_height * P.kernel_width * pixel;
  for (std::size_t lines = most; lines >= 3; --lines) {
    const std::size_t seen = (lines - 1) * P.stride_y + (P.kernel_height - 1) * P.dilation_y + 1,
                      set = rows_in_a_set(seen, P.width * pixel) + rows_in_a_set(lines, P.out_width * pixel);
    if ((seen * P.kernel_width + lines) * pixel + sums <= first_cache &&
        set * first_cache_way + sums <= 12 * first_cache_way)
      return lines;
  }
  return most;
}();

/// How the lines of the output are cut: as columns are of sweeps.
template <class T, class Arch, sweep P>
inline constexpr row_plan depthwise_plan{P.turned(), depthwise_lines<T, Arch, P>};

/// Columns of the output that tiles of so many lines take before they go to the next channels. Sums are loaded and
/// stored each time, which is much for a few products; but columns in turns are no streams.
constexpr std::size_t depthwise_together(std::size_t lines) { return lines < 3 ? 8 / lines : 1; }

/// The lines of the image that are inside, counted from the one under the kernel's first row.
template <sweep P, pieces At>
inline constexpr range depthwise_seen = [] {
  const std::size_t seen = (At.size - 1) * P.stride_y + (P.kernel_height - 1) * P.dilation_y + 1;
  return At.count > 1 ? range{0, seen}
                      : within(static_cast<std::ptrdiff_t>(At.first * P.stride_y) - P.top, 1, seen, P.height);
}();

/// Where a tile is: the first column of the kernel, the first pixel of the output, how many columns of that.
struct depthwise_place {
  std::size_t kx, y, x, count;
};

/// Adds to the sums of `Lanes` channels and `Columns` of the kernel, a tap's `panel` numbers behind those of the one
/// before. `At` are the lines, of which none sees anything outside if there are several such pieces.
template <class T, class Arch, sweep P, pieces At, std::size_t Columns, std::size_t Most, std::size_t Lanes>
[[gnu::always_inline]] inline void depthwise_gradient_tile(const T* image, const T* small, const depthwise_place& at,
                                                           std::size_t panel, T* sums) {
  using V = vector<T, Arch>;
  using lanes = lanes_of_pixel<T, Arch, Lanes>;
  constexpr std::size_t C = P.channels, row = P.row(), out_row = P.out_width * C, top = static_cast<std::size_t>(P.top);
  constexpr std::size_t first = depthwise_seen<P, At>.first, end = depthwise_seen<P, At>.last;
  constexpr std::size_t last = (Columns - 1) * P.dilation_x * C, ahead = depthwise_ahead / sizeof(T);
  T* const own = sums + at.kx * panel;
  V sum[P.kernel_height][Columns];
#pragma GCC unroll 32
  for (std::size_t ky = 0; ky < P.kernel_height; ++ky)
#pragma GCC unroll 32
    for (std::size_t kx = 0; kx < Columns; ++kx)
      sum[ky][kx] = V::load_aligned(own + (ky * P.kernel_width + kx) * panel);
  const T* from = image + (at.y * P.stride_y + first - top) * row + P.column(at.x, at.kx) * C;
  const T* z = small + at.y * out_row + at.x * C;
  for (std::size_t i = 0; i < (Most == 1 ? 1 : at.count); ++i, z += C, from += P.stride_x * C) {
    V b[At.size];
#pragma GCC unroll 8
    for (std::size_t y = 0; y < At.size; ++y) {
      prefetch_far(z + y * out_row + ahead);
      b[y] = lanes::load(z + y * out_row);
      hold<T, Arch>(b[y]);
    }
#pragma GCC unroll 64
    for (std::size_t r = first; r < end; ++r) {
      const T* line = from + (r - first) * row;
      if (r + At.size * P.stride_y >= end) prefetch_far(line + last + ahead); // those above were read before
#pragma GCC unroll 32
      for (std::size_t kx = 0; kx < Columns; ++kx) {
        V a = lanes::load(line + kx * P.dilation_x * C);
        hold<T, Arch>(a);
#pragma GCC unroll 32
        for (std::size_t ky = 0; ky < P.kernel_height; ++ky) {
          const std::size_t below = r - ky * P.dilation_y; // huge for lines above
          if (below % P.stride_y == 0 && below / P.stride_y < At.size)
            sum[ky][kx] = multiply_add(a, b[below / P.stride_y], sum[ky][kx]);
        }
      }
    }
  }
#pragma GCC unroll 32
  for (std::size_t ky = 0; ky < P.kernel_height; ++ky)
#pragma GCC unroll 32
    for (std::size_t kx = 0; kx < Columns; ++kx) sum[ky][kx].store_aligned(own + (ky * P.kernel_width + kx) * panel);
}

/// The tiles of all channels.
template <class T, class Arch, sweep P, pieces At, std::size_t Columns, std::size_t Most>
[[gnu::always_inline]] inline void depthwise_gradient_tiles(const T* image, const T* small, const depthwise_place& at,
                                                            T* sums) {
  using layout = panels<T, Arch>;
  constexpr std::size_t W = width<T, Arch>, C = P.channels, whole = C / W * W, K = P.kernel_height * P.kernel_width;
  const auto panel = [](std::size_t c) { return layout::columns_at(c / layout::columns * layout::columns, C); };
  for (std::size_t c = 0; c < whole; c += W)
    depthwise_gradient_tile<T, Arch, P, At, Columns, Most, W>(image + c, small + c, at, panel(c),
                                                              sums + layout::offset(c, 0, C, K));
  if constexpr (C > whole)
    depthwise_gradient_tile<T, Arch, P, At, Columns, Most, C - whole>(image + whole, small + whole, at, panel(whole),
                                                                      sums + layout::offset(whole, 0, C, K));
}

/// A column that sees columns outside: those of the kernel that are inside, one by one.
template <class T, class Arch, sweep P, pieces At>
[[gnu::noinline]] void depthwise_gradient_edge(const T* image, const T* small, std::size_t y, std::size_t x, T* sums) {
  for (std::size_t kx = 0; kx < P.kernel_width; ++kx)
    if (P.column(x, kx) < P.width) depthwise_gradient_tiles<T, Arch, P, At, 1, 1>(image, small, {kx, y, x, 1}, sums);
}

/// The columns from `first` on that see nothing outside.
template <class T, class Arch, sweep P, pieces At>
[[gnu::noinline]] void depthwise_gradient_lines(const T* image, const T* small, std::size_t y, std::size_t first,
                                                std::size_t last, T* sums) {
  constexpr std::size_t most = depthwise_together(At.size);
  for (std::size_t x = first; x < last; x += most)
    each_part<depthwise_columns<Arch, P>>([&]<std::size_t Columns>(std::size_t kx) __attribute__((always_inline)) {
      depthwise_gradient_tiles<T, Arch, P, At, Columns, most>(image, small,
                                                              {kx, y, x, last - x < most ? last - x : most}, sums);
    });
}

/// Adds what an image gives to the sums of a weight block.
template <class T, class Arch, sweep P> void add_depthwise_gradient(const T* image, const T* small, T* sums) {
  constexpr std::size_t left = row_plan{P, 1}.left, right = P.out_width - row_plan{P, 1}.right;
  each_run<depthwise_plan<T, Arch, P>>([&]<pieces At>() {
    if constexpr (depthwise_seen<P, At>.first < depthwise_seen<P, At>.last)
      for (std::size_t i = 0; i < At.count; ++i) {
        const std::size_t y = At.first + i * At.size;
        for (std::size_t x = 0; x < left; ++x) depthwise_gradient_edge<T, Arch, P, At>(image, small, y, x, sums);
        depthwise_gradient_lines<T, Arch, P, At>(image, small, y, left, right, sums);
        for (std::size_t x = right; x < P.out_width; ++x)
          depthwise_gradient_edge<T, Arch, P, At>(image, small, y, x, sums);
      }
  });
}

} // namespace lamina::simd::detail
