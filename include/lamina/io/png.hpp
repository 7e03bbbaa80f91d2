#pragma once
#include <cstddef>
#include <lamina/core/error.hpp>
#include <lamina/io/atomic_file.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include <zlib.h>

namespace lamina::detail {

/// A picture of bytes, row by row: a pixel is `channels` of them, 1 (grey) or 3 (red, green, blue).
struct picture {
  std::size_t height = 0, width = 0, channels = 1;
  std::vector<unsigned char> bytes{};
};

inline void append_big_endian(std::vector<unsigned char>& to, std::size_t number) {
  for (int shift = 24; shift >= 0; shift -= 8) to.push_back(static_cast<unsigned char>(number >> shift & 255u));
}

// Length, kind, content, and the sum over kind and content.
inline void write_png_chunk(atomic_file& file, std::string_view kind, std::span<const unsigned char> content) {
  std::vector<unsigned char> chunk;
  append_big_endian(chunk, content.size());
  chunk.insert(chunk.end(), kind.begin(), kind.end());
  chunk.insert(chunk.end(), content.begin(), content.end());
  append_big_endian(chunk, crc32(0, chunk.data() + 4, static_cast<uInt>(chunk.size() - 4)));
  file.write({reinterpret_cast<const char*>(chunk.data()), chunk.size()});
}

/// Writes a picture as a PNG file, with nothing but zlib: a header, the compressed rows, the end. The file is replaced
/// as a whole or not at all.
/// Errors: `file_error` naming the file, also for a picture of no bytes or of more than 2²⁹.
/// Source: W3C, "Portable Network Graphics (PNG) Specification", sections 5, 10 and 11.
inline void write_png(const picture& drawn, const std::string& path) {
  if (const std::size_t size = drawn.bytes.size(); size == 0 || size > std::size_t{1} << 29)
    throw file_error(expected_got(path, "a picture of 1 to 536870912 bytes", std::to_string(size)));
  std::vector<unsigned char> header, rows;
  append_big_endian(header, drawn.width);
  append_big_endian(header, drawn.height);
  const unsigned char grey = 0, rgb = 2;
  header.insert(header.end(), {8, drawn.channels == 3 ? rgb : grey, 0, 0, 0}); // bits and kind; the rest has one value

  const std::size_t of_row = drawn.width * drawn.channels;
  rows.reserve(drawn.height * (of_row + 1));
  for (auto row = drawn.bytes.begin(); row != drawn.bytes.end(); row += static_cast<std::ptrdiff_t>(of_row)) {
    rows.push_back(0); // no filter
    rows.insert(rows.end(), row, row + static_cast<std::ptrdiff_t>(of_row));
  }
  uLong length = compressBound(static_cast<uLong>(rows.size()));
  std::vector<unsigned char> content(length);
  if (compress(content.data(), &length, rows.data(), static_cast<uLong>(rows.size())) != Z_OK)
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
