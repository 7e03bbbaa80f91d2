#pragma once
#include <cstddef>
#include <string_view>

namespace lamina::detail {

/// Bytes of the character (the Unicode code point) that a UTF-8 text begins with; 0 where it begins with none.
/// Source: RFC 3629, section 4.
inline std::size_t utf8_length(std::string_view text) {
  const auto byte = [text](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const unsigned first = byte(0);
  if (first < 0x80) return text.empty() ? 0 : 1;
  const std::size_t length = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
  // These ends leave out what is spelt longer than need be, halves of pairs, and what is beyond U+10FFFF.
  const unsigned least = first == 0xE0   ? 0xA0
                         : first == 0xF0 ? 0x90
                                         : 0x80,
                 most = first == 0xED   ? 0x9F
                        : first == 0xF4 ? 0x8F
                                        : 0xBF;
  if (byte(1) < least || byte(1) > most) return 0;
  for (std::size_t i = 2; i < length; ++i)
    if (byte(i) < 0x80 || byte(i) > 0xBF) return 0;
  return length;
}

/// The first byte that belongs to no character; the text's length where all do.
inline std::size_t utf8_end(std::string_view text) {
  std::size_t at = 0;
  while (const std::size_t length = utf8_length(text.substr(at))) at += length;
  return at;
}

} // namespace lamina::detail
