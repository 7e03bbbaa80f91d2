// Any bytes as a .npz file and as a .npy file: every array has the numbers that its shape says, or there is a
// file_error.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <lamina/core/error.hpp>
#include <lamina/data/npz.hpp>

namespace {
template <class T> void check(const lamina::numpy_array<T>& array) {
  std::size_t count = 1;
  for (const std::size_t extent : array.shape) count *= extent;
  if (count != array.numbers.size()) abort();
}
} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  try {
    lamina::memory_source source{"array", {bytes, size}};
    check(lamina::detail::read_npy<float>(source));
  } catch (const lamina::file_error&) {
  }
  try {
    lamina::memory_source source{"arrays", {bytes, size}};
    const lamina::npz_file file{source};
    for (const std::string& name : file.names()) {
      try {
        check(file.array<std::int64_t>(name));
      } catch (const lamina::file_error&) {
      }
    }
  } catch (const lamina::file_error&) {
  }
  return 0;
}
