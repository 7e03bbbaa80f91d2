#include <cstddef>
#include <cstdint>
#include <fuzz/image.hpp>
#include <lamina/images/png.hpp>
#include <vector>
#include <zlib.h>

// Checksums are made right first: nobody would guess one.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
  std::vector<unsigned char> bytes(input, input + size);
  if (!lamina::detail::is_png(bytes)) return 0;
  for (std::size_t at = 8; size - at >= 12;) {
    const std::size_t length = std::size_t{bytes[at]} << 24 | std::size_t{bytes[at + 1]} << 16 |
                               std::size_t{bytes[at + 2]} << 8 | bytes[at + 3];
    if (length > size - at - 12) break;
    const uLong sum = crc32(0, bytes.data() + at + 4, static_cast<uInt>(4 + length));
    for (std::size_t i = 0; i < 4; ++i)
      bytes[at + 8 + length + i] = static_cast<unsigned char>(sum >> (24 - 8 * i) & 255u);
    at += 12 + length;
  }
  return check_image([&] { return lamina::detail::read_png("fuzz", bytes); });
}
