#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <lamina/core/error.hpp>
#include <lamina/core/text.hpp>
#include <lamina/data/byte_source.hpp>
#include <lamina/sound/memory_file.hpp>
#include <sndfile.h>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lamina::detail {

inline constexpr unsigned highest_rate = 10'000'000;
inline constexpr std::size_t most_channels = 1024; // libsndfile's

/// What a WAV file holds: frames, each a sample of every channel.
struct wav_content {
  unsigned rate = 0;
  std::size_t channels = 0;
  std::vector<float> interleaved{};
};

/// An open file of libsndfile over bytes in memory.
class sound_file {
public:
  /// Errors: `file_error` naming the file, in libsndfile's words.
  sound_file(memory_file& memory, int mode, SF_INFO& info, const std::string& name)
      : name_{name}, file_{sf_open_virtual(memory_file::functions(), mode, &info, &memory)} {
    if (!file_) fail("a sound that libsndfile takes", sf_strerror(nullptr));
  }
  sound_file(const sound_file&) = delete;
  sound_file& operator=(const sound_file&) = delete;
  ~sound_file() {
    if (file_) sf_close(file_);
  }
  SNDFILE* get() const { return file_; }
  /// Writes what is left, which the bytes in memory lack before. Errors: `file_error`.
  void close() {
    if (sf_close(std::exchange(file_, nullptr)) != 0) fail("room for the sound", "none");
  }
  [[noreturn, gnu::cold]] void fail(const piece& expected, const piece& got) const {
    throw file_error(expected_got(name_, expected, got));
  }

private:
  std::string name_;
  SNDFILE* file_;
};

/// The file's beginning, its chunk fmt and its samples, which libsndfile is given alone: it would take samples cut
/// short as they come, and some broken chunks of other kinds keep it busy for ever.
template <class Source> std::string sounding_chunks(const Source& source, std::string_view bytes) {
  const auto is = [&](std::size_t at, std::string_view four) { return bytes.substr(at, 4) == four; };
  const auto byte = [&](std::size_t at) { return std::size_t{static_cast<unsigned char>(bytes[at])}; };
  if (bytes.size() < 12 || !is(0, "RIFF") || !is(8, "WAVE")) source.fail(0, "a WAV file, RIFF and WAVE", "another one");
  std::string_view format;
  for (std::size_t at = 12;;) {
    const std::size_t left = bytes.size() - at;
    if (left < 8) source.fail(at, format.empty() ? "a chunk fmt" : "samples, a chunk data", "the end of the file");
    const std::size_t size = byte(at + 4) | byte(at + 5) << 8 | byte(at + 6) << 16 | byte(at + 7) << 24;
    if (is(at, "data") && format.empty()) source.fail(at, "a chunk fmt before the samples", "none");
    if (is(at, "fmt ") && !format.empty()) source.fail(at, "one chunk fmt", "a second one");
    if (size > left - 8) source.fail(at, joined_text({"a chunk of ", size, " bytes"}), left - 8);
    const std::string_view chunk = bytes.substr(at, 8 + size + (size % 2)); // chunks begin at even places
    if (is(at, "data")) {
      std::string whole{"RIFF\0\0\0\0WAVE", 12};
      whole.append(format).append(chunk);
      for (std::size_t i = 0; i < 4; ++i) whole[4 + i] = static_cast<char>((whole.size() - 8) >> 8 * i & 255);
      return whole;
    }
    if (is(at, "fmt ")) format = chunk;
    at += chunk.size();
  }
}

/// Reads a WAV file from a source of bytes, to its end.
/// Errors: `file_error` as `load_wav` has.
template <class Source> wav_content read_wav(Source& source) {
  const auto as_char = [](unsigned char byte) { return static_cast<char>(byte); };
  memory_file memory;
  while (read_items(source, memory.bytes, 2 * memory.bytes.size() + (std::size_t{1} << 16), as_char)) {
  }
  memory.bytes = sounding_chunks(source, memory.bytes);
  SF_INFO info{};
  const sound_file file{memory, SFM_READ, info, source.name()};
  const int kind = info.format & SF_FORMAT_SUBMASK;
  if (kind != SF_FORMAT_PCM_16 && kind != SF_FORMAT_PCM_24 && kind != SF_FORMAT_FLOAT)
    file.fail("samples of 16 or 24 bits, or 32-bit floats", "others");
  if (info.channels < 1 || info.samplerate < 1 || info.samplerate > static_cast<int>(highest_rate))
    file.fail("a rate and channels",
              joined_text({std::to_string(info.samplerate), " and ", std::to_string(info.channels)}));
  wav_content wav{static_cast<unsigned>(info.samplerate), static_cast<std::size_t>(info.channels), {}};
  std::vector<float> some(1024 * wav.channels);
  for (sf_count_t frames; (frames = sf_readf_float(file.get(), some.data(), 1024)) > 0;)
    wav.interleaved.insert(wav.interleaved.end(), some.begin(), some.begin() + frames * info.channels);
  if (sf_error(file.get()) != SF_ERR_NO_ERROR) file.fail("samples that can be read", sf_strerror(file.get()));
  for (std::size_t i = 0; i < wav.interleaved.size(); ++i)
    if (!std::isfinite(wav.interleaved[i])) file.fail("finite samples", joined_text({"another one at ", i}));
  return wav;
}

/// The bytes of a WAV file of this kind of libsndfile's; `write(file, frames)` says how many frames it wrote.
template <class Write>
std::string write_wav(const wav_content& wav, int kind, const std::string& name, const Write& write) {
  memory_file memory;
  SF_INFO info{};
  info.samplerate = static_cast<int>(wav.rate);
  info.channels = static_cast<int>(wav.channels);
  info.format = SF_FORMAT_WAV | kind;
  sound_file file{memory, SFM_WRITE, info, name};
  const auto frames = static_cast<sf_count_t>(wav.interleaved.size() / wav.channels);
  if (write(file.get(), frames) != frames) file.fail("room for the sound", sf_strerror(file.get()));
  file.close();
  return std::move(memory.bytes);
}

inline std::string wav_of_floats(const wav_content& wav, const std::string& name) {
  return write_wav(wav, SF_FORMAT_FLOAT, name, [&](SNDFILE* file, sf_count_t frames) {
    sf_command(file, SFC_SET_ADD_PEAK_CHUNK, nullptr, SF_FALSE); // it holds the time of day
    return sf_writef_float(file, wav.interleaved.data(), frames);
  });
}

/// Of 16 or 24 bits. The numbers are rounded here: libsndfile scales by 2¹⁵ − 1, so that nothing would come back as it
/// was.
inline std::string wav_of_integers(const wav_content& wav, int bits, const std::string& name) {
  std::vector<int> whole(wav.interleaved.size());
  const double scale = std::ldexp(1.0, bits - 1);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    const double nearest = std::nearbyint(scale * static_cast<double>(wav.interleaved[i]));
    // libsndfile takes the uppermost bits of an int.
    whole[i] = static_cast<int>(std::clamp(nearest, -scale, scale - 1)) * (1 << (32 - bits));
  }
  return write_wav(wav, bits == 16 ? SF_FORMAT_PCM_16 : SF_FORMAT_PCM_24, name,
                   [&](SNDFILE* file, sf_count_t frames) { return sf_writef_int(file, whole.data(), frames); });
}

} // namespace lamina::detail
