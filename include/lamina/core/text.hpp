#pragma once
#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

/// Texts of messages. `a + b + std::to_string(n)` is compiled anew wherever it stands, with all that has to be
/// destroyed on the way; here it is compiled once.
namespace lamina::detail {

/// A piece of a text: characters that stand somewhere, or a number to be written out.
class piece {
public:
  constexpr piece(const char* text) : piece{std::string_view{text}} {}
  constexpr piece(std::string_view text) : text_{text.empty() ? "" : text.data()}, number_{text.size()} {}
  piece(const std::string& text) : text_{text.data()}, number_{text.size()} {}
  constexpr piece(std::size_t number) : text_{nullptr}, number_{number} {}

  [[gnu::cold]] void append_to(std::string& text) const {
    if (text_) {
      text.append(text_, number_);
      return;
    }
    char digits[20];
    std::size_t first = sizeof digits, left = number_;
    do digits[--first] = static_cast<char>('0' + left % 10);
    while (left /= 10);
    text.append(digits + first, sizeof digits - first);
  }

private:
  const char* text_;   // nullptr for a number
  std::size_t number_; // or how many characters
};

/// The pieces, one after the other: `joined_text({"step ", 7, " of ", name})`.
[[gnu::cold, gnu::noinline]] inline std::string joined_text(std::initializer_list<piece> pieces) {
  std::string text;
  for (const piece& one : pieces) one.append_to(text);
  return text;
}

/// 'text'
[[gnu::cold]] inline std::string in_quotes(std::string_view text) { return joined_text({"'", text, "'"}); }

} // namespace lamina::detail
