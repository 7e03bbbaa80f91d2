#pragma once
#include <cstddef>
#include <cstring>
#include <lamina/simd/pooled.hpp>
#include <utility>

namespace lamina::simd {

/// A kernel sweeping over an image, the one form that a convolution and the phases of its adjoint have:
/// out(y, x, f) = Σ_{ky,kx,c} image(y·stride_y + ky·dilation_y − top, x·stride_x + kx·dilation_x − left, c) · w(f, k).
/// A structural type.
struct sweep {
  std::size_t channels, height, width; ///< of the image, all groups
  std::size_t depth;                   ///< channels that a filter sees
  std::size_t out_height, out_width;
  std::size_t kernel_height, kernel_width;
  std::size_t stride_y, stride_x;
  std::ptrdiff_t top, left; ///< where they are negative, the sweep begins inside the image
  std::size_t dilation_y, dilation_x;
  /// Output (y, x) is pixel first + y·step_y + x·step_x of what the epilogue sees.
  std::size_t first, step_y, step_x;
  /// What the epilogue pools; the output's sizes are multiples of it.
  window pools{};

  constexpr std::size_t pixel(std::size_t y, std::size_t x) const { return first + y * step_y + x * step_x; }

  /// The window whose first pixel is (y, x).
  constexpr std::size_t window_at(std::size_t y, std::size_t x) const {
    return y / pools.height * (out_width / pools.width) + x / pools.width;
  }
  /// The same sweep over what whole windows see.
  constexpr sweep pooled(const window& w) const {
    sweep p = *this;
    p.pools = w;
    p.out_height = out_height / w.height * w.height;
    p.out_width = out_width / w.width * w.width;
    return p;
  }
  /// The same sweep for whom it does not matter what is pooled.
  constexpr sweep unpooled() const {
    sweep p = *this;
    p.pools = {};
    return p;
  }

  /// Numbers of the image between two of its rows.
  constexpr std::size_t row() const { return width * channels; }

  /// The image's column under pixel x and tap kx; no smaller than `width` where that is outside.
  constexpr std::size_t column(std::size_t x, std::size_t kx) const {
    return x * stride_x + kx * dilation_x - static_cast<std::size_t>(left);
  }
  /// Whether pixel x sees nothing but columns inside.
  constexpr bool inside(std::size_t x) const { return column(x, 0) < width && column(x, kernel_width - 1) < width; }

  /// The same sweep over images that have the columns outside as zeros, and `kept` of the channels.
  constexpr sweep bordered(std::size_t kept) const {
    sweep p = *this;
    p.channels = kept;
    p.width = (out_width - 1) * stride_x + (kernel_width - 1) * dilation_x + 1;
    p.left = 0;
    return p;
  }

  /// Rows for columns and columns for rows.
  constexpr sweep turned() const {
    sweep p = *this;
    std::swap(p.width, p.height);
    std::swap(p.out_width, p.out_height);
    std::swap(p.kernel_width, p.kernel_height);
    std::swap(p.stride_x, p.stride_y);
    std::swap(p.left, p.top);
    std::swap(p.dilation_x, p.dilation_y);
    return p;
  }

  /// The same sweep, as one row where a kernel of one pixel takes every pixel of the image as it comes.
  constexpr sweep flattened() const {
    if (kernel_height != 1 || kernel_width != 1 || stride_y != 1 || stride_x != 1 || top != 0 || left != 0 ||
        out_height != height || out_width != width || step_x != 1 || step_y != out_width)
      return *this;
    sweep p = *this;
    p.width = p.out_width = p.step_y = height * width;
    p.height = p.out_height = 1;
    return p;
  }
};

namespace detail {

/// So many products are unrolled at most.
inline constexpr std::size_t unrolled_products = 128;

/// The numbers of a loop: from `first` to before `last`.
struct range {
  std::size_t first, last;
};

/// The i < count with 0 ≤ begin + i·step < limit.
constexpr range within(std::ptrdiff_t begin, std::size_t step, std::size_t count, std::size_t limit) {
  const auto below = [&](std::ptrdiff_t distance) { // how many i have i·step < distance
    if (distance <= 0) return std::size_t(0);
    const std::size_t n = (static_cast<std::size_t>(distance) + step - 1) / step;
    return n < count ? n : count;
  };
  const std::size_t first = below(-begin), last = below(static_cast<std::ptrdiff_t>(limit) - begin);
  return {first, last < first ? first : last};
}

/// The kernel's rows that are inside the image for row y of the output.
template <sweep P> constexpr range kernel_rows(std::size_t y) {
  return within(static_cast<std::ptrdiff_t>(y * P.stride_y) - P.top, P.dilation_y, P.kernel_height, P.height);
}

/// Fills `target` with what `P.bordered(Kept)` sweeps over.
template <class T, sweep P, std::size_t Kept> [[gnu::noinline]] void copy_with_border(const T* image, T* target) {
  constexpr std::size_t width = P.bordered(Kept).width;
  constexpr range inside = within(-P.left, 1, width, P.width);
  for (std::size_t y = 0; y < P.height; ++y, image += P.row())
    for (std::size_t x = 0; x < width; ++x, target += Kept)
      if (x >= inside.first && x < inside.last)
        std::memcpy(target, image + (x - static_cast<std::size_t>(P.left)) * P.channels, Kept * sizeof(T));
      else
        std::memset(target, 0, Kept * sizeof(T));
}

/// `count` pieces of `size` pixels of a row of the output, one after the other. Of several, all are inside.
struct pieces {
  std::size_t first = 0, size = 0, count = 0;
};

/// A row of outputs, cut into pieces of at most `most` pixels, which differ by one window at most: one pixel where
/// nothing is pooled.
struct cut {
  std::size_t unit;               ///< the window's width
  std::size_t count, size, large; ///< pieces, windows of the first `large` of them; the others have one less

  constexpr cut(std::size_t out_width, std::size_t most, std::size_t window_width = 1)
      : unit{window_width}, count{(out_width + most / unit * unit - 1) / (most / unit * unit)},
        size{(out_width / unit + count - 1) / count}, large{out_width / unit - count * (size - 1)} {}

  constexpr std::size_t begin(std::size_t i) const { return unit * (i * size - (i > large ? i - large : 0)); }
  constexpr pieces piece(std::size_t i) const { return {begin(i), begin(i + 1) - begin(i), 1}; }
  /// Pieces `from` … `to`-1, which have one size.
  constexpr pieces run(std::size_t from, std::size_t to) const {
    return from < to ? pieces{begin(from), begin(from + 1) - begin(from), to - from} : pieces{};
  }
};

/// The size of pieces for n pixels, or whatever else tiles share, where a tile holds `most`. Of the sizes above half of
/// that, one that divides n is best: every other one costs a second instantiation and ends in a smaller tile.
constexpr std::size_t piece_size(std::size_t n, std::size_t most) {
  if (n <= most) return n;
  for (std::size_t size = most; 2 * size > most && size > 1; --size)
    if (n % size == 0) return size;
  return most;
}

/// n into parts of at most `most`, or one where that is 0.
constexpr cut parts(std::size_t n, std::size_t most) { return {n, piece_size(n, most > 0 ? most : 1)}; }

/// Calls `f.template operator()<size>(begin)` for each part.
template <cut C, class F> [[gnu::always_inline]] inline void each_part(const F& f) {
  for (std::size_t i = 0; i < C.large; ++i) f.template operator()<C.size>(C.begin(i));
  if constexpr (C.large < C.count)
    for (std::size_t i = C.large; i < C.count; ++i) f.template operator()<C.size - 1>(C.begin(i));
}

/// How the rows of a sweep's output are cut: pieces at the left, two runs of pieces that see nothing outside, and
/// pieces at the right.
struct row_plan {
  cut row;
  std::size_t left, right; ///< pieces at the edges

  constexpr row_plan(const sweep& p, std::size_t most) : row{p.out_width, most, p.pools.width}, left{0}, right{0} {
    while (left < row.count && !p.inside(row.begin(left))) ++left;
    while (left + right < row.count && !p.inside(row.begin(row.count - right) - 1)) ++right;
  }
  constexpr std::size_t edges() const { return left + right; }
  constexpr pieces edge(std::size_t i) const { return row.piece(i < left ? i : row.count - (left + right) + i); }
  constexpr pieces larger() const { return row.run(left, end_of_larger()); }
  constexpr pieces smaller() const { return row.run(end_of_larger(), row.count - right); }
  constexpr std::size_t end_of_larger() const {
    return row.large < left ? left : row.large > row.count - right ? row.count - right : row.large;
  }
};

/// Whether a sweep whose rows are cut so, with `products` unrolled for a pixel and a tap, works on copies with zeros at
/// the left and right: where an instantiation for each piece that sees something outside would be too much code.
constexpr bool needs_border(const sweep& p, const row_plan& plan, std::size_t products) {
  return plan.edges() > 4 ||
         (plan.edges() > 0 && p.kernel_width * plan.row.piece(0).size * products > unrolled_products);
}

/// Calls `f.template operator()<pieces>()` for each run of pieces of a row.
template <row_plan Plan, class F> [[gnu::always_inline]] inline void each_run(const F& f) {
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (f.template operator()<Plan.edge(I)>(), ...);
  }(std::make_index_sequence<Plan.edges()>{});
  if constexpr (Plan.larger().count > 0) f.template operator()<Plan.larger()>();
  if constexpr (Plan.smaller().count > 0) f.template operator()<Plan.smaller()>();
}

} // namespace detail

} // namespace lamina::simd
