#pragma once
#include <cstddef>
#include <lamina/core/error.hpp>
#include <lamina/core/text.hpp>
#include <lamina/images/raster.hpp>
#include <span>
#include <string>

namespace lamina::detail {

inline bool is_netpbm(std::span<const unsigned char> bytes) {
  return bytes.size() >= 2 && bytes[0] == 'P' &&
         (bytes[1] == '2' || bytes[1] == '3' || bytes[1] == '5' || bytes[1] == '6');
}

/// Reads a PGM (grey) or PPM (coloured) file, as text (P2, P3) or as bytes (P5, P6): the kind, the width, the height
/// and the largest number as text, in between blanks and comments, then the numbers, of two bytes each where the
/// largest needs them. Errors: file_error naming the file and the byte. Source: the Netpbm formats, pgm(5) and ppm(5).
class netpbm_reader {
public:
  static raster read(const std::string& name, std::span<const unsigned char> bytes) {
    return netpbm_reader{name, bytes}.read();
  }

private:
  netpbm_reader(const std::string& name, std::span<const unsigned char> bytes) : name_{name}, bytes_{bytes} {}

  raster read() {
    const bool text = bytes_[1] == '2' || bytes_[1] == '3', grey = bytes_[1] == '2' || bytes_[1] == '5';
    raster image{.channels = grey ? 1u : 3u};
    image.width = number("a width", 1, most_pixels);
    image.height = number("a height", 1, most_pixels);
    require_countable(name_, image.height, image.width);
    const std::size_t largest = number("a largest number", 1, 65535);
    if (!text) {
      if (at_ == bytes_.size() || !is_blank(bytes_[at_])) fail(at_, "a blank before the pixels", "none");
      ++at_;
    }
    // What a number takes at least; in a text there is a blank before each.
    const std::size_t of_number = text || largest > 255 ? 2 : 1;
    if (const std::size_t left = bytes_.size() - at_; left / of_number < image.size())
      fail(at_, joined_text({image.size(), " numbers"}), joined_text({"only ", left, " bytes"}));
    image.numbers.reserve(image.size());
    for (std::size_t i = 0; i < image.size(); ++i) {
      const std::size_t value = text ? number("a number", 0, largest) : big_endian(of_number);
      if (value > largest) fail(at_ - of_number, joined_text({"a number from 0 to ", largest}), value);
      image.numbers.push_back(static_cast<float>(value) / static_cast<float>(largest));
    }
    if (text) skip_blanks();
    if (at_ != bytes_.size()) fail(at_, "the end of the file", "more");
    return image;
  }

  std::size_t big_endian(std::size_t bytes) {
    std::size_t value = 0;
    for (; bytes != 0; --bytes) value = value << 8 | bytes_[at_++];
    return value;
  }

  std::size_t number(const char* what, std::size_t least, std::size_t most) {
    const std::size_t before = at_;
    skip_blanks();
    const std::size_t begin = at_;
    const auto refuse = [&](const piece& got) { fail(begin, joined_text({what, " from ", least, " to ", most}), got); };
    std::size_t value = 0;
    for (; at_ < bytes_.size() && bytes_[at_] >= '0' && bytes_[at_] <= '9'; ++at_) {
      value = 10 * value + (bytes_[at_] - std::size_t{'0'});
      if (value > most) refuse("more");
    }
    if (at_ == begin || before == begin) refuse(at_ == bytes_.size() ? "the end of the file" : "none");
    if (value < least) refuse(value);
    return value;
  }

  void skip_blanks() {
    for (; at_ < bytes_.size(); ++at_)
      if (bytes_[at_] == '#')
        while (at_ + 1 < bytes_.size() && bytes_[at_] != '\n' && bytes_[at_] != '\r') ++at_;
      else if (!is_blank(bytes_[at_]))
        return;
  }
  static bool is_blank(unsigned char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

  [[noreturn]] void fail(std::size_t at, const piece& expected, const piece& got) const {
    throw file_error(expected_got(joined_text({name_, ": byte ", at}), expected, got));
  }

  const std::string& name_;
  std::span<const unsigned char> bytes_;
  std::size_t at_ = 2;
};

} // namespace lamina::detail
