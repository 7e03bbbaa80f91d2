// Any bytes as a WAV file: there are whole frames of finite samples, or a file_error.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <lamina/core/error.hpp>
#include <lamina/sound/wav.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  try {
    lamina::memory_source source{"sound", {bytes, size}};
    const auto wav = lamina::detail::read_wav(source);
    if (wav.channels == 0 || wav.rate == 0 || wav.interleaved.size() % wav.channels != 0) abort();
    if (wav.interleaved.size() > size) abort();
    for (const float sample : wav.interleaved)
      if (!std::isfinite(sample)) abort();
  } catch (const lamina::file_error&) {
  }
  return 0;
}
