#pragma once
#include <cstddef>
#include <lamina/core/error.hpp>
#include <lamina/core/text.hpp>
#include <lamina/data/utf8.hpp>
#include <string>
#include <string_view>

/// How a text falls into characters and into words: `visit(first byte, name)` is called for one after the other.
/// Errors: `argument_error` naming the first byte that is no UTF-8.
namespace lamina::detail {

template <class Visit> void for_each_character(std::string_view text, const Visit& visit) {
  for (std::size_t at = 0, length; at < text.size(); at += length) {
    length = utf8_length(text.substr(at));
    if (length == 0)
      throw argument_error(expected_got(joined_text({"text: byte ", at}), "a character in UTF-8",
                                        joined_text({"byte ", static_cast<unsigned char>(text[at])})));
    visit(at, text.substr(at, length));
  }
}

/// ASCII's letters, and all beyond ASCII but what are, in Latin and general use, signs and punctuation.
inline bool is_letter(std::string_view character) {
  const char first = character[0];
  if (character.size() == 1) return (first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z');
  const auto begins = [&](std::string_view with) { return character.starts_with(with); };
  return !(begins("\xC2") || character == "\xC3\x97" || character == "\xC3\xB7" || // U+0080 … U+00BF, times, divided by
           begins("\xE2\x80") || begins("\xE2\x81") || begins("\xE3\x80"));        // U+2000 … U+207F, U+3000 … U+303F
}
/// The straight one or U+2019.
inline bool is_apostrophe(std::string_view character) { return character == "'" || character == "\xE2\x80\x99"; }

/// Words are letters, A to Z made small, with single apostrophes between them; all else separates.
template <class Visit> void for_each_word(std::string_view text, const Visit& visit) {
  std::string word;
  std::size_t start = 0;
  bool apostrophe = false; // after the word so far: a part of it if a letter follows
  const auto end_word = [&] {
    if (!word.empty()) visit(start, std::string_view{word});
    word.clear();
    apostrophe = false;
  };
  for_each_character(text, [&](std::size_t at, std::string_view character) {
    if (is_letter(character)) {
      if (word.empty()) start = at;
      if (apostrophe) word += '\'';
      apostrophe = false;
      if (character.size() == 1 && character[0] < 'a')
        word += static_cast<char>(character[0] - 'A' + 'a');
      else
        word += character;
    } else if (!word.empty() && !apostrophe && is_apostrophe(character)) {
      apostrophe = true;
    } else {
      end_word();
    }
  });
  end_word();
}

} // namespace lamina::detail
