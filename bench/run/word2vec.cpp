// Words per second of word2vec, dimension 100, window 5, 5 negatives, one thread: against the algorithm of word2vec.c
// as its makefile compiles it, with -Ofast, and with a table of words to draw that fits a cache (its own has 400 MB).
// Words are those of the text, with the ones that subsampling leaves out; vocabulary: those seen five times or more.
// A ratio is the time of the fastest of them over lamina's; asked is to be faster, and a million words a second.
//
// usage: word2vec [--json FILE] TEXT.txt.gz
#include "../../examples/words.hpp"
#include "peers/word2vec_c.hpp"
#include "race.hpp"
#include <algorithm>
#include <cstdio>
#include <lamina/word2vec.hpp>
#include <vector>

namespace la = lamina;

namespace {

template <class Mode>
void race_of(race::report& report, const char* name, const words_of_text& text, Mode mode, bool bags) {
  la::word2vec<100> words{text.counts, la::seed{1}};
  word2vec_c::model large{text.counts, {.cbow = bags}}, small{text.counts, {.cbow = bags, .table_size = 1'000'000}};
  const std::vector<race::contender> all{
      race::entry("lamina", [&] { words.fit(text.tokens, mode, {.epochs = 1}); }),
      race::entry("word2vec.c", [&] { word2vec_c::as_made::epoch(large, text.tokens, 0, 1); }),
      race::entry("-Ofast", [&] { word2vec_c::fast::epoch(large, text.tokens, 0, 1); }),
      race::entry("small table", [&] { word2vec_c::as_made::epoch(small, text.tokens, 0, 1); }),
      race::entry("both", [&] { word2vec_c::fast::epoch(small, text.tokens, 0, 1); })};
  race::result r{name, {}, race::medians(all, 5), 0, 0, ""};
  std::printf("%-16s", name);
  for (std::size_t i = 0; i < all.size(); ++i) {
    r.names.push_back(all[i].name);
    std::printf(" %12.2f", static_cast<double>(text.tokens.size()) / r.nanoseconds[i] * 1e3);
  }
  const double best = *std::min_element(r.nanoseconds.begin() + 1, r.nanoseconds.end());
  r.ratio = best / r.nanoseconds[0];
  r.asked = std::max(1.0, best / (1e3 * static_cast<double>(text.tokens.size()))); // a million words a second
  std::printf("  %6.2f  %6.2f  %s\n", r.ratio, r.asked, r.met() ? "met" : "MISSED");
  report.add(std::move(r));
}

} // namespace

int main(int argc, char** argv) {
  race::prepare(argv);
  race::report report{"word2vec, dimension 100, window 5, 5 negatives, an epoch", argc, argv};
  const char* const path = argc % 2 == 0 ? argv[argc - 1] : "examples/data/text/tinyshakespeare.txt.gz";
  const words_of_text text{path};
  std::printf("%zu words, %zu distinct\n\n", text.tokens.size(), text.counts.size());
  std::printf("%-16s %12s %12s %12s %12s %12s  %6s  %6s\n", "million words/s", "lamina", "word2vec.c", "-Ofast",
              "small table", "both", "ratio", "asked");
  race_of(report, "skip-gram", text, la::skip_gram{}, false);
  race_of(report, "continuous bag", text, la::cbow{}, true);
  return 0;
}
