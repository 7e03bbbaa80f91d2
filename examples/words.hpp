#pragma once
#include <algorithm>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <lamina/data/byte_source.hpp>

/// A text as words: runs of letters and apostrophes in lower case, those left out that are seen less than five times.
/// Token 0 is the most frequent word.
struct words_of_text {
  std::vector<std::string> names;
  std::vector<std::uint64_t> counts;
  std::vector<std::uint32_t> tokens;
  std::unordered_map<std::string, std::uint32_t> token_of;

  explicit words_of_text(const std::string& path, std::uint64_t least = 5) {
    const std::vector<std::string> words = split(path);
    std::unordered_map<std::string, std::uint64_t> seen;
    for (const std::string& word : words) ++seen[word];
    std::vector<std::pair<std::uint64_t, std::string>> frequent;
    for (const auto& [word, count] : seen)
      if (count >= least) frequent.emplace_back(count, word);
    std::sort(frequent.begin(), frequent.end(), std::greater<>{});
    for (const auto& [count, word] : frequent) {
      token_of[word] = static_cast<std::uint32_t>(names.size());
      names.push_back(word), counts.push_back(count);
    }
    for (const std::string& word : words)
      if (const auto found = token_of.find(word); found != token_of.end()) tokens.push_back(found->second);
  }

private:
  static std::vector<std::string> split(const std::string& path) {
    lamina::gzip_source file{path};
    std::vector<unsigned char> some(1 << 16);
    std::vector<std::string> words(1);
    for (std::size_t count; (count = file.read(some)) > 0;)
      for (std::size_t i = 0; i < count; ++i) {
        const char c = static_cast<char>(some[i] >= 'A' && some[i] <= 'Z' ? some[i] - 'A' + 'a' : some[i]);
        if ((c >= 'a' && c <= 'z') || c == '\'')
          words.back() += c;
        else if (!words.back().empty())
          words.emplace_back();
      }
    if (words.back().empty()) words.pop_back();
    return words;
  }
};
