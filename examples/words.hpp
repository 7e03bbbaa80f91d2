#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include <lamina/data/text.hpp>
#include <lamina/data/vocabulary.hpp>

/// A text as word2vec takes it: its words that are seen five times or more, how often each is, and the text without the
/// others.
struct words_of_text {
  lamina::vocabulary vocabulary;
  std::vector<std::uint32_t> tokens;
  std::vector<std::uint64_t> counts;

  explicit words_of_text(const std::string& path) : words_of_text{lamina::load_text(path)} {}
  explicit words_of_text(const lamina::text& text) : vocabulary{lamina::words(text, {.minimum_count = 5})} {
    const lamina::tokens known = vocabulary.encode_known(text);
    tokens.assign(known.begin(), known.end());
    for (const lamina::vocabulary_entry& entry : vocabulary.entries()) counts.push_back(entry.count);
  }
};
