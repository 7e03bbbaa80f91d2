#pragma once
#include <cstddef>
#include <lamina/core/text.hpp>
#include <lamina/data/byte_source.hpp>
#include <string>
#include <vector>

namespace lamina::detail {

/// A field of a table in text, and the line it begins in, counted from 1.
struct csv_field {
  std::string text{};
  std::size_t line = 0;
  bool quoted = false;
};

/// Reads separated values row by row, and holds no more than a row. Lines end in \n or \r\n; a field in double quotes
/// may hold separators, line ends, and quotes that are doubled; lines of nothing are left out, and so is a byte order
/// mark at the beginning.
/// Errors: `file_error` naming the line: quotes that do not end, stand within a field or have something behind them.
/// Source: RFC 4180.
template <class Source> class csv_rows {
public:
  explicit csv_rows(Source& source) : source_{source} {}

  /// Reads the next row into `fields`; false at the end. A separator of 0 becomes the first of tab, semicolon and comma
  /// that stands in the row, or the comma.
  bool next(std::vector<csv_field>& fields, char& separator) {
    if (line_ == 0) {
      line_ = 1;
      for (const char mark : {'\xEF', '\xBB', '\xBF'})
        if (peek() == static_cast<unsigned char>(mark)) ++at_;
    }
    while (peek() == '\n' || peek() == '\r') end_line();
    if (peek() == end) return false;
    if (separator == 0) separator = separator_of_line();
    std::size_t count = 0;
    do {
      if (fields.size() == count) fields.emplace_back();
      read(fields[count++], separator);
    } while (take(separator));
    fields.resize(count);
    end_line();
    return true;
  }

  [[noreturn]] void fail(std::size_t line, const piece& where, const piece& expected, const piece& got) const {
    throw file_error(expected_got(joined_text({source_.name(), ": line ", line, where}), expected, got));
  }

private:
  static constexpr int end = -1;

  // The next byte, or end.
  int peek() {
    if (at_ == bytes_.size()) more();
    return at_ == bytes_.size() ? end : bytes_[at_];
  }
  // Forgets what was read, and reads on; false at the end.
  bool more() {
    constexpr std::size_t chunk = std::size_t{1} << 14;
    bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(at_));
    at_ = 0;
    const std::size_t kept = bytes_.size();
    bytes_.resize(kept + chunk);
    const std::size_t got = source_.read({bytes_.data() + kept, chunk});
    bytes_.resize(kept + got);
    return got != 0;
  }
  bool take(char separator) {
    if (peek() != static_cast<unsigned char>(separator)) return false;
    ++at_;
    return true;
  }
  void end_line() {
    if (peek() == '\r') ++at_;
    if (peek() != '\n') return;
    ++at_;
    ++line_;
  }

  // The header is looked through before it is read.
  char separator_of_line() {
    bool tab = false, semicolon = false, quoted = false;
    for (std::size_t i = at_;; ++i) {
      if (i == bytes_.size()) {
        i -= at_;
        if (!more()) break;
      }
      const unsigned char c = bytes_[i];
      if (c == '"') quoted = !quoted;
      if (quoted) continue;
      if (c == '\n') break;
      tab = tab || c == '\t';
      semicolon = semicolon || c == ';';
    }
    return tab ? '\t' : semicolon ? ';' : ',';
  }

  void read(csv_field& field, char separator) {
    field.text.clear();
    field.line = line_;
    field.quoted = peek() == '"';
    if (field.quoted) return read_quoted(field, separator);
    for (int c = peek(); c != end && c != static_cast<unsigned char>(separator) && c != '\n'; c = peek()) {
      if (c == '"')
        fail(line_, "", "quotes around a whole field", joined_text({"a quote within ", in_quotes(field.text)}));
      field.text += static_cast<char>(c);
      ++at_;
    }
    if (field.text.ends_with('\r') && peek() != static_cast<unsigned char>(separator)) field.text.pop_back();
  }
  void read_quoted(csv_field& field, char separator) {
    for (++at_;; ++at_) {
      const int c = peek();
      if (c == end) fail(field.line, "", "a quote that ends the field", "the end of the file");
      if (c == '\n') ++line_;
      if (c == '"') {
        ++at_;
        if (peek() != '"') break;
      }
      field.text += static_cast<char>(c);
    }
    if (const int c = peek(); c != end && c != static_cast<unsigned char>(separator) && c != '\n' && c != '\r')
      fail(line_, "", "a separator or a line's end after a quote", in_quotes(std::string(1, static_cast<char>(c))));
  }

  Source& source_;
  std::vector<unsigned char> bytes_{};
  std::size_t at_ = 0, line_ = 0;
};

} // namespace lamina::detail
