#pragma once
#include <cmath>
#include <concepts>
#include <cstddef>
#include <lamina/core/error.hpp>
#include <lamina/core/parameter.hpp>
#include <lamina/core/shape.hpp>
#include <lamina/core/shape_text.hpp>
#include <lamina/core/tensor.hpp>
#include <lamina/io/png.hpp>
#include <string>

namespace lamina {

/// What `save_image` draws: a span, a vector, a tensor, a parameter's view; row-major.
template <class N>
concept Numbers = requires(const N& numbers, std::size_t i) {
  { numbers.size() } -> std::convertible_to<std::size_t>;
  static_cast<double>(numbers[i]);
};

namespace detail {

/// Images of one size as tiles of one picture, a black pixel apart; small ones are enlarged.
class tiles {
public:
  /// What a shape is a picture of. Errors: argument_error for a rank other than 2, 3 and 4.
  [[gnu::cold]] explicit tiles(const dimensions& shape) {
    const std::size_t rank = shape.rank;
    if (rank < 2 || shape.size() == 0)
      throw argument_error(expected_got("save_image: shape",
                                        "(height, width), (channels, height, width) or (filters, channels, height, "
                                        "width), none of them 0",
                                        shape_text(shape)));
    height_ = shape[rank - 2], width_ = shape[rank - 1];
    const std::size_t of_filter = rank == 4 ? shape[1] : 1;
    channels_ = of_filter == 3 ? 3 : 1;
    count_ = shape.size() / (height_ * width_ * channels_);
    columns_ = of_filter == channels_ ? square(count_) : of_filter;
    const std::size_t larger = height_ > width_ ? height_ : width_;
    for (enlarged_ = 1; larger * (enlarged_ + 1) <= 32 && fits(enlarged_ + 1);) ++enlarged_;
  }

  /// Every tile is scaled to its own range: its least number is black, its largest white, the channels of a coloured
  /// one together. One of equal numbers is grey; numbers that are not finite are black, +∞ white.
  template <class Source> [[gnu::cold]] picture drawn(const Source& numbers) const {
    picture all{.height = side(rows(), height_), .width = side(columns_, width_), .channels = channels_};
    all.bytes.resize(all.height * all.width * channels_);
    const std::size_t plane = height_ * width_;
    for (std::size_t tile = 0; tile < count_; ++tile) {
      const std::size_t first = tile * channels_ * plane;
      const range seen = range_of(numbers, first, channels_ * plane);
      const std::size_t top = tile / columns_ * (height_ * enlarged_ + 1),
                        left = tile % columns_ * (width_ * enlarged_ + 1);
      for (std::size_t y = 0; y < height_ * enlarged_; ++y)
        for (std::size_t x = 0; x < width_ * enlarged_; ++x)
          for (std::size_t c = 0; c < channels_; ++c)
            all.bytes[((top + y) * all.width + left + x) * channels_ + c] =
                seen.shade(static_cast<double>(numbers[first + c * plane + y / enlarged_ * width_ + x / enlarged_]));
    }
    return all;
  }

private:
  struct range {
    double least, largest;
    char shade(double number) const { return static_cast<char>(static_cast<unsigned char>(level(number))); }
    int level(double number) const {
      if (least == largest && number == least) return 128;
      const double at = (number - least) / (largest - least) * 255;
      return at >= 255 ? 255 : at > 0 ? static_cast<int>(at + 0.5) : 0; // NaN is neither
    }
  };
  template <class Source> static range range_of(const Source& numbers, std::size_t first, std::size_t count) {
    range seen{0, 0};
    bool any = false;
    for (std::size_t i = first; i < first + count; ++i)
      if (const auto number = static_cast<double>(numbers[i]); std::isfinite(number)) {
        seen = any ? range{std::fmin(seen.least, number), std::fmax(seen.largest, number)} : range{number, number};
        any = true;
      }
    return seen;
  }

  static std::size_t square(std::size_t count) {
    std::size_t side = 1;
    while (side * side < count) ++side;
    return side;
  }
  std::size_t rows() const { return (count_ + columns_ - 1) / columns_; }
  std::size_t side(std::size_t tiles, std::size_t pixels) const { return tiles * (pixels * enlarged_ + 1) - 1; }
  bool fits(std::size_t times) const {
    return columns_ * (width_ * times + 1) <= 4096 && rows() * (height_ * times + 1) <= 4096;
  }

  std::size_t height_, width_, channels_, count_, columns_, enlarged_ = 1;
};

} // namespace detail

/// Draws numbers of this shape as one picture, a PNG file: (H, W) as one grey image; (C, H, W), a feature map, as C
/// grey tiles; (F, C, H, W), a convolution's weights, as F tiles where C is 1, in colour where it is 3, else as F rows
/// of C grey tiles. Every tile is scaled to its own range, least black, largest white; small ones are enlarged to about
/// 32 pixels. A coloured image is a shape<1, 3, H, W>. The file is replaced as a whole or not at all. Errors:
/// argument_error for another rank or another number of numbers; file_error naming the file. Example:
/// `lamina::save_image(model.parameter("0.weight"), lamina::shape<128, 1, 28, 28>, "dense.png");`
template <Numbers Source>
[[gnu::cold]] void save_image(const Source& numbers, const dimensions& shape, const std::string& path) {
  const detail::tiles tiles{shape};
  if (numbers.size() != shape.size())
    throw argument_error(
        expected_got(detail::joined_text({"save_image: ", path}),
                     detail::joined_text({shape.size(), " numbers, as the shape ", detail::shape_text(shape), " has"}),
                     numbers.size()));
  detail::write_png(tiles.drawn(numbers), path);
}

/// The same, for what knows its shape: a parameter of a model, or a tensor.
/// Example: `lamina::save_image(model.parameter("0.weight"), "filters.png");`
template <class T> void save_image(const parameter_view<T>& numbers, const std::string& path) {
  save_image(numbers, numbers.shape(), path);
}
template <class T, dimensions Shape> void save_image(const tensor<T, Shape>& numbers, const std::string& path) {
  save_image(numbers, Shape, path);
}

} // namespace lamina
