#pragma once
#include <cstddef>
#include <lamina/core/error.hpp>
#include <lamina/core/shape.hpp>
#include <lamina/core/shape_text.hpp>
#include <lamina/core/text.hpp>

namespace lamina::augment {

/// What the samples are images of: `channels` planes, each `height` rows of `width` pixels, in this order (C, H, W).
/// Put before the steps that move pixels: `train | augment::image{.height = 32, .width = 32, .channels = 3} | …`, or a
/// shape in its place, (C, H, W) or (H, W): `train | shape<3, 32, 32> | …`, `train | net::input_shape | …`. Without it,
/// samples of n² numbers are images of n × n pixels and one channel. Errors: argument_error where the data set's
/// samples have another length, and for a shape of another rank.
struct image {
  std::size_t height = 0, width = 0, channels = 1;

  constexpr bool is_known() const { return height != 0; }
};

namespace detail {

inline bool covers(const image& shape, std::size_t numbers) {
  // Divided, because the product may not fit.
  if (shape.height == 0 || shape.width == 0 || shape.channels == 0 || numbers % shape.height != 0) return false;
  const std::size_t of_row = numbers / shape.height;
  return of_row % shape.width == 0 && of_row / shape.width == shape.channels;
}

inline image image_of(const dimensions& shape) {
  const std::size_t rank = shape.rank;
  if (rank == 2 || rank == 3) return {shape[rank - 2], shape[rank - 1], rank == 3 ? shape[0] : 1};
  throw argument_error(expected_got("augment: shape of the images", "(channels, height, width) or (height, width)",
                                    lamina::detail::shape_text(shape)));
}

/// The image that was stated, or the square of one channel that fits.
inline image image_of(const image& stated, std::size_t numbers) {
  if (stated.is_known()) return stated;
  std::size_t side = 2;
  while (side * side < numbers && side < 65535) ++side;
  if (side * side == numbers) return {side, side, 1};
  throw argument_error(expected_got("augment: samples of the data set",
                                    "a square number of pixels, or augment::image{.height, .width, .channels} first",
                                    lamina::detail::joined_text({numbers, " numbers"})));
}

inline void require_covers(const image& shape, std::size_t numbers) {
  if (covers(shape, numbers)) return;
  throw argument_error(expected_got(lamina::detail::joined_text({"augment::image: height ", shape.height, " x width ",
                                                                 shape.width, " x channels ", shape.channels}),
                                    lamina::detail::joined_text({numbers, " numbers, as the data set's samples have"}),
                                    "another product"));
}

} // namespace detail

} // namespace lamina::augment
