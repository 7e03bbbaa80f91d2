// Any bytes as a vocabulary's file: it gives a vocabulary whose names are found again, or a file_error. Any bytes as a
// text: it falls into words and characters that a vocabulary of its own gives back, or is no text.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <lamina/core/error.hpp>
#include <lamina/io/vocabulary_file.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  try {
    lamina::memory_source source{"vocabulary", {bytes, size}};
    const auto vocabulary = lamina::detail::vocabulary_reader{source}.read();
    for (std::size_t token = 0; token < vocabulary.size(); ++token)
      if (vocabulary.token(vocabulary.name(token)) != token) abort();
  } catch (const lamina::file_error&) {
  }
  try {
    lamina::memory_source source{"text", {bytes, size}};
    const lamina::text text = lamina::detail::read_text(source);
    const auto letters = lamina::characters(text);
    if (letters.decode(letters.encode(text)) != text.view()) abort();
    const auto words = lamina::words(text);
    if (words.encode(words.decode(words.encode(text))) != words.encode(text)) abort();
  } catch (const lamina::file_error&) {
  } catch (const lamina::argument_error&) { // of no characters, or no words
  }
  return 0;
}
