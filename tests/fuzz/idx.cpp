// The IDX reader takes any bytes as images and labels: it gives a data set that agrees with itself, or a file_error.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <lamina/core/error.hpp>
#include <lamina/data/idx.hpp>
#include <span>

// The first byte says how long the labels' file is, which comes first.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const std::span<const unsigned char> rest{bytes + 1, size - 1};
  const std::size_t cut = bytes[0] < rest.size() ? bytes[0] : rest.size();
  try {
    const auto data = lamina::idx::parse(rest.subspan(cut), rest.first(cut));
    for (const auto& [input, target] : data)
      if (input.size() != data.input_size() || !(input.front() >= 0 && input.back() <= 1) || target.value > 255)
        abort();
  } catch (const lamina::file_error&) {
  }
  return 0;
}
