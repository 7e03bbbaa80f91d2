#pragma once
#include <cstddef>
#include <lamina/core/error.hpp>
#include <lamina/core/text.hpp>
#include <lamina/images/raster.hpp>
#include <png.h>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include <zlib.h>

namespace lamina::detail {

inline bool is_png(std::span<const unsigned char> bytes) {
  return bytes.size() >= 8 && png_sig_cmp(bytes.data(), 0, 8) == 0;
}

/// Checks what libpng leaves alone where it is not needed for the pixels: every chunk is there as a whole, up to the
/// last one, and has its checksum.
inline void require_whole_png(const std::string& name, std::span<const unsigned char> bytes) {
  const auto number = [&](std::size_t at) {
    return std::size_t{bytes[at]} << 24 | std::size_t{bytes[at + 1]} << 16 | std::size_t{bytes[at + 2]} << 8 |
           bytes[at + 3];
  };
  const auto fail = [&](std::size_t at, const char* expected, const char* got) {
    throw file_error(expected_got(joined_text({name, ": byte ", at}), expected, got));
  };
  for (std::size_t at = 8;;) {
    const std::size_t left = bytes.size() - at;
    if (left < 12 || number(at) > left - 12) fail(at, "a PNG chunk", "the file's end within it");
    const std::size_t length = number(at);
    const std::span<const unsigned char> kind = bytes.subspan(at + 4, 4);
    if (crc32(0, kind.data(), static_cast<uInt>(4 + length)) != number(at + 8 + length))
      fail(at, "a PNG chunk with its checksum", "another checksum");
    at += 12 + length;
    if (kind[0] == 'I' && kind[1] == 'E' && kind[2] == 'N' && kind[3] == 'D') {
      if (at != bytes.size()) fail(at, "the end of the file", "more");
      return;
    }
  }
}

/// Reads a PNG file of any kind: grey or coloured, 1 to 16 bits (16 become 8), with a palette, interlaced. What
/// is transparent is laid over black; what says that it is encoded otherwise than sRGB is converted. Errors: file_error
/// naming the file. Source: libpng's manual, section "Simplified API".
inline raster read_png(const std::string& name, std::span<const unsigned char> bytes) {
  require_whole_png(name, bytes);
  struct guard {
    png_image image{};
    ~guard() { png_image_free(&image); }
  } opened;
  png_image& png = opened.image;
  const auto fail = [&] { throw file_error(expected_got(name, "a PNG image", png.message)); };
  png.version = PNG_IMAGE_VERSION;
  if (!png_image_begin_read_from_memory(&png, bytes.data(), bytes.size())) fail();
  require_countable(name, png.height, png.width);
  const bool coloured = png.format & PNG_FORMAT_FLAG_COLOR;
  raster image{.channels = coloured ? 3u : 1u, .height = png.height, .width = png.width};
  png.format = coloured ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
  png.flags |= PNG_IMAGE_FLAG_16BIT_sRGB;
  std::vector<unsigned char> pixels(image.size());
  const png_color black{};
  if (!png_image_finish_read(&png, &black, pixels.data(), 0, nullptr)) fail();
  assign_bytes(image, pixels);
  return image;
}

} // namespace lamina::detail
