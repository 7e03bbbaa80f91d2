#pragma once
#include <cstddef>
#include <lamina/data/augment/image.hpp>
#include <lamina/simd/resample.hpp>

namespace lamina::augment {

/// A move of the plane, as a look from where a pixel comes to where it was: pixel (x, y), counted from the image's
/// centre, rows downwards, shows what was at (xx·x + xy·y + x0, yx·x + yy·y + y0).
struct affine {
  float xx = 1, xy = 0, x0 = 0, yx = 0, yy = 1, y0 = 0;

  friend constexpr bool operator==(const affine&, const affine&) = default;

  /// Whether it moves everything by whole pixels, fewer than 2²⁴.
  constexpr bool is_shift() const {
    const auto whole = [](float by) {
      return by > -0x1p24f && by < 0x1p24f && by == static_cast<float>(static_cast<int>(by));
    };
    return affine{xx, xy, 0, yx, yy, 0} == affine{} && whole(x0) && whole(y0);
  }
  /// This move, and then `next`.
  constexpr affine then(const affine& next) const {
    return {xx * next.xx + xy * next.yx, xx * next.xy + xy * next.yy, xx * next.x0 + xy * next.y0 + x0,
            yx * next.xx + yy * next.yx, yx * next.xy + yy * next.yy, yx * next.x0 + yy * next.y0 + y0};
  }
};

namespace detail {

/// Places of pixels under a move.
template <class Arch> class moved_places {
  using V = simd::vector<float, Arch>;

public:
  moved_places(const affine& move, const image& shape)
      : move_{move}, centre_x_{static_cast<float>(shape.width - 1) * 0.5f},
        centre_y_{static_cast<float>(shape.height - 1) * 0.5f} {}

  /// Of columns x, x + 1, … in row y.
  simd::places<Arch> operator()(std::size_t x, std::size_t y) const {
    return from({columns(x), V(static_cast<float>(y))});
  }
  /// Of any places.
  simd::places<Arch> from(const simd::places<Arch>& at) const {
    const V x = at.x - V(centre_x_), y = at.y - V(centre_y_);
    return {x * V(move_.xx) + y * V(move_.xy) + V(move_.x0 + centre_x_),
            x * V(move_.yx) + y * V(move_.yy) + V(move_.y0 + centre_y_)};
  }
  static V columns(std::size_t x) {
    alignas(simd::alignment) static constexpr float lane[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    return V(static_cast<float>(x)) + V::load_aligned(lane);
  }

private:
  affine move_;
  float centre_x_, centre_y_;
};

} // namespace detail

} // namespace lamina::augment
