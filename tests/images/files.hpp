#pragma once
// Image files whose every number is known, made without the code that reads them.
#include <cstddef>
#include <string>
#include <turbojpeg.h>
#include <vector>
#include <zlib.h>

namespace image_files {

/// Numbers from 0 to 255 of an image, pixel by pixel.
struct pixels {
  std::size_t channels, height, width;
  std::vector<unsigned char> numbers{};

  pixels(std::size_t c, std::size_t h, std::size_t w, unsigned seed = 1) : channels{c}, height{h}, width{w} {
    for (std::size_t i = 0; i < c * h * w; ++i)
      numbers.push_back(static_cast<unsigned char>((seed = seed * 1664525u + 1013904223u) >> 24));
  }
  /// Planes that change little from pixel to pixel, as photographs do.
  pixels& smooth() {
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      const std::size_t c = i % channels, x = i / channels % width, y = i / channels / width;
      numbers[i] = static_cast<unsigned char>(40 + 50 * c + 60 * x / width + 40 * y / height);
    }
    return *this;
  }
};

inline std::string big_endian(std::size_t number) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(number >> shift & 255u);
  return bytes;
}

inline std::string chunk(const std::string& kind, const std::string& content) {
  const std::string both = kind + content;
  return big_endian(content.size()) + both +
         big_endian(crc32(0, reinterpret_cast<const Bytef*>(both.data()), static_cast<uInt>(both.size())));
}

inline std::string deflated(const std::string& bytes) {
  uLong length = compressBound(static_cast<uLong>(bytes.size()));
  std::string to(length, '\0');
  compress(reinterpret_cast<Bytef*>(to.data()), &length, reinterpret_cast<const Bytef*>(bytes.data()),
           static_cast<uLong>(bytes.size()));
  return to.substr(0, length);
}

/// A PNG file of rows that are packed already. Kinds: 0 grey, 2 coloured, 3 palette, 4 and 6 with transparency.
inline std::string png(std::size_t height, std::size_t width, int kind, int bits, const std::vector<std::string>& rows,
                       const std::string& before_data = "") {
  std::string data;
  for (const std::string& row : rows) data += '\0' + row;
  const std::string header =
      big_endian(width) + big_endian(height) + std::string{static_cast<char>(bits), static_cast<char>(kind), 0, 0, 0};
  return "\x89PNG\r\n\x1a\n" + chunk("IHDR", header) + before_data + chunk("IDAT", deflated(data)) + chunk("IEND", "");
}

/// The usual one, of 8 bits.
inline std::string png(const pixels& image) {
  std::vector<std::string> rows;
  const std::size_t of_row = image.channels * image.width;
  for (std::size_t y = 0; y < image.height; ++y)
    rows.emplace_back(reinterpret_cast<const char*>(image.numbers.data()) + y * of_row, of_row);
  return png(image.height, image.width, image.channels == 3 ? 2 : 0, 8, rows);
}

inline std::string jpeg(const pixels& image, int quality = 100, int flags = 0) {
  const tjhandle encoder = tjInitCompress();
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  const bool grey = image.channels == 1;
  tjCompress2(encoder, image.numbers.data(), static_cast<int>(image.width), 0, static_cast<int>(image.height),
              grey ? TJPF_GRAY : TJPF_RGB, &bytes, &size, grey ? TJSAMP_GRAY : TJSAMP_444, quality,
              flags | TJFLAG_ACCURATEDCT);
  const std::string file(reinterpret_cast<const char*>(bytes), size);
  tjFree(bytes);
  tjDestroy(encoder);
  return file;
}

/// P2 or P3 as text, P5 or P6 as bytes.
inline std::string netpbm(const pixels& image, bool text) {
  const int kind = (image.channels == 3 ? 3 : 2) + (text ? 0 : 3);
  std::string file = "P" + std::to_string(kind) + "\n# a comment\n" + std::to_string(image.width) + " " +
                     std::to_string(image.height) + "\n255\n";
  for (const unsigned char number : image.numbers)
    file += text ? std::to_string(number) + "\n" : std::string(1, static_cast<char>(number));
  return file;
}

} // namespace image_files
