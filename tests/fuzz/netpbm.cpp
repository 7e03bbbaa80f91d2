#include <cstddef>
#include <cstdint>
#include <fuzz/image.hpp>
#include <lamina/images/netpbm.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (!lamina::detail::is_netpbm({bytes, size})) return 0;
  return check_image([&] { return lamina::detail::netpbm_reader::read("fuzz", {bytes, size}); });
}
