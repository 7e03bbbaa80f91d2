#pragma once
// What every reader of images is asked: any bytes give an image that agrees with itself, or a file_error.
#include <cstdlib>
#include <lamina/core/error.hpp>
#include <lamina/images/raster.hpp>
#include <vector>

template <class Read> int check_image(const Read& read) {
  try {
    const lamina::detail::raster image = read();
    if (image.channels != 1 && image.channels != 3) abort();
    if (image.size() == 0 || image.numbers.size() != image.size()) abort();
    for (const float number : image.numbers)
      if (!(number >= 0 && number <= 1)) abort();
    std::vector<float> grey, coloured;
    lamina::detail::append_planes(image, 1, grey);
    lamina::detail::append_planes(image, 3, coloured);
    if (3 * grey.size() != coloured.size() || grey.size() * image.channels != image.size()) abort();
  } catch (const lamina::file_error&) {
  }
  return 0;
}
