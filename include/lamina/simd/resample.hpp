#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <lamina/simd/traits.hpp>

/// Images seen at other places: what augmentation moves pixels with.
namespace lamina::simd {

/// Numbers in a plane of height × width with its border of zeros: one before each row and column, two behind.
constexpr std::size_t bordered_size(std::size_t height, std::size_t width) { return (height + 3) * (width + 3); }

/// Copies a plane into one with a border.
inline void add_border(const float* plane, std::size_t height, std::size_t width, float* to) {
  std::memset(to, 0, bordered_size(height, width) * sizeof(float));
  for (std::size_t y = 0; y < height; ++y)
    std::memcpy(to + (y + 1) * (width + 3) + 1, plane + y * width, width * sizeof(float));
}

/// A vector of places: columns and rows, pixels counted from the centre of the first one.
template <class Arch> struct places {
  vector<float, Arch> x, y;
};

/// How many pixels of a row `resample` asks for at most beyond its end.
inline constexpr std::size_t resample_chunk = 16;

/// Bilinear interpolation: pixel (x, y) of each plane becomes what the plane shows at the place that `where(x, y)`
/// gives, for W pixels of row y at once; outside it is 0. `bordered` holds planes with borders; `to` may be the place
/// that they were copied from. Places are the same in all planes.
template <class Arch = default_arch, class Where>
void resample(const float* bordered, std::size_t planes, std::size_t height, std::size_t width, const Where& where,
              float* to) {
  using V = vector<float, Arch>;
  using I = vector<std::int32_t, Arch>;
  constexpr std::size_t W = simd::width<float, Arch>, chunk = resample_chunk;
  static_assert(chunk % W == 0);
  const V last_x(static_cast<float>(width) + 1), last_y(static_cast<float>(height) + 1), zero(0.f), one(1.f);
  const I stride(static_cast<std::int32_t>(width + 3));
  for (std::size_t y = 0; y < height; ++y)
    for (std::size_t next = 0; next < width; next += chunk) {
      // The last chunk of a row goes over the one before it again, rather than beyond the row.
      const std::size_t x = next + chunk <= width || width < chunk ? next : width - chunk;
      alignas(alignment) float right[chunk], down[chunk]; // of the pixel at the upper left
      alignas(alignment) std::int32_t pixel[chunk];
      for (std::size_t i = 0; i < chunk; i += W) {
        const places<Arch> at = where(x + i, y);
        // In the plane with its border, so that truncating is rounding down.
        const V u = xsimd::max(xsimd::min(at.x + one, last_x), zero);
        const V v = xsimd::max(xsimd::min(at.y + one, last_y), zero);
        const I column = xsimd::to_int(u), row = xsimd::to_int(v);
        (u - xsimd::to_float(column)).store_aligned(right + i);
        (v - xsimd::to_float(row)).store_aligned(down + i);
        (row * stride + column).store_aligned(pixel + i);
      }
      for (std::size_t p = 0; p < planes; ++p) {
        const float* from = bordered + p * bordered_size(height, width);
        alignas(alignment) float narrow[chunk];
        float *const row_to = to + (p * height + y) * width + x, *const out = width < chunk ? narrow : row_to;
        for (std::size_t i = 0; i < chunk; ++i) {
          const float *const a = from + pixel[i], *const b = a + width + 3;
          const float above = a[0] + right[i] * (a[1] - a[0]), below = b[0] + right[i] * (b[1] - b[0]);
          out[i] = above + down[i] * (below - above);
        }
        if (width < chunk) std::memcpy(row_to, narrow, width * sizeof(float));
      }
    }
}

/// Moves the rows of a plane by whole pixels to the right and down; what comes in is 0. `to` is another plane.
inline void shift(const float* plane, std::size_t height, std::size_t width, std::ptrdiff_t right, std::ptrdiff_t down,
                  float* to) {
  const auto h = static_cast<std::ptrdiff_t>(height), w = static_cast<std::ptrdiff_t>(width);
  const std::ptrdiff_t first = right > 0 ? right : 0, end = right > 0 ? w : w + right; // of the columns that stay
  std::memset(to, 0, height * width * sizeof(float));
  if (first >= end) return;
  for (std::ptrdiff_t y = 0; y < h; ++y)
    if (const std::ptrdiff_t from = y - down; from >= 0 && from < h)
      std::memcpy(to + y * w + first, plane + from * w + first - right,
                  static_cast<std::size_t>(end - first) * sizeof(float));
}

} // namespace lamina::simd
