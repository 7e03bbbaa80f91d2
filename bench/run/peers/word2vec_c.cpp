// Compiled twice, with WORD2VEC_C_FLAVOUR as_made and fast.
#include "word2vec_c.hpp"
#include <cmath>

namespace word2vec_c {
namespace {
constexpr int exp_table_size = 1000, max_exp = 6;
constexpr std::int64_t max_sentence_length = 1000;
inline std::uint64_t draw(std::uint64_t& state) { return state = state * 25214903917ull + 11; }
} // namespace

#ifdef WORD2VEC_C_TABLES
model::model(const std::vector<std::uint64_t>& words, const settings& s) : with{s}, counts{words} {
  const std::size_t size = counts.size(), layer1_size = static_cast<std::size_t>(with.dimension);
  syn0.resize(size * layer1_size), syn1neg.resize(size * layer1_size);
  for (float& w : syn0)
    w = (static_cast<float>(draw(next_random) & 0xFFFF) / 65536.f - 0.5f) / static_cast<float>(layer1_size);
  for (int i = 0; i < exp_table_size; ++i) {
    const float e = std::exp((static_cast<float>(i) / exp_table_size * 2 - 1) * max_exp);
    exp_table.push_back(e / (e + 1));
  }
  double sum = 0;
  for (const std::uint64_t count : counts)
    sum += std::pow(double(count), 0.75), train_words += static_cast<std::int64_t>(count);
  table.resize(static_cast<std::size_t>(with.table_size));
  std::size_t i = 0;
  double share = std::pow(double(counts[0]), 0.75) / sum;
  for (std::size_t a = 0; a < table.size(); ++a) {
    table[a] = static_cast<int>(i);
    if (double(a) / double(table.size()) > share && i + 1 < size) share += std::pow(double(counts[++i]), 0.75) / sum;
  }
}
#endif

namespace WORD2VEC_C_FLAVOUR {

void epoch(model& m, const std::vector<std::uint32_t>& text, int number, int epochs) {
  const long layer1_size = m.with.dimension, window = m.with.window, negative = m.with.negatives,
             size = static_cast<long>(m.counts.size());
  const std::int64_t train_words = m.train_words, table_size = m.with.table_size;
  const float starting_alpha = m.with.rate, sample = m.with.sample;
  float* const syn0 = m.syn0.data();
  float* const syn1neg = m.syn1neg.data();
  const float* const expTable = m.exp_table.data();
  const int* const table = m.table.data();
  std::vector<float> neu1_memory(static_cast<std::size_t>(layer1_size)), neu1e_memory(neu1_memory);
  float *const neu1 = neu1_memory.data(), *const neu1e = neu1e_memory.data();
  std::uint64_t next_random = m.next_random;
  long sen[max_sentence_length + 1];
  float alpha = starting_alpha;
  std::int64_t word_count = 0, last_word_count = -20000;

  const auto gradient = [&](float f, int label) {
    if (f > max_exp) return (static_cast<float>(label) - 1) * alpha;
    if (f < -max_exp) return (static_cast<float>(label) - 0) * alpha;
    return (static_cast<float>(label) -
            expTable[static_cast<int>((f + max_exp) * (float(exp_table_size) / max_exp / 2))]) *
           alpha;
  };

  for (std::size_t at = 0; at < text.size();) {
    if (word_count - last_word_count > 10000) {
      last_word_count = word_count;
      alpha = starting_alpha *
              (1 - (float(number) * float(train_words) + float(word_count)) / (float(epochs) * float(train_words) + 1));
      if (alpha < starting_alpha * 0.0001f) alpha = starting_alpha * 0.0001f;
    }
    long sentence_length = 0;
    while (at < text.size()) {
      const long word = text[at++];
      ++word_count;
      if (sample > 0) {
        const float cn = static_cast<float>(m.counts[static_cast<std::size_t>(word)]);
        const float ran = (std::sqrt(cn / (sample * float(train_words))) + 1) * (sample * float(train_words)) / cn;
        draw(next_random);
        if (ran < static_cast<float>(next_random & 0xFFFF) / 65536.f) continue;
      }
      sen[sentence_length++] = word;
      if (sentence_length >= max_sentence_length) break;
    }
    for (long position = 0; position < sentence_length; ++position) {
      const long word = sen[position];
      for (long c = 0; c < layer1_size; c++) neu1[c] = 0;
      for (long c = 0; c < layer1_size; c++) neu1e[c] = 0;
      draw(next_random);
      const long b = static_cast<long>(next_random % static_cast<std::uint64_t>(window));
      if (m.with.cbow) {
        long cw = 0;
        for (long a = b; a < window * 2 + 1 - b; a++)
          if (a != window) {
            const long c = position - window + a;
            if (c < 0 || c >= sentence_length) continue;
            const float* const row = syn0 + sen[c] * layer1_size;
            for (long k = 0; k < layer1_size; k++) neu1[k] += row[k];
            cw++;
          }
        if (!cw) continue;
        for (long c = 0; c < layer1_size; c++) neu1[c] /= static_cast<float>(cw);
        for (long d = 0; d < negative + 1; d++) {
          long target = word;
          int label = 1;
          if (d > 0) {
            draw(next_random);
            target = table[(next_random >> 16) % static_cast<std::uint64_t>(table_size)];
            if (target == 0) target = static_cast<long>(next_random % static_cast<std::uint64_t>(size - 1)) + 1;
            if (target == word) continue;
            label = 0;
          }
          float* const l2 = syn1neg + target * layer1_size;
          float f = 0;
          for (long c = 0; c < layer1_size; c++) f += neu1[c] * l2[c];
          const float g = gradient(f, label);
          for (long c = 0; c < layer1_size; c++) neu1e[c] += g * l2[c];
          for (long c = 0; c < layer1_size; c++) l2[c] += g * neu1[c];
        }
        for (long a = b; a < window * 2 + 1 - b; a++)
          if (a != window) {
            const long c = position - window + a;
            if (c < 0 || c >= sentence_length) continue;
            float* const row = syn0 + sen[c] * layer1_size;
            for (long k = 0; k < layer1_size; k++) row[k] += neu1e[k];
          }
      } else {
        for (long a = b; a < window * 2 + 1 - b; a++)
          if (a != window) {
            const long at_word = position - window + a;
            if (at_word < 0 || at_word >= sentence_length) continue;
            float* const l1 = syn0 + sen[at_word] * layer1_size;
            for (long c = 0; c < layer1_size; c++) neu1e[c] = 0;
            for (long d = 0; d < negative + 1; d++) {
              long target = word;
              int label = 1;
              if (d > 0) {
                draw(next_random);
                target = table[(next_random >> 16) % static_cast<std::uint64_t>(table_size)];
                if (target == 0) target = static_cast<long>(next_random % static_cast<std::uint64_t>(size - 1)) + 1;
                if (target == word) continue;
                label = 0;
              }
              float* const l2 = syn1neg + target * layer1_size;
              float f = 0;
              for (long c = 0; c < layer1_size; c++) f += l1[c] * l2[c];
              const float g = gradient(f, label);
              for (long c = 0; c < layer1_size; c++) neu1e[c] += g * l2[c];
              for (long c = 0; c < layer1_size; c++) l2[c] += g * l1[c];
            }
            for (long c = 0; c < layer1_size; c++) l1[c] += neu1e[c];
          }
      }
    }
  }
  m.next_random = next_random;
}

} // namespace WORD2VEC_C_FLAVOUR
} // namespace word2vec_c
