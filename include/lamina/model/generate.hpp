#pragma once
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <lamina/core/error.hpp>
#include <lamina/core/text.hpp>
#include <lamina/simd/random.hpp>

namespace lamina {

/// How a text is continued: `{.prompt = "ROMEO:", .length = 200, .temperature = 0.8, .seed = 1}`.
struct generation {
  std::string prompt{};
  std::size_t length = 100; ///< tokens after the prompt
  double temperature = 1;   ///< what logits are divided by before they are drawn from; 0 takes the likeliest
  std::uint64_t seed = 0;
};

namespace detail {

/// The token that a number in [0, 1) falls to, by softmax(logits / temperature).
template <class T> std::size_t token_at(const T* logits, std::size_t count, double temperature, double number) {
  std::size_t likeliest = 0;
  for (std::size_t i = 1; i < count; ++i)
    if (logits[i] > logits[likeliest]) likeliest = i;
  if (temperature == 0) return likeliest;
  const auto weight = [&](std::size_t i) {
    return std::exp((static_cast<double>(logits[i]) - static_cast<double>(logits[likeliest])) / temperature);
  };
  double left = 0;
  for (std::size_t i = 0; i < count; ++i) left += weight(i);
  left *= number;
  for (std::size_t i = 0; i < count; ++i)
    if ((left -= weight(i)) < 0) return i;
  return likeliest;
}

} // namespace detail

/// Continues a text token by token with a stream whose outputs are logits: each next token is drawn from them and goes
/// in again. The stream is reset first. Gives the prompt and what follows it; the same seed gives the same text.
/// Errors: argument_error for an empty prompt or one that is not of the vocabulary, a negative temperature, and a
/// vocabulary of more tokens than the stream gives logits for. Example: examples/29_language.cpp.
template <class Stream, class Vocabulary>
std::string generate(Stream& stream, const Vocabulary& vocabulary, const generation& how) {
  if (vocabulary.size() > Stream::outputs)
    throw argument_error(expected_got(
        "vocabulary of generate", detail::joined_text({"at most ", Stream::outputs, " tokens"}), vocabulary.size()));
  if (!(how.temperature >= 0))
    throw argument_error(expected_got("temperature of generate", "at least 0", std::to_string(how.temperature)));
  const auto given = vocabulary.encode(how.prompt);
  std::vector<std::uint32_t> all(given.begin(), given.end());
  if (all.empty()) throw argument_error(expected_got("prompt of generate", "at least one token", "none"));
  const auto next = [&](std::uint32_t token) { return stream(static_cast<typename Stream::scalar>(token)); };
  const simd::random_stream draws{how.seed, std::uint64_t{7} << 60};

  stream.reset();
  for (std::size_t i = 0; i + 1 < all.size(); ++i) next(all[i]);
  for (std::size_t i = 0; i < how.length; ++i) {
    const auto logits = next(all.back());
    all.push_back(static_cast<std::uint32_t>(
        detail::token_at(logits.data(), vocabulary.size(), how.temperature, simd::uniform<double>(draws, i))));
  }
  return vocabulary.decode(all);
}

} // namespace lamina
