// The reader of tables takes any bytes: it gives samples of finite numbers that agree with themselves, or a file_error.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <lamina/core/error.hpp>
#include <lamina/data/csv.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  try {
    lamina::memory_source numbers{"table", {bytes, size}};
    const auto table = lamina::detail::read_csv<lamina::values>(numbers, {});
    if (table.inputs.size() != table.samples.input_size() || table.samples.empty()) abort();
    for (const auto& [input, target] : table.samples)
      for (const float number : input)
        if (!std::isfinite(number)) abort();
  } catch (const lamina::file_error&) {
  }
  try {
    lamina::memory_source labels{"table", {bytes, size}};
    const auto table = lamina::detail::read_csv<lamina::label>(labels, {});
    if (table.samples.class_count() > table.classes.size()) abort();
  } catch (const lamina::file_error&) {
  }
  return 0;
}
