#pragma once
#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <lamina/core/checked.hpp>
#include <lamina/core/error.hpp>
#include <lamina/core/text.hpp>
#include <lamina/data/name_table.hpp>
#include <lamina/data/split_text.hpp>
#include <lamina/data/text.hpp>
#include <lamina/data/tokens.hpp>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lamina {

/// What the tokens of a vocabulary stand for.
enum class token_unit { character, word };

/// The tokens of a text, and what each stands for: characters (`characters`) or words (`words`). Token i is the i-th
/// of its names.
/// Errors: `argument_error`; each says what it names.
/// Example:
///
///     const lamina::vocabulary letters = lamina::characters(text);
///     const lamina::tokens encoded = letters.encode("to be");
///     letters.decode(encoded); // "to be"
class vocabulary {
public:
  /// From entries in the order of their tokens; `unknown`, where it is not empty, is the name of the one that stands
  /// for all other words. Errors: `argument_error` for no entries, one that is no single character or word, a name
  /// that is there twice, an unknown token that is no entry.
  template <std::convertible_to<std::string> Name = std::string> // a template: not compiled where there is none
  vocabulary(token_unit unit, const std::vector<vocabulary_entry>& entries, const Name& unknown = {}) : unit_{unit} {
    add(entries, std::string(unknown));
  }

  /// How many tokens.
  std::size_t size() const { return entries().size(); }
  token_unit unit() const { return unit_; }
  /// Name and count of every token, in order.
  const std::vector<vocabulary_entry>& entries() const& { return table_.entries(); }
  void entries() const&& = delete; // a loop over them would outlive the vocabulary

  /// What a token stands for. Errors: a token that is not below `size()`.
  const std::string& name(std::size_t token) const { return entry(token).name; }
  /// How often it was in the text that the vocabulary is from. Errors: a token that is not below `size()`.
  std::uint64_t count(std::size_t token) const { return entry(token).count; }
  bool contains(std::string_view name) const { return table_.find(name) != detail::name_table::none; }
  /// The token of a name, else the unknown token. Errors: a name that is not there, where there is no unknown token.
  std::uint32_t token(std::string_view name) const {
    const std::uint32_t found = find(name);
    if (found == detail::name_table::none)
      throw argument_error(expected_got("vocabulary: token", one_of_all(), detail::in_quotes(name)));
    return found;
  }
  bool has_unknown() const { return unknown_ != detail::name_table::none; }
  /// The token for words that have none. Errors: there is no such token.
  std::uint32_t unknown() const {
    if (!has_unknown()) throw argument_error(expected_got("vocabulary: unknown token", "one", "none"));
    return unknown_;
  }

  /// A text as tokens; what is not in the vocabulary becomes the unknown token where there is one.
  /// Errors: what is not in it, with its place in the text; a text that is no UTF-8.
  template <std::convertible_to<std::string_view> Text> tokens encode(const Text& text) const {
    return tokens_of(text, [&](std::size_t at, std::string_view name) {
      throw argument_error(
          expected_got(detail::joined_text({"text: byte ", at}), one_of_all(), detail::in_quotes(name)));
    });
  }
  /// The same without what is not in the vocabulary, which is left out; word2vec treats rare words so.
  template <std::convertible_to<std::string_view> Text> tokens encode_known(const Text& text) const {
    return tokens_of(text, [](std::size_t, std::string_view) {});
  }

  /// The text of some tokens, as `encode` gives them or in a vector: characters one behind the other, words with a
  /// blank between them. Errors: a token that is not below `size()`.
  template <std::convertible_to<std::span<const std::uint32_t>> Some> std::string decode(const Some& some) const {
    const std::string_view between = unit_ == token_unit::word ? " " : "";
    std::string all;
    for (const std::uint32_t token : std::span<const std::uint32_t>(some))
      all.append(all.empty() ? "" : between).append(name(token));
    return all;
  }

  friend bool operator==(const vocabulary&, const vocabulary&) = default;

private:
  template <class Entries> void add(const Entries& entries, const std::string& unknown) {
    if (entries.empty()) throw argument_error(expected_got("vocabulary", "at least one entry", "none"));
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const std::string& name = entries[i].name;
      if (const char* const expected = wrong(name, unknown))
        throw argument_error(
            expected_got(detail::joined_text({"vocabulary: entry ", i}), expected, detail::in_quotes(name)));
      table_.add(name, entries[i].count);
    }
    if (!unknown.empty() && (unknown_ = table_.find(unknown)) == detail::name_table::none)
      throw argument_error(expected_got("vocabulary: unknown token", "one of the entries", detail::in_quotes(unknown)));
  }

  // What a name should have been; null where it is right.
  template <class Name> const char* wrong(const Name& name, const Name& unknown) const {
    if (contains(name)) return "another name than those before";
    if (!name.empty() && name == unknown) return nullptr;
    if (unit_ == token_unit::character)
      return detail::utf8_length(name) == name.size() && !name.empty() ? nullptr : "one character in UTF-8";
    bool single = false;
    if (detail::utf8_end(name) == name.size())
      detail::for_each_word(name, [&](std::size_t, std::string_view word) { single = single || word == name; });
    return single ? nullptr : "one word in small letters";
  }

  const vocabulary_entry& entry(std::size_t token) const {
    if (token >= size())
      throw argument_error(expected_got("vocabulary: token", detail::joined_text({"below ", size()}), token));
    return entries()[token];
  }
  std::uint32_t find(std::string_view name) const {
    const std::uint32_t found = table_.find(name);
    return found == detail::name_table::none ? unknown_ : found;
  }
  std::string one_of_all() const {
    return detail::joined_text(
        {"one of the ", size(), unit_ == token_unit::word ? " words" : " characters", " of the vocabulary"});
  }

  template <class OnMissing> tokens tokens_of(std::string_view text, const OnMissing& on_missing) const {
    std::vector<std::uint32_t> found;
    const auto append = [&](std::size_t at, std::string_view name) {
      if (const std::uint32_t token = find(name); token != detail::name_table::none)
        found.push_back(token);
      else
        on_missing(at, name);
    };
    if (unit_ == token_unit::word)
      detail::for_each_word(text, append);
    else
      detail::for_each_character(text, append);
    return {std::move(found), size()};
  }

  detail::name_table table_{};
  token_unit unit_;
  std::uint32_t unknown_ = detail::name_table::none;
};

namespace detail {

/// The names that a text falls into, with their counts, in the order they first occur. What takes these is a template
/// too: programs without words compile none of it.
template <class Table, class Walk> auto count_names(std::string_view text, const Walk& walk) {
  Table table;
  walk(text, [&](std::size_t, std::string_view name) { table.add(name, 1); });
  return table.take();
}

} // namespace detail

/// The characters of a text (Unicode code points), in the order of their numbers.
/// Errors: `argument_error` for a text of none, or one that is no UTF-8.
/// Example: `const lamina::vocabulary letters = lamina::characters(lamina::load_text("text.txt"));`
template <std::convertible_to<std::string_view> Text> vocabulary characters(const Text& text) {
  auto entries = detail::count_names<detail::name_table>(
      text, [](std::string_view all, const auto& visit) { detail::for_each_character(all, visit); });
  // Bytes of UTF-8 are in the order of code points.
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return {token_unit::character, entries};
}

/// Which words are in a vocabulary. `unknown`, where it is not empty, names a token for all others.
struct words_options {
  whole_number<"words: minimum_count"> minimum_count = 1;
  std::string unknown{};
};

/// The words of a text that occur `minimum_count` times or more, from the most frequent to the least, equally frequent
/// ones in the order of their bytes; the unknown token, if there is to be one, is token 0 and counts all words that
/// were left out. A word is a run of letters, A to Z made small, with single apostrophes between letters (don't);
/// digits and all else separate. Beyond ASCII every character is a letter, except U+0080 … U+00BF, × and ÷, and
/// general and CJK punctuation (U+2000 … U+207F, U+3000 … U+303F), of which U+2019 is an apostrophe.
/// Errors: `argument_error` where no word is frequent enough, for a text that is no UTF-8 and for a `minimum_count`
/// below 1.
/// Source: of order and minimum count, word2vec (Mikolov et al. 2013).
/// Example: `lamina::words(text, {.minimum_count = 5, .unknown = "<unknown>"});`
template <std::convertible_to<std::string_view> Text>
vocabulary words(const Text& text, const words_options& options = {}) {
  const auto minimum = static_cast<std::uint64_t>(options.minimum_count);
  auto entries = detail::count_names<detail::name_table>(
      text, [](std::string_view all, const auto& visit) { detail::for_each_word(all, visit); });
  std::sort(entries.begin(), entries.end(),
            [](const auto& a, const auto& b) { return a.count != b.count ? a.count > b.count : a.name < b.name; });
  std::uint64_t left_out = 0;
  for (; !entries.empty() && entries.back().count < minimum; entries.pop_back()) left_out += entries.back().count;
  if (entries.empty())
    throw argument_error(expected_got(
        "words: text",
        detail::joined_text({"a word that occurs at least ", minimum, minimum == 1 ? " time" : " times"}), "none"));
  if (!options.unknown.empty()) entries.insert(entries.begin(), {options.unknown, left_out});
  return {token_unit::word, entries, options.unknown};
}

} // namespace lamina
