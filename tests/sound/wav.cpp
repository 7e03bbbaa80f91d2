// Sounds in WAV files: what was saved is loaded again, exactly where the format can hold it; what is broken is refused.
#include <bit>
#include <catch.hpp>
#include <cmath>
#include <io/files.hpp>
#include <lamina/sound.hpp>
#include <limits>
#include <random>

namespace la = lamina;

namespace {

constexpr la::wav_format formats[] = {la::wav_format::pcm16, la::wav_format::pcm24, la::wav_format::float32};

la::sound noise(std::size_t channels, std::size_t length, double most = 1) {
  std::mt19937 engine{7};
  la::sound drawn{44100, channels, std::vector<float>(channels * length)};
  for (float& sample : drawn.samples)
    sample = static_cast<float>(most * (std::ldexp(static_cast<double>(engine()), -31) - 1));
  return drawn;
}
double step_of(la::wav_format format) {
  return format == la::wav_format::pcm16 ? 0x1p-15 : format == la::wav_format::pcm24 ? 0x1p-23 : 0;
}

std::string four(std::uint32_t number) {
  std::string bytes;
  for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(number >> shift & 255u);
  return bytes;
}
std::string two(unsigned number) { return four(number).substr(0, 2); }
std::string chunk(const std::string& name, const std::string& content) {
  return name + four(static_cast<std::uint32_t>(content.size())) + content +
         (content.size() % 2 ? std::string(1, '\0') : "");
}
std::string format(unsigned tag, unsigned channels, unsigned rate, unsigned bits) {
  const unsigned frame = channels * bits / 8;
  return chunk("fmt ", two(tag) + two(channels) + four(rate) + four(rate * frame) + two(frame) + two(bits));
}
std::string wav(const std::string& chunks) {
  return "RIFF" + four(static_cast<std::uint32_t>(4 + chunks.size())) + "WAVE" + chunks;
}

std::string refusal(const std::string& bytes) {
  const scratch_folder folder;
  const std::string path = folder.write("sound.wav", bytes), message = message_of([&] { la::load_wav(path); });
  return message.starts_with(path + ": ") ? message.substr(path.size() + 2) : message;
}

} // namespace

TEST_CASE("a sound comes back from its file to within half a step of the format") {
  const scratch_folder folder;
  for (const la::wav_format format : formats)
    for (const std::size_t channels : {1u, 2u, 5u})
      for (const std::size_t length : {0u, 1u, 2u, 1023u, 5000u}) {
        INFO(channels << " channels, " << length << " samples");
        const la::sound saved = noise(channels, length, 0.999);
        la::save_wav(saved, folder / "a.wav", {.format = format});
        const la::sound loaded = la::load_wav(folder / "a.wav");
        CHECK(loaded.rate == 44100);
        REQUIRE(loaded.channels == channels);
        REQUIRE(loaded.length() == length);
        double worst = 0;
        for (std::size_t i = 0; i < saved.samples.size(); ++i)
          worst = std::max(worst, static_cast<double>(std::abs(loaded.samples[i] - saved.samples[i])));
        CHECK(worst <= step_of(format) / 2);
        // Loaded and saved again, it is the same file.
        la::save_wav(loaded, folder / "b.wav", {.format = format});
        CHECK(content_of(folder / "a.wav") == content_of(folder / "b.wav"));
        CHECK(folder.files() == 2);
      }
}

TEST_CASE("every number of 16 bits is its own, and what is beyond full scale is cut off there") {
  const scratch_folder folder;
  la::sound all{48000, 1, {}};
  std::string bytes;
  for (int value = -32768; value < 32768; ++value) {
    all.samples.push_back(static_cast<float>(value) / 32768.0f);
    bytes += two(static_cast<unsigned>(value) & 0xFFFF);
  }
  la::save_wav(all, folder / "a.wav");
  CHECK(content_of(folder / "a.wav") == wav(format(1, 1, 48000, 16) + chunk("data", bytes)));
  CHECK(la::load_wav(folder / "a.wav").samples == all.samples);

  la::save_wav({.samples = {1, 2, 1e30f, -1, -2, -1e30f, 0.99998f}}, folder / "b.wav");
  const float top = 32767.0f / 32768.0f;
  CHECK(la::load_wav(folder / "b.wav").samples == std::vector<float>{top, top, top, -1, -1, -1, top});
  la::save_wav({.samples = {1, 2, -3}}, folder / "b.wav", {.format = la::wav_format::float32});
  CHECK(la::load_wav(folder / "b.wav").samples == std::vector<float>{1, 2, -3});
}

TEST_CASE("channels stand one after the other") {
  const scratch_folder folder;
  const std::string samples = two(1) + two(0x8000) + two(3) + two(0x4000);
  const la::sound loaded = la::load_wav(folder.write("a.wav", wav(format(1, 2, 8000, 16) + chunk("data", samples))));
  CHECK(loaded.rate == 8000);
  CHECK(std::vector<float>(loaded.channel(0).begin(), loaded.channel(0).end()) ==
        std::vector<float>{0x1p-15f, 3 * 0x1p-15f});
  CHECK(std::vector<float>(loaded.channel(1).begin(), loaded.channel(1).end()) == std::vector<float>{-1, 0.5f});
}

TEST_CASE("other chunks do not matter, before and behind the samples") {
  const std::string samples = chunk("data", two(1) + two(2) + two(3));
  const scratch_folder folder;
  for (const std::string& chunks :
       {format(1, 1, 8000, 16) + samples, chunk("LIST", "abc") + format(1, 1, 8000, 16) + chunk("note", "") + samples,
        format(1, 1, 8000, 16) + samples + chunk("LIST", "INFO"),
        // Its item's size leads libsndfile back to the list's beginning, for ever.
        format(1, 1, 8000, 16) + samples + "LIST" + std::string(8, '\xFF') + four(0xFFFFFFF7)})
    CHECK(la::load_wav(folder.write("a.wav", wav(chunks))).samples ==
          std::vector<float>{0x1p-15f, 2 * 0x1p-15f, 3 * 0x1p-15f});
}

TEST_CASE("a file that is broken is refused by name") {
  const std::string head = format(1, 1, 8000, 16), samples = chunk("data", std::string(40, '\1'));
  CHECK(refusal(wav(head + samples)) == "nothing was thrown");
  CHECK(refusal("") == "byte 0: expected a WAV file, RIFF and WAVE, got another one");
  CHECK(refusal("RIFX" + wav(head + samples).substr(4)) ==
        "byte 0: expected a WAV file, RIFF and WAVE, got another one");
  CHECK(refusal(wav("")) == "byte 12: expected a chunk fmt, got the end of the file");
  CHECK(refusal(wav(head)) == "byte 36: expected samples, a chunk data, got the end of the file");
  CHECK(refusal(wav(samples + head)) == "byte 12: expected a chunk fmt before the samples, got none");
  CHECK(refusal(wav(head + head + samples)) == "byte 36: expected one chunk fmt, got a second one");
  CHECK(refusal(wav(format(1, 1, 8000, 8) + samples)) ==
        "expected samples of 16 or 24 bits, or 32-bit floats, got others");
  CHECK(refusal(wav(format(7, 1, 8000, 8) + samples)) ==
        "expected samples of 16 or 24 bits, or 32-bit floats, got others");
  CHECK(refusal(wav(format(1, 0, 8000, 16) + samples)) != "nothing was thrown");
  CHECK(refusal(wav(format(1, 1, 0, 16) + samples)) != "nothing was thrown");
  CHECK(refusal(wav(format(9999, 1, 8000, 16) + samples)) != "nothing was thrown");
  const std::string nan = four(std::bit_cast<std::uint32_t>(std::numeric_limits<float>::quiet_NaN()));
  CHECK(refusal(wav(format(3, 1, 8000, 32) + chunk("data", four(0) + nan))) ==
        "expected finite samples, got another one at 1");
  const std::string good = wav(head + samples);
  for (std::size_t size = 0; size < good.size(); ++size) CHECK(refusal(good.substr(0, size)) != "nothing was thrown");
  CHECK(refusal(good.substr(0, good.size() - 3)) == "byte 36: expected a chunk of 40 bytes, got 37");
  CHECK(message_of([] { la::load_wav("/nowhere/a.wav"); }) ==
        "/nowhere/a.wav: expected a readable file, got No such file or directory");
}

TEST_CASE("a sound that cannot be saved is refused, and the file stays as it was") {
  const scratch_folder folder;
  const std::string path = folder.write("a.wav", "old");
  const auto message = [&](const la::sound& wrong) {
    return message_of<la::argument_error>([&] { la::save_wav(wrong, path); });
  };
  CHECK(message({.rate = 0, .samples = {1}}) == "save_wav: rate: expected 1 to 10000000 samples a second, got 0");
  CHECK(message({.channels = 0, .samples = {}}) == "save_wav: channels: expected 1 to 1024, got 0");
  CHECK(message({.channels = 2, .samples = {1, 2, 3}}) ==
        "save_wav: samples: expected a multiple of 2, as many for each channel, got 3");
  CHECK(message({.samples = {0, std::numeric_limits<float>::infinity()}}) ==
        "save_wav: sample 1: expected a finite number, got inf");
  CHECK(content_of(path) == "old");
  CHECK(folder.files() == 1);
  CHECK(message_of([&] { la::save_wav({.samples = {1}}, folder / "none" + "/a.wav"); }).starts_with(folder / "none"));
}
