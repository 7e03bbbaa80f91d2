// Texts, vocabularies and windows: what is encoded is decoded again, and what is wrong is named with its place.
#include <catch.hpp>
#include <io/files.hpp>
#include <lamina/data/next_token_windows.hpp>
#include <lamina/data/vocabulary.hpp>
#include <lamina/io/vocabulary_file.hpp>
#include <zlib.h>

namespace la = lamina;

namespace {

const std::string speech = "To be, or not to be: that's the question.\nWhether 'tis nobler in the mind to suffer\n";
const std::string foreign = "Grüße, “naïve” œuvre — Straße’s Ende × 日本。語 \xF0\x9F\x98\x80\n";

std::string argument_message(auto action) { return message_of<la::argument_error>(action); }

std::string joined(const la::vocabulary& some) {
  std::string all;
  for (const la::vocabulary_entry& entry : some.entries())
    all += (all.empty() ? "" : " ") + entry.name + "/" + std::to_string(entry.count);
  return all;
}

void write_gzip(const std::string& path, const std::string& bytes) {
  const gzFile file = gzopen(path.c_str(), "wb");
  REQUIRE(gzwrite(file, bytes.data(), static_cast<unsigned>(bytes.size())) == static_cast<int>(bytes.size()));
  gzclose(file);
}

la::tokens counting(std::size_t count) {
  std::vector<std::uint32_t> all(count);
  for (std::size_t i = 0; i < count; ++i) all[i] = static_cast<std::uint32_t>(i);
  return {all, count};
}

} // namespace

TEST_CASE("a text is loaded as it is, plain or compressed, whatever its length") {
  const scratch_folder folder;
  std::string longer;
  while (longer.size() < 300'000) longer += speech + foreign;
  for (const std::string& whole : {std::string{}, speech, foreign, longer}) {
    write_gzip(folder / "text.gz", whole);
    CHECK(la::load_text(folder.write("text", whole)).view() == whole);
    CHECK(la::load_text(folder / "text.gz").view() == whole);
  }
}

TEST_CASE("a text that is missing, damaged or no UTF-8 is refused with the file's name and the byte") {
  const scratch_folder folder;
  const auto refusal = [&](const std::string& bytes) {
    const std::string path = folder.write("text", bytes);
    CHECK(message_of([&] { la::load_text(path); }).starts_with(path + ": "));
    return message_of([&] { la::load_text(path); }).substr(path.size() + 2);
  };
  CHECK(message_of([&] { la::load_text(folder / "none"); }) ==
        (folder / "none") + ": expected a readable file, got No such file or directory");
  CHECK(refusal("abc\xFFgh") == "byte 3: expected a character in UTF-8, got byte 255");
  CHECK(refusal("caf\xE9") == "byte 3: expected a character in UTF-8, got byte 233");
  write_gzip(folder / "whole.gz", speech + foreign);
  const std::string whole = content_of(folder / "whole.gz");
  CHECK(refusal(whole.substr(0, whole.size() - 12)).find("expected readable, intact data") != std::string::npos);
  CHECK(argument_message([] { la::text{"a\x80"}; }) == "text: byte 1: expected a character in UTF-8, got byte 128");
}

TEST_CASE("what is no UTF-8 by RFC 3629 is no text, and what is, is one") {
  for (const char* wrong : {"\x80", "\xC0\x80", "\xC1\xBF", "\xC2", "\xC2 ", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xE2\x82",
                            "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF"})
    CHECK(la::detail::utf8_end(std::string("ab") + wrong + "c") == 2);
  for (const std::string right : {"", "a", "\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF",
                                  "\xEE\x80\x80", "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
    CHECK(la::detail::utf8_end(right) == right.size());
    CHECK(la::detail::utf8_length(right) == right.size());
  }
  CHECK(la::detail::utf8_end({"\0b", 2}) == 2);
}

TEST_CASE("the first bytes of a text never end within a character, and copies share the bytes") {
  const la::text whole{foreign};
  for (std::size_t count = 0; count <= foreign.size(); ++count) {
    const la::text part = whole.first(count);
    CHECK(part.size() <= count);
    CHECK(part.size() + 4 > count);
    CHECK(part.view().data() == whole.view().data());
    CHECK(la::detail::utf8_end(part.view()) == part.size());
    CHECK((count < foreign.size() || part == whole));
  }
  CHECK(argument_message([&] { la::text{"abc"}.first(4); }) == "text::first: expected at most 3 bytes, got 4");
}

TEST_CASE("characters are all that the text has, in the order of their numbers, with their counts") {
  CHECK(joined(la::characters("hello, h\n")) == "\n/1  /1 ,/1 e/1 h/2 l/2 o/1");
  CHECK(joined(la::characters(la::text{"üa–ü"})) == "a/1 ü/2 –/1");
  CHECK(argument_message([] { la::characters(""); }) == "vocabulary: expected at least one entry, got none");
}

TEST_CASE("words are letters made small with apostrophes between them, the most frequent first") {
  CHECK(joined(la::words("b a b c a b")) == "b/3 a/2 c/1");
  CHECK(joined(la::words("don't DON’T 'tis lords' a''b x-y 3rd I'")) ==
        "don't/2 a/1 b/1 i/1 lords/1 rd/1 tis/1 x/1 y/1");
  CHECK(joined(la::words(foreign)) == "ende/1 grüße/1 naïve/1 straße's/1 œuvre/1 日本/1 語/1 \xF0\x9F\x98\x80/1");
  CHECK(joined(la::words("b a b c a b", {.minimum_count = 2})) == "b/3 a/2");
  CHECK(joined(la::words("b a b c a b d", {.minimum_count = 2, .unknown = "<unknown>"})) == "<unknown>/2 b/3 a/2");
  CHECK(argument_message([] { la::words("a b", {.minimum_count = 2}); }) ==
        "words: text: expected a word that occurs at least 2 times, got none");
  CHECK(argument_message([] { la::words("a", {.minimum_count = 0}); }) ==
        "words: minimum_count: expected a whole number, at least 1, got 0.000000");
  CHECK(
      argument_message([] { la::words("a", {.unknown = "a"}); }).starts_with("vocabulary: entry 1: expected another"));
}

TEST_CASE("decoding undoes encoding") {
  for (const std::string& whole : {speech, foreign}) {
    const la::vocabulary letters = la::characters(whole);
    const la::tokens encoded = letters.encode(whole);
    CHECK(encoded.vocabulary_size() == letters.size());
    CHECK(letters.decode(encoded) == whole);
    std::vector<std::uint64_t> counts(letters.size());
    for (const std::uint32_t token : encoded) ++counts[token];
    for (std::size_t token = 0; token < letters.size(); ++token) {
      CHECK(letters.count(token) == counts[token]);
      CHECK(letters.token(letters.name(token)) == token);
      CHECK(letters.contains(letters.name(token)));
    }
    const la::vocabulary words = la::words(whole);
    const std::string decoded = words.decode(words.encode(whole));
    CHECK(words.encode(decoded) == words.encode(whole));
    CHECK(words.decode(words.encode(decoded)) == decoded);
  }
  const la::vocabulary words = la::words(speech);
  CHECK(words.decode(words.encode("The QUESTION: to be!")) == "the question to be");
  CHECK(words.encode("").empty());
}

TEST_CASE("what is not in a vocabulary is named with its place, becomes the unknown token, or is left out") {
  const la::vocabulary letters = la::characters("abc");
  CHECK(argument_message([&] { (void)letters.encode("abüc"); }) ==
        "text: byte 2: expected one of the 3 characters of the vocabulary, got 'ü'");
  CHECK(argument_message([&] { (void)letters.encode("a\xFF"); }) ==
        "text: byte 1: expected a character in UTF-8, got byte 255");
  const la::vocabulary words = la::words("a rose is a rose"), open = la::words("a rose is a rose", {2, "<unknown>"});
  CHECK(argument_message([&] { (void)words.encode("A rose, a Lily"); }) ==
        "text: byte 10: expected one of the 3 words of the vocabulary, got 'lily'");
  CHECK(argument_message([&] { (void)words.token("lily"); }) ==
        "vocabulary: token: expected one of the 3 words of the vocabulary, got 'lily'");
  CHECK_FALSE(words.has_unknown());
  CHECK_THROWS_AS(words.unknown(), la::argument_error);
  CHECK(words.decode(words.encode_known("a lily is no rose")) == "a is rose");
  CHECK(open.unknown() == 0);
  CHECK(open.token("lily") == 0);
  CHECK_FALSE(open.contains("lily"));
  CHECK(open.decode(open.encode("a lily, a rose")) == "a <unknown> a rose");
  CHECK(argument_message([&] { (void)words.name(3); }) == "vocabulary: token: expected below 3, got 3");
  CHECK(argument_message([&] { (void)words.decode(std::vector<std::uint32_t>{0, 9}); }) ==
        "vocabulary: token: expected below 3, got 9");
  CHECK(argument_message([] { la::tokens{{0, 1, 5}, 5}; }) == "tokens: token 2: expected below 5, got 5");
}

TEST_CASE("a vocabulary is made of single characters or words, each once") {
  using entries = std::vector<la::vocabulary_entry>;
  const auto refusal = [](la::token_unit unit, const entries& some, const std::string& unknown = {}) {
    return argument_message([&] { la::vocabulary{unit, some, unknown}; });
  };
  constexpr auto character = la::token_unit::character, word = la::token_unit::word;
  CHECK(refusal(character, {{"a"}, {"bc"}}) == "vocabulary: entry 1: expected one character in UTF-8, got 'bc'");
  CHECK(refusal(character, {{""}}) == "vocabulary: entry 0: expected one character in UTF-8, got ''");
  CHECK(refusal(word, {{"a"}, {"Big"}}) == "vocabulary: entry 1: expected one word in small letters, got 'Big'");
  CHECK(refusal(word, {{"a b"}}) == "vocabulary: entry 0: expected one word in small letters, got 'a b'");
  CHECK(refusal(word, {{"a"}, {"a"}}) == "vocabulary: entry 1: expected another name than those before, got 'a'");
  CHECK(refusal(word, {{"a"}}, "?") == "vocabulary: unknown token: expected one of the entries, got '?'");
  CHECK(refusal(word, {{"a"}, {"?"}}, "?") == "nothing was thrown");
}

TEST_CASE("a vocabulary comes back from its file as it was") {
  const scratch_folder folder;
  for (const la::vocabulary& saved :
       {la::characters(speech), la::characters(foreign), la::characters("\n\r\\n a\t"), la::words(speech),
        la::words(foreign), la::words(speech, {.minimum_count = 2, .unknown = "<any\\other>\n"})}) {
    la::save_vocabulary(saved, folder / "vocabulary");
    CHECK(la::load_vocabulary(folder / "vocabulary") == saved);
    CHECK(folder.files() == 1);
  }
  la::save_vocabulary(la::words("b a b\n"), folder / "vocabulary");
  CHECK(content_of(folder / "vocabulary") == "lamina vocabulary 1\nwords\nunknown none\nentries 2\n2 b\n1 a\n");
}

TEST_CASE("a damaged vocabulary is refused with the file's name and the line, and cut short it never loads") {
  const scratch_folder folder;
  const auto refusal = [&](const std::string& bytes) {
    const std::string path = folder.write("vocabulary", bytes),
                      message = message_of([&] { la::load_vocabulary(path); });
    return message.starts_with(path + ": ") ? message.substr(path.size() + 2) : message;
  };
  const std::string head = "lamina vocabulary 1\nwords\nunknown none\n";
  CHECK(refusal("") == "line 1: expected lamina vocabulary 1, got ''");
  CHECK(refusal("lamina vocabulary 2\n") == "line 1: expected lamina vocabulary 1, got 'lamina vocabulary 2'");
  CHECK(refusal("lamina vocabulary 1\nbytes\n") == "line 2: expected characters or words, got 'bytes'");
  CHECK(refusal(head + "entries two\n") == "line 4: expected a whole number, got 'two'");
  CHECK(refusal(head + "entries 99999999999999999999\n").starts_with("line 4: expected a whole number"));
  CHECK(refusal(head + "entries 18446744073709551615\n2 b\n") == "line 6: expected a count and a name, got ''");
  CHECK(refusal(head + "entries 1\n2b\n") == "line 5: expected a count and a name, got '2b'");
  CHECK(refusal(head + "entries 1\n-2 b\n") == "line 5: expected a whole number, got '-2'");
  CHECK(refusal(head + "entries 1\n2 b\\\n").starts_with("line 5: expected n, r or another backslash"));
  CHECK(refusal(head + "entries 1\n2 b\n1 a\n") == "line 6: expected the end of the file, got 'more'");
  CHECK(refusal(head + "entries 2\n2 b\n1 b\n") ==
        "vocabulary: entry 1: expected another name than those before, got 'b'");
  CHECK(refusal(head + "entries 0\n") == "vocabulary: expected at least one entry, got none");
  CHECK(refusal("lamina vocabulary 1\nwords\nunknown 1\nentries 1\n2 b\n") ==
        "line 3: expected a token of the file, got '1'");
  la::save_vocabulary(la::words(speech, {1, "?"}), folder / "whole");
  const std::string whole = content_of(folder / "whole");
  for (std::size_t length = 0; length < whole.size(); ++length) {
    INFO(length);
    CHECK(refusal(whole.substr(0, length)) != "nothing was thrown");
  }
}

TEST_CASE("a window's targets are its tokens one later") {
  for (const std::size_t every : {1u, 2u, 5u, 7u})
    for (const std::size_t count : {6u, 7u, 30u, 31u, 36u}) {
      INFO("every " << every << " of " << count);
      const auto windows = la::next_token_windows<5>(counting(count), {.every = every});
      CHECK(windows.input_size() == 5);
      CHECK(windows.target_size() == 5);
      CHECK(windows.size() == (count - 6) / every + 1);
      for (std::size_t i = 0; i < windows.size(); ++i)
        for (std::size_t step = 0; step < 5; ++step) {
          CHECK(windows.input(i)[step] == static_cast<float>(i * every + step));
          CHECK(windows.target(i)[step].value == i * every + step + 1);
        }
    }
  CHECK(la::next_token_windows<5>(counting(31)).size() == 6);
}

TEST_CASE("windows of too few tokens, without a step, or of tokens that a float does not hold are refused") {
  const auto refusal = [](auto action) { return argument_message(action); };
  CHECK(refusal([] { la::next_token_windows<5>(counting(5)); }) ==
        "next_token_windows: tokens: expected at least 6, got 5");
  CHECK(refusal([] { la::next_token_windows<5>(counting(9), {.every = 0}); }) ==
        "next_token_windows: every: expected at least 1, got 0");
  CHECK(refusal([] { la::next_token_windows<1>(la::tokens{{1, 2}, (1u << 24) + 1}); }) ==
        "next_token_windows: vocabulary: expected at most 16777216 tokens, got 16777217");
  CHECK(la::next_token_windows<1>(la::tokens{{(1u << 24) - 1, 0}, 1u << 24}).input(0)[0] == 16777215.f);
}
