// The CIFAR-10 reader takes any bytes: it gives as many samples as there are records, or a file_error.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <lamina/core/error.hpp>
#include <lamina/data/cifar10.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  try {
    lamina::memory_source source{"fuzz", {bytes, size}};
    const auto data = lamina::detail::read_cifar10(2, source);
    if (data.size() * 3073 != size || data.class_count() > 10) abort();
    for (const auto& [input, target] : data)
      for (const float number : input)
        if (!(number >= 0 && number <= 1)) abort();
  } catch (const lamina::file_error&) {
  }
  return 0;
}
