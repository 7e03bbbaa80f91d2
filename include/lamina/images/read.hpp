#pragma once
#include <cstddef>
#include <lamina/core/error.hpp>
#include <lamina/data/byte_source.hpp>
#include <lamina/images/jpeg.hpp>
#include <lamina/images/netpbm.hpp>
#include <lamina/images/png.hpp>
#include <lamina/images/raster.hpp>
#include <span>
#include <string>
#include <vector>

namespace lamina::detail {

/// Reads an image that is in memory; messages call it `name`. A new format is a line here.
/// Errors: file_error naming it.
inline raster read_image(const std::string& name, std::span<const unsigned char> bytes) {
  if (is_png(bytes)) return read_png(name, bytes);
  if (is_jpeg(bytes)) return read_jpeg(name, bytes);
  if (is_netpbm(bytes)) return netpbm_reader::read(name, bytes);
  throw file_error(
      expected_got(name, "a PNG, JPEG, PGM or PPM image", bytes.empty() ? "an empty file" : "another one"));
}

/// The same from a file.
inline raster read_image_file(const std::string& path) {
  constexpr std::size_t most = std::size_t{1} << 30; // a source without an end is no image
  file_source source{path};
  std::vector<unsigned char> bytes;
  if (read_items(source, bytes, most, [](unsigned char byte) { return byte; }))
    source.fail(most, "the end of the file", "more");
  return read_image(path, bytes);
}

} // namespace lamina::detail
