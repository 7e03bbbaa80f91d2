#pragma once
#include <cstddef>
#include <lamina/core/error.hpp>
#include <lamina/images/raster.hpp>
#include <memory>
#include <span>
#include <string>
#include <turbojpeg.h>
#include <vector>

namespace lamina::detail {

inline bool is_jpeg(std::span<const unsigned char> bytes) {
  return bytes.size() >= 3 && bytes[0] == 0xff && bytes[1] == 0xd8 && bytes[2] == 0xff;
}

/// Reads a JPEG file, grey or coloured, baseline or progressive. Where an image is turned by its camera's notes (EXIF),
/// it stays unturned.
/// Errors: file_error naming the file, also where libjpeg-turbo would only warn: data cut short or damaged.
inline raster read_jpeg(const std::string& name, std::span<const unsigned char> bytes) {
  const std::unique_ptr<void, int (*)(tjhandle)> decoder{tjInitDecompress(), tjDestroy};
  const auto fail = [&] { throw file_error(expected_got(name, "a JPEG image", tjGetErrorStr2(decoder.get()))); };
  if (!decoder) throw file_error(expected_got(name, "memory for a JPEG decoder", "none"));
  const auto size = static_cast<unsigned long>(bytes.size());
  int width = 0, height = 0, sampling = 0, colours = 0;
  if (tjDecompressHeader3(decoder.get(), bytes.data(), size, &width, &height, &sampling, &colours) != 0) fail();
  if (colours == TJCS_CMYK || colours == TJCS_YCCK)
    throw file_error(expected_got(name, "a JPEG image in grey or in colours of light", "inks (CMYK)"));
  const bool grey = colours == TJCS_GRAY;
  raster image{
      .channels = grey ? 1u : 3u, .height = static_cast<std::size_t>(height), .width = static_cast<std::size_t>(width)};
  require_countable(name, image.height, image.width);
  std::vector<unsigned char> pixels(image.size());
  constexpr int strict = TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS | TJFLAG_ACCURATEDCT;
  if (tjDecompress2(decoder.get(), bytes.data(), size, pixels.data(), width, 0, height, grey ? TJPF_GRAY : TJPF_RGB,
                    strict) != 0)
    fail();
  assign_bytes(image, pixels);
  return image;
}

} // namespace lamina::detail
