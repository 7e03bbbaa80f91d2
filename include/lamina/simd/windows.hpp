#pragma once
#include <cstddef>
#include <limits>
#include <type_traits>
#include <utility>

#include <lamina/expression/value.hpp>
#include <lamina/simd/convolution.hpp>
#include <lamina/simd/partial.hpp>

/// Windows over images that stand channels last: what poolings do, channel by channel. `epilogue(m, p, f, v, lanes)`.
namespace lamina::simd {

/// The windows of a geometry, one for each pixel of its small side.
template <convolution G> struct windows {
  static constexpr convolution geometry = G;
  static constexpr std::size_t channels = G.channels, size = G.kernel_height * G.kernel_width;
  /// No window reaches over the border.
  static constexpr bool inside = G.top == 0 && G.left == 0 &&
                                 (G.out_height - 1) * G.stride_y + G.kernel_height <= G.height &&
                                 (G.out_width - 1) * G.stride_x + G.kernel_width <= G.width;
  /// A pixel may be in several windows.
  static constexpr bool overlap = !inside || G.stride_y < G.kernel_height || G.stride_x < G.kernel_width;
  /// Every pixel is in one.
  static constexpr bool cover = G.stride_y <= G.kernel_height && G.stride_x <= G.kernel_width &&
                                G.top + G.height <= (G.out_height - 1) * G.stride_y + G.kernel_height &&
                                G.left + G.width <= (G.out_width - 1) * G.stride_x + G.kernel_width;

  /// A window all of whose pixels are there, from the first one on: `visit(pixel, k)`, unrolled.
  struct whole {
    static constexpr bool is_whole = true;
    std::size_t first;

    template <class Visit> [[gnu::always_inline]] void operator()(const Visit& visit) const {
      [&]<std::size_t... K>(std::index_sequence<K...>) __attribute__((always_inline)) {
        (visit(first + K / G.kernel_width * G.width + K % G.kernel_width, std::integral_constant<std::size_t, K>{}),
         ...);
      }(std::make_index_sequence<size>{});
    }
  };
  /// Any window; pixels that are padding are left out.
  struct cut {
    static constexpr bool is_whole = false;
    std::size_t oy, ox;

    template <class Visit> void operator()(const Visit& visit) const {
      for (std::size_t ky = 0; ky < G.kernel_height; ++ky) {
        const std::size_t y = oy * G.stride_y + ky - G.top;
        if (y >= G.height) continue; // also where it is before the first row
        for (std::size_t kx = 0; kx < G.kernel_width; ++kx) {
          const std::size_t x = ox * G.stride_x + kx - G.left;
          if (x < G.width) visit(y * G.width + x, ky * G.kernel_width + kx);
        }
      }
    }
  };

  /// Calls `visit(o, window)` for window o, a `whole` one where it is small enough to be unrolled.
  template <class Visit> [[gnu::always_inline]] static void each(const Visit& visit) {
    constexpr bool small = size <= 9;
    for (std::size_t oy = 0, o = 0; oy < G.out_height; ++oy)
      for (std::size_t ox = 0; ox < G.out_width; ++ox, ++o) {
        const std::size_t y = oy * G.stride_y - G.top, x = ox * G.stride_x - G.left; // huge where before the border
        const bool there =
            inside || (y < G.height && y + G.kernel_height <= G.height && x < G.width && x + G.kernel_width <= G.width);
        if (small && there)
          visit(o, whole{y * G.width + x});
        else if constexpr (!small || !inside)
          visit(o, cut{oy, ox});
      }
  }

  /// The windows [first, end) along a side that a place of it is in.
  struct range {
    std::size_t first, end;
  };
  static constexpr range of_place(std::size_t at, std::size_t before, std::size_t kernel, std::size_t stride,
                                  std::size_t count) {
    const std::size_t place = at + before, last = place / stride;
    return {place < kernel ? 0 : (place - kernel) / stride + 1, last < count ? last + 1 : count};
  }
  static constexpr range rows_of(std::size_t y) {
    return of_place(y, G.top, G.kernel_height, G.stride_y, G.out_height);
  }
  static constexpr range columns_of(std::size_t x) {
    return of_place(x, G.left, G.kernel_width, G.stride_x, G.out_width);
  }
};

/// The largest number of each window; padding never wins.
template <class T, class Arch, class Windows, class Epilogue>
void largest_of_windows(const T* const* rows, std::size_t batch, Epilogue epilogue) {
  using V = vector<T, Arch>;
  constexpr std::size_t C = Windows::channels;
  for (std::size_t m = 0; m < batch; ++m)
    Windows::each([&](std::size_t o, const auto& window) __attribute__((always_inline)) {
      for (std::size_t f = 0; f < C; f += V::size) {
        V most(-std::numeric_limits<T>::infinity());
        window([&](std::size_t pixel, auto) __attribute__((always_inline)) {
          most = math::max(most, load_lanes<T, Arch>(rows[m] + pixel * C + f, C - f));
        });
        epilogue(m, o, f, most, C - f);
      }
    });
}

/// The mean of each window; padding counts as 0.
template <class T, class Arch, class Windows, class Epilogue>
void mean_of_windows(const T* const* rows, std::size_t batch, Epilogue epilogue) {
  using V = vector<T, Arch>;
  constexpr std::size_t C = Windows::channels;
  const V share(T(1) / static_cast<T>(Windows::size));
  for (std::size_t m = 0; m < batch; ++m)
    Windows::each([&](std::size_t o, const auto& window) __attribute__((always_inline)) {
      for (std::size_t f = 0; f < C; f += V::size) {
        V sum(T(0));
        window([&](std::size_t pixel, auto)
                   __attribute__((always_inline)) { sum += load_lanes<T, Arch>(rows[m] + pixel * C + f, C - f); });
        epilogue(m, o, f, sum * share, C - f);
      }
    });
}

/// For each pixel, the sum of what the windows it is in have to share: the adjoint of the mean.
template <class T, class Arch, class Windows, class Epilogue>
void share_among_windows(const T* const* shares, std::size_t batch, Epilogue epilogue) {
  using V = vector<T, Arch>;
  constexpr convolution g = Windows::geometry;
  constexpr std::size_t C = g.channels;
  const V share(T(1) / static_cast<T>(Windows::size));
  for (std::size_t m = 0; m < batch; ++m)
    if constexpr (Windows::cover && !Windows::overlap) {
      Windows::each([&](std::size_t o, const auto& window) __attribute__((always_inline)) {
        for (std::size_t f = 0; f < C; f += V::size) {
          const V v = load_lanes<T, Arch>(shares[m] + o * C + f, C - f) * share;
          window([&](std::size_t pixel, auto) __attribute__((always_inline)) { epilogue(m, pixel, f, v, C - f); });
        }
      });
    } else {
      for (std::size_t y = 0; y < g.height; ++y)
        for (std::size_t x = 0; x < g.width; ++x)
          for (std::size_t f = 0; f < C; f += V::size) {
            const auto rows = Windows::rows_of(y), columns = Windows::columns_of(x);
            V sum(T(0));
            for (std::size_t oy = rows.first; oy < rows.end; ++oy)
              for (std::size_t ox = columns.first; ox < columns.end; ++ox)
                sum += load_lanes<T, Arch>(shares[m] + (oy * g.out_width + ox) * C + f, C - f);
            epilogue(m, y * g.width + x, f, sum * share, C - f);
          }
    }
}

/// Gives what each window has to the first of its largest numbers and 0 to its others: the adjoint of the largest.
/// Pixels of several windows come several times, those of none once, with 0.
template <class T, class Arch, class Windows, class Epilogue>
void give_to_largest(const T* const* rows, const T* const* given, std::size_t batch, Epilogue epilogue) {
  using V = vector<T, Arch>;
  constexpr convolution g = Windows::geometry;
  constexpr std::size_t C = g.channels;
  const V zero(T(0));
  for (std::size_t m = 0; m < batch; ++m) {
    Windows::each([&](std::size_t o, const auto& window) __attribute__((always_inline)) {
      constexpr bool is_whole = std::remove_cvref_t<decltype(window)>::is_whole;
      for (std::size_t f = 0; f < C; f += V::size) {
        V left = load_lanes<T, Arch>(given[m] + o * C + f, C - f), most(-std::numeric_limits<T>::infinity());
        V held[is_whole ? Windows::size : 1]; // what fits into registers is not read twice
        const auto load = [&](std::size_t pixel) { return load_lanes<T, Arch>(rows[m] + pixel * C + f, C - f); };
        window([&](std::size_t pixel, auto k) __attribute__((always_inline)) {
          const V x = load(pixel);
          if constexpr (is_whole) held[k] = x;
          most = math::max(most, x);
        });
        window([&](std::size_t pixel, auto k) __attribute__((always_inline)) {
          const auto chosen = (is_whole ? held[is_whole ? std::size_t{k} : 0] : load(pixel)) == most;
          epilogue(m, pixel, f, V(xsimd::select(chosen, left, zero)), C - f);
          left = xsimd::select(chosen, zero, left);
        });
      }
    });
    for (std::size_t y = 0; y < g.height && !Windows::cover; ++y) {
      const auto in_rows = Windows::rows_of(y);
      for (std::size_t x = 0; x < g.width; ++x) {
        const auto in_columns = Windows::columns_of(x);
        if (in_rows.first < in_rows.end && in_columns.first < in_columns.end) continue;
        for (std::size_t f = 0; f < C; f += V::size) epilogue(m, y * g.width + x, f, zero, C - f);
      }
    }
  }
}

/// An epilogue that adds to an image.
template <class T, std::size_t Channels> struct add_to_pixels {
  T* image;

  template <class V>
  [[gnu::always_inline]] void operator()(std::size_t, std::size_t p, std::size_t f, V v, std::size_t lanes) const {
    using A = typename V::arch_type;
    T* const to = image + p * Channels + f;
    store_lanes<T, A>(to, lanes, load_lanes<T, A>(to, lanes) + v);
  }
};

} // namespace lamina::simd
