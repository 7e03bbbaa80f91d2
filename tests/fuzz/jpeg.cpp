#include <cstddef>
#include <cstdint>
#include <fuzz/image.hpp>
#include <lamina/images/jpeg.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  return check_image([&] { return lamina::detail::read_jpeg("fuzz", {bytes, size}); });
}
