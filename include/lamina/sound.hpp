#pragma once
/// Sounds from and to WAV files. Programs that include this link libsndfile (in CMake: lamina::sound); `lamina.hpp`
/// does not include it.
#include <cmath>
#include <cstddef>
#include <lamina/core/error.hpp>
#include <lamina/core/text.hpp>
#include <lamina/data/byte_source.hpp>
#include <lamina/io/atomic_file.hpp>
#include <lamina/sound/wav.hpp>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace lamina {

/// A sound in memory: `rate` samples a second, channel after channel; full scale is from -1 to 1.
struct sound {
  unsigned rate = 48000;
  std::size_t channels = 1;
  std::vector<float> samples{};

  /// Samples of a channel.
  std::size_t length() const { return channels == 0 ? 0 : samples.size() / channels; }
  /// One channel, which must be below `channels`.
  std::span<float> channel(std::size_t c) { return std::span{samples}.subspan(c * length(), length()); }
  std::span<const float> channel(std::size_t c) const { return std::span{samples}.subspan(c * length(), length()); }
};

/// How samples stand in a WAV file: whole numbers of 16 or 24 bits, or floats as they are.
enum class wav_format { pcm16, pcm24, float32 };

/// How a sound is saved.
struct wav_options {
  wav_format format = wav_format::pcm16;
};

/// Loads a WAV file of 16- or 24-bit PCM or 32-bit floats, with any number of channels. Whole numbers are divided by
/// 2¹⁵ or 2²³; chunks other than the format and the samples are not looked at.
/// Errors: `file_error` naming the file: missing, no WAV file, of another format or of two, cut short, with a sample
/// that is not finite.
/// Source: Microsoft and IBM, "Multimedia Programming Interface and Data Specifications 1.0", 1991; libsndfile.
/// Example: `const lamina::sound dry = lamina::load_wav("guitar.wav"); stream.process(dry.channel(0), out);`
inline sound load_wav(const std::string& path) {
  file_source source{path};
  detail::wav_content wav = detail::read_wav(source);
  sound loaded{wav.rate, wav.channels, std::vector<float>(wav.interleaved.size())};
  for (std::size_t c = 0; c < loaded.channels; ++c)
    for (std::size_t i = 0; i < loaded.length(); ++i) loaded.channel(c)[i] = wav.interleaved[i * loaded.channels + c];
  return loaded;
}

/// Saves a sound as a WAV file. As PCM, samples are rounded to the nearest, and those beyond full scale are cut off
/// there. What was loaded as 16- or 24-bit PCM is saved so without a change. The file is replaced as a whole or not at
/// all.
/// Errors: `argument_error` for no rate, no channels, channels of different lengths, a sample that is not finite;
/// `file_error` naming the file.
/// Example: `lamina::save_wav({.rate = 44100, .samples = wet}, "wet.wav", {.format = lamina::wav_format::pcm24});`
inline void save_wav(const sound& saved, const std::string& path, const wav_options& options = {}) {
  if (saved.rate < 1 || saved.rate > detail::highest_rate)
    throw argument_error(expected_got(
        "save_wav: rate", detail::joined_text({"1 to ", detail::highest_rate, " samples a second"}), saved.rate));
  if (saved.channels < 1 || saved.channels > detail::most_channels)
    throw argument_error(
        expected_got("save_wav: channels", detail::joined_text({"1 to ", detail::most_channels}), saved.channels));
  if (saved.samples.size() % saved.channels != 0)
    throw argument_error(expected_got(
        "save_wav: samples", detail::joined_text({"a multiple of ", saved.channels, ", as many for each channel"}),
        saved.samples.size()));
  for (std::size_t i = 0; i < saved.samples.size(); ++i)
    if (!std::isfinite(saved.samples[i]))
      throw argument_error(expected_got(detail::joined_text({"save_wav: sample ", i}), "a finite number",
                                        std::to_string(saved.samples[i])));
  detail::wav_content wav{saved.rate, saved.channels, std::vector<float>(saved.samples.size())};
  for (std::size_t c = 0; c < saved.channels; ++c)
    for (std::size_t i = 0; i < saved.length(); ++i) wav.interleaved[i * saved.channels + c] = saved.channel(c)[i];
  const int bits = options.format == wav_format::pcm16 ? 16 : options.format == wav_format::pcm24 ? 24 : 0;
  const std::string bytes = bits == 0 ? detail::wav_of_floats(wav, path) : detail::wav_of_integers(wav, bits, path);
  atomic_file file{path};
  file.write(bytes);
  file.commit();
}

} // namespace lamina
