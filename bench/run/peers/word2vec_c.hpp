#pragma once
#include <cstdint>
#include <vector>

/// The algorithm of word2vec.c (T. Mikolov 2013), one thread: its random numbers, its table of words to draw, its table
/// of the sigmoid, its loops. Compiled twice, by the flags of its makefile (`as_made`) and by -Ofast (`fast`).
namespace word2vec_c {

struct settings {
  int dimension = 100, window = 5, negatives = 5;
  float sample = 1e-3f, rate = 0.025f;
  bool cbow = false;
  std::int64_t table_size = 100'000'000; // of the words to draw; its own
};

class model {
public:
  model(const std::vector<std::uint64_t>& counts, const settings& with);
  const std::vector<float>& vectors() const { return syn0; }

  settings with;
  std::vector<std::uint64_t> counts;
  std::vector<float> syn0, syn1neg, exp_table;
  std::vector<int> table;
  std::uint64_t next_random = 1;
  std::int64_t train_words = 0;
};

namespace as_made {
void epoch(model& m, const std::vector<std::uint32_t>& text, int number, int epochs);
}
namespace fast {
void epoch(model& m, const std::vector<std::uint32_t>& text, int number, int epochs);
}

} // namespace word2vec_c
