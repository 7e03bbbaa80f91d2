// The same from a file that may be compressed: what is on the disk is any bytes.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <lamina/core/error.hpp>
#include <lamina/data/idx.hpp>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const int file = memfd_create("fuzz", 0);
  if (file < 0 || write(file, bytes, size) != static_cast<ssize_t>(size)) abort();
  try {
    lamina::gzip_source source{"/proc/self/fd/" + std::to_string(file)};
    const auto header = lamina::idx::read_header(source);
    lamina::idx::read_elements<float>(source, header, [](unsigned char byte) { return static_cast<float>(byte); });
  } catch (const lamina::file_error&) {
  }
  close(file);
  return 0;
}
