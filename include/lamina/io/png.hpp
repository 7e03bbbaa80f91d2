#pragma once
#include <cstddef>
#include <lamina/core/error.hpp>
#include <lamina/io/atomic_file.hpp>
#include <string>
#include <zlib.h>

namespace lamina::detail {

/// A picture of bytes, row by row: a pixel is `channels` of them, 1 (grey) or 3 (red, green, blue).
struct picture {
  std::size_t height = 0, width = 0, channels = 1;
  std::string bytes{};
};

[[gnu::cold]] inline void append_big_endian(std::string& to, std::size_t number) {
  for (int shift = 24; shift >= 0; shift -= 8) to += static_cast<char>(number >> shift & 255u);
}

// Length, kind, content, and the sum over kind and content.
[[gnu::cold]] inline void write_png_chunk(atomic_file& file, const char* kind, const std::string& content) {
  std::string chunk;
  append_big_endian(chunk, content.size());
  chunk.append(kind).append(content);
  const auto* const summed = reinterpret_cast<const Bytef*>(chunk.data() + 4);
  append_big_endian(chunk, crc32(0, summed, static_cast<uInt>(chunk.size() - 4)));
  file.write(chunk);
}

/// Writes a picture as a PNG file, with nothing but zlib: a header, the compressed rows, the end. The file is replaced
/// as a whole or not at all.
/// Errors: `file_error` naming the file, also for a picture of no bytes or of more than 2²⁹.
/// Source: W3C, "Portable Network Graphics (PNG) Specification", sections 5, 10 and 11.
[[gnu::cold]] inline void write_png(const picture& drawn, const std::string& path) {
  if (const std::size_t size = drawn.bytes.size(); size == 0 || size > std::size_t{1} << 29)
    throw file_error(expected_got(path, "a picture of 1 to 536870912 bytes", size));
  std::string header, rows;
  append_big_endian(header, drawn.width);
  append_big_endian(header, drawn.height);
  header += {8, drawn.channels == 3 ? '\2' : '\0', 0, 0, 0}; // bits and colours; the rest is the only one there is

  const std::size_t of_row = drawn.width * drawn.channels;
  rows.reserve(drawn.height * (of_row + 1));
  for (std::size_t y = 0; y < drawn.height; ++y)
    rows.append(1, 0).append(drawn.bytes, y * of_row, of_row); // 0: no filter
  uLong length = compressBound(static_cast<uLong>(rows.size()));
  std::string content(length, 0);
  if (compress(reinterpret_cast<Bytef*>(content.data()), &length, reinterpret_cast<const Bytef*>(rows.data()),
               static_cast<uLong>(rows.size())) != Z_OK)
    throw file_error(expected_got(path, "memory to compress the picture in", "none"));
  content.resize(length);

  atomic_file file{path};
  file.write("\x89PNG\r\n\x1a\n");
  write_png_chunk(file, "IHDR", header);
  write_png_chunk(file, "IDAT", content);
  write_png_chunk(file, "IEND", {});
  file.commit();
}

} // namespace lamina::detail
