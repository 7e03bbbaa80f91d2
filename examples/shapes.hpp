#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>

#include <lamina/data/dataset.hpp>

/// A data set that is drawn: small colour images of a disc, a ring, a square, a frame, a triangle or a cross, of any
/// size, colour, place and turn, before a background of another colour that fades, with noise.
///
///     const auto [train, test] = shapes::draw(2000, /*seed=*/1).split([](std::size_t i) { return i < 1500; });
///
/// Images are 3 × 16 × 16, plane after plane, 0 to 1; the label is the shape.
namespace shapes {

constexpr std::size_t side = 16, classes = 6;

/// How far inside the shape a point is, in units of its size; about 0 on the edge.
inline float inside(std::size_t shape, float x, float y) {
  const float r = std::hypot(x, y), s = std::max(std::abs(x), std::abs(y));
  switch (shape) {
  case 0:
    return 1 - r; // disc
  case 1:
    return 0.25f - std::abs(r - 0.8f); // ring
  case 2:
    return 0.85f - s; // square
  case 3:
    return 0.22f - std::abs(s - 0.7f); // frame
  case 4:
    return std::min(0.55f + y, 0.5f - 0.87f * std::abs(x) - 0.5f * y); // triangle
  default:
    return std::min(1 - s, 0.3f - std::min(std::abs(x), std::abs(y))); // cross
  }
}

inline lamina::dataset<lamina::label> draw(std::size_t count, std::uint32_t seed) {
  std::mt19937 random{seed};
  const auto between = [&](float low, float high) {
    return low + (high - low) * float(random() >> 8) / float(1u << 24); // the same on every machine
  };
  lamina::dataset<lamina::label> images{3 * side * side};
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t shape = random() % classes;
    const float size = between(3.5f, 6), turn = between(-0.5f, 0.5f), cosine = std::cos(turn), sine = std::sin(turn);
    const float cx = between(size, side - size), cy = between(size, side - size);
    const float fade_x = between(-0.03f, 0.03f), fade_y = between(-0.03f, 0.03f);
    std::array<float, 3> ink, paper;
    for (std::size_t c = 0; c < 3; ++c) {
      ink[c] = between(0, 1), paper[c] = between(0, 1);
      if (std::abs(ink[c] - paper[c]) < 0.3f) ink[c] = paper[c] < 0.5f ? paper[c] + 0.3f : paper[c] - 0.3f;
    }
    std::array<float, 3 * side * side> image;
    for (std::size_t p = 0; p < side * side; ++p) {
      const float x = float(p % side) + 0.5f - cx, y = float(p / side) + 0.5f - cy;
      const float in =
          size * inside(shape, (cosine * x + sine * y) / size, (cosine * y - sine * x) / size) + 0.5f; // a soft edge
      const float part = std::clamp(in, 0.0f, 1.0f), fade = fade_x * x + fade_y * y;
      for (std::size_t c = 0; c < 3; ++c)
        image[c * side * side + p] =
            std::clamp(part * ink[c] + (1 - part) * (paper[c] + fade) + between(-0.1f, 0.1f), 0.0f, 1.0f);
    }
    images.push_back(image, lamina::label{std::uint32_t(shape)});
  }
  return images;
}

/// An image as a line of points of a figure's block, its upper left corner at (x, y): drawn `with rgbimage`.
void draw_into(auto& figure, const char* block, std::span<const float> image, std::size_t x, std::size_t y) {
  const auto byte = [&](std::size_t channel, std::size_t pixel) {
    return int(255 * image[channel * side * side + pixel]);
  };
  for (std::size_t p = 0; p < side * side; ++p)
    figure.row(block, x + p % side, y + p / side, byte(0, p), byte(1, p), byte(2, p));
  figure.row(block);
}

} // namespace shapes
