#pragma once
#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <lamina/core/error.hpp>
#include <lamina/core/text.hpp>
#include <lamina/data/byte_source.hpp>
#include <lamina/data/text.hpp>
#include <lamina/data/vocabulary.hpp>
#include <lamina/io/atomic_file.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// A vocabulary's file is text, a line for each of
///
///   lamina vocabulary 1
///   characters                      or: words
///   unknown none                    or: unknown TOKEN
///   entries COUNT
///   COUNT NAME                      for every token; in names, \n, \r and \\ are ends of lines and a backslash
namespace lamina {

namespace detail {

inline constexpr std::string_view vocabulary_magic = "lamina vocabulary 1";

inline std::string escaped(std::string_view name) {
  std::string all;
  for (const char c : name)
    if (c == '\\' || c == '\n' || c == '\r')
      all.append(c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\\\");
    else
      all += c;
  return all;
}

/// Reads a vocabulary's lines, each with its number for messages.
template <class Source> class vocabulary_reader {
public:
  explicit vocabulary_reader(Source& source) : name_{source.name()}, text_{read_text(source)}, left_{text_} {}

  vocabulary read() {
    require_line(vocabulary_magic);
    const std::string_view kind = next("characters or words");
    if (kind != "characters" && kind != "words") fail("characters or words", kind);
    const token_unit unit = kind == "words" ? token_unit::word : token_unit::character;
    const std::string_view unknown = after("unknown ", "unknown none, or unknown and a token");
    const std::size_t unknown_line = line_;
    const auto unknown_token = unknown == "none" ? std::uint64_t{} : number(unknown);
    const std::uint64_t count = number(after("entries ", "entries and how many there are"));
    std::vector<vocabulary_entry> entries;
    for (std::uint64_t i = 0; i < count; ++i) entries.push_back(entry());
    ++line_;
    if (!left_.empty()) fail("the end of the file", "more");
    line_ = unknown_line;
    if (unknown != "none" && unknown_token >= count) fail("a token of the file", unknown);
    const std::string unknown_name = unknown == "none" ? "" : entries[unknown_token].name;
    try {
      return {unit, entries, unknown_name};
    } catch (const argument_error& wrong) {
      throw file_error(joined_text({name_, ": ", wrong.what()}));
    }
  }

private:
  [[noreturn]] void fail(const piece& expected, std::string_view got) const {
    throw file_error(expected_got(joined_text({name_, ": line ", line_}), expected, in_quotes(escaped(got))));
  }
  std::string_view next(const piece& expected) {
    ++line_;
    const std::size_t end = left_.find('\n');
    if (end == std::string_view::npos) fail(expected, left_);
    const std::string_view line = left_.substr(0, end);
    left_.remove_prefix(end + 1);
    return line;
  }
  void require_line(std::string_view expected) {
    if (const std::string_view line = next(expected); line != expected) fail(expected, line);
  }
  std::string_view after(std::string_view beginning, const piece& expected) {
    const std::string_view line = next(expected);
    if (!line.starts_with(beginning)) fail(expected, line);
    return line.substr(beginning.size());
  }
  std::uint64_t number(std::string_view digits) const {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || end != digits.data() + digits.size()) fail("a whole number", digits);
    return value;
  }
  vocabulary_entry entry() {
    const std::string_view line = next("a count and a name");
    const std::size_t blank = line.find(' ');
    if (blank == std::string_view::npos) fail("a count and a name", line);
    vocabulary_entry read{{}, number(line.substr(0, blank))};
    for (std::size_t i = blank + 1; i < line.size(); ++i) {
      if (line[i] != '\\') {
        read.name += line[i];
        continue;
      }
      const char c = ++i < line.size() ? line[i] : ' ';
      if (c != 'n' && c != 'r' && c != '\\') fail("n, r or another backslash after a backslash", line);
      read.name += c == 'n' ? '\n' : c == 'r' ? '\r' : '\\';
    }
    return read;
  }

  std::string name_;
  text text_;
  std::string_view left_;
  std::size_t line_ = 0;
};

} // namespace detail

/// Saves a vocabulary as a text file. The file is replaced as a whole or not at all.
/// Errors: `file_error` naming the file.
/// Example: `lamina::save_vocabulary(vocabulary, "words.txt");`
template <std::same_as<vocabulary> Vocabulary> // a template: not compiled where none is saved
void save_vocabulary(const Vocabulary& saved, const std::string& path) {
  std::string all{detail::vocabulary_magic};
  all.append(saved.unit() == token_unit::word ? "\nwords" : "\ncharacters");
  all.append("\nunknown ").append(saved.has_unknown() ? std::to_string(saved.unknown()) : "none");
  all.append("\nentries ").append(std::to_string(saved.size())).append("\n");
  for (const vocabulary_entry& entry : saved.entries())
    all.append(std::to_string(entry.count)).append(" ").append(detail::escaped(entry.name)).append("\n");
  atomic_file file{path};
  file.write(all);
  file.commit();
}

/// Loads a vocabulary that `save_vocabulary` saved.
/// Errors: `file_error` naming the file: missing, and the line that is not as it should be.
/// Example: `const lamina::vocabulary words = lamina::load_vocabulary("words.txt");`
vocabulary load_vocabulary(const std::convertible_to<std::string> auto& path) {
  gzip_source source{path};
  return detail::vocabulary_reader{source}.read();
}

} // namespace lamina
