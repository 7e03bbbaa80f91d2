#pragma once
#include <cstddef>
#include <lamina/core/error.hpp>
#include <lamina/core/shape.hpp>
#include <lamina/core/text.hpp>
#include <span>
#include <string>
#include <vector>

namespace lamina::detail {

/// An image as its file has it: pixel by pixel, row by row, numbers in [0, 1]; 1 channel (grey) or 3 (red, green,
/// blue).
struct raster {
  std::size_t channels = 0, height = 0, width = 0;
  std::vector<float> numbers{};

  std::size_t size() const { return channels * height * width; }
};

/// Pixels that an image may have at most: a file of some bytes can promise any number of them.
inline constexpr std::size_t most_pixels = std::size_t{1} << 24;

/// Errors: file_error naming the file where a promised size is none or too large.
inline void require_countable(const std::string& name, std::size_t height, std::size_t width) {
  if (height == 0 || width == 0 || height > most_pixels / width)
    throw file_error(expected_got(name, joined_text({"an image of 1 to ", most_pixels, " pixels"}),
                                  joined_text({width, " x ", height})));
}

/// Bytes from 0 to 255 as numbers.
inline void assign_bytes(raster& image, std::span<const unsigned char> bytes) {
  image.numbers.resize(bytes.size());
  for (std::size_t i = 0; i < bytes.size(); ++i) image.numbers[i] = static_cast<float>(bytes[i]) / 255.0f;
}

/// Appends the image plane by plane with as many channels as asked for: grey becomes three times the same, colours
/// become their luma 0.299 R + 0.587 G + 0.114 B, written so that grey colours stay what they are to the bit.
/// Source: ITU-R BT.601, as JPEG and PIL have it.
inline void append_planes(const raster& image, std::size_t channels, std::vector<float>& to) {
  const std::size_t pixels = image.height * image.width;
  const float* const from = image.numbers.data();
  const auto luma = [&](std::size_t i) {
    const float red = from[3 * i], green = from[3 * i + 1], blue = from[3 * i + 2];
    return green + 0.299f * (red - green) + 0.114f * (blue - green);
  };
  for (std::size_t c = 0; c < channels; ++c)
    for (std::size_t i = 0; i < pixels; ++i)
      to.push_back(image.channels == 1 ? from[i] : channels == 3 ? from[3 * i + c] : luma(i));
}

} // namespace lamina::detail
