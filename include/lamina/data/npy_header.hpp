#pragma once
#include <charconv>
#include <cstddef>
#include <lamina/core/text.hpp>
#include <lamina/data/byte_source.hpp>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace lamina::detail {

/// What the beginning of a .npy file promises.
struct npy_header {
  std::string type{};       ///< as NumPy spells it: '<f4'
  std::size_t type_at = 0;  ///< the byte where that stands
  std::size_t shape_at = 0; ///< the byte where the shape stands
  std::vector<std::size_t> shape{};

  /// How many numbers. Errors: `file_error` where that many of `size` bytes cannot be counted.
  template <class Source> std::size_t count(const Source& source, std::size_t size) const {
    std::size_t product = 1;
    for (const std::size_t extent : shape) {
      if (extent != 0 && product > std::numeric_limits<std::size_t>::max() / 8 / size / extent)
        source.fail(shape_at, "extents whose product is a size", "a product beyond it");
      product *= extent;
    }
    return product;
  }
};

/// Reads the text of the header, a Python dictionary: {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }.
template <class Source> class npy_header_parser {
public:
  npy_header_parser(const Source& source, std::string_view text, std::size_t begin)
      : source_{source}, text_{text}, begin_{begin} {}

  npy_header parse() {
    npy_header header;
    bool type = false, order = false, shape = false;
    expect('{');
    while (!take('}')) {
      const std::size_t at = position();
      const std::string key = string();
      expect(':');
      if (key == "descr" && !type) {
        type = true;
        skip_blanks();
        header.type_at = position();
        header.type = string();
      } else if (key == "fortran_order" && !order) {
        order = true;
        skip_blanks();
        if (!text_.substr(at_).starts_with("False")) fail(position(), "C order: 'fortran_order': False");
        at_ += 5;
      } else if (key == "shape" && !shape) {
        shape = true;
        skip_blanks();
        header.shape_at = position();
        header.shape = extents();
      } else {
        fail(at, "one of 'descr', 'fortran_order' and 'shape', each once");
      }
      if (!take(',')) {
        expect('}');
        break;
      }
    }
    skip_blanks();
    if (at_ != text_.size()) fail(position(), "blanks up to the numbers");
    if (!type || !order || !shape) fail(begin_, "'descr', 'fortran_order' and 'shape'");
    return header;
  }

private:
  std::size_t position() const { return begin_ + at_; }
  [[noreturn]] void fail(std::size_t at, const piece& expected) const {
    const std::string_view rest = text_.substr(at - begin_, 20);
    source_.fail(at, expected, rest.empty() ? "the header's end" : in_quotes(rest));
  }
  void skip_blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
  }
  bool take(char c) {
    skip_blanks();
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!take(c)) fail(position(), in_quotes({&c, 1}));
  }
  std::string string() {
    skip_blanks();
    const char quote = at_ < text_.size() && text_[at_] == '"' ? '"' : '\'';
    expect(quote);
    const std::size_t end = text_.find(quote, at_);
    if (end == std::string_view::npos) fail(position(), "a quote that ends the name");
    const std::string inside{text_.substr(at_, end - at_)};
    at_ = end + 1;
    return inside;
  }
  std::vector<std::size_t> extents() {
    std::vector<std::size_t> all;
    expect('(');
    while (!take(')')) {
      skip_blanks();
      std::size_t extent = 0;
      const char* const from = text_.data() + at_;
      const auto [end, error] = std::from_chars(from, text_.data() + text_.size(), extent);
      if (error != std::errc{}) fail(position(), "an extent");
      at_ += static_cast<std::size_t>(end - from);
      all.push_back(extent);
      if (!take(',')) {
        expect(')');
        break;
      }
    }
    return all;
  }

  const Source& source_;
  std::string_view text_;
  std::size_t begin_, at_ = 0;
};

/// Reads and checks all that is before the numbers.
/// Errors: `file_error` naming the byte.
template <class Source> npy_header read_npy_header(Source& source) {
  constexpr std::string_view magic = "\x93NUMPY";
  constexpr std::size_t longest = 1 << 16;
  const auto as_char = [](unsigned char byte) { return static_cast<char>(byte); };
  std::string start, text;
  if (!read_items(source, start, 8, as_char) || !start.starts_with(magic))
    source.fail(0, "a NumPy array, \\x93NUMPY and a version", "something else");
  if (start[6] < 1 || start[6] > 3) source.fail(6, "version 1, 2 or 3", static_cast<unsigned char>(start[6]));
  const std::size_t width = start[6] == 1 ? 2 : 4;
  if (!read_items(source, start, 8 + width, as_char)) source.fail(8, "the header's length", "the end of the file");
  std::size_t length = 0;
  for (std::size_t i = width; i-- > 0;) length = length << 8 | static_cast<unsigned char>(start[8 + i]);
  if (length > longest) source.fail(8, joined_text({"a header of at most ", longest, " bytes"}), length);
  const std::size_t begin = source.position();
  if (!read_items(source, text, length, as_char))
    source.fail(begin, joined_text({length, " bytes of header"}), text.size());
  return npy_header_parser<Source>{source, text, begin}.parse();
}

} // namespace lamina::detail
