// usage: 31_word2vec [FOLDER FOR THE FIGURE]
// You shall know a word by the company it keeps: Firth 1957; Mikolov and others 2013.
//
// Every word of a text gets a vector of 50 numbers, and learns to tell the words around it from words drawn at random.
// Nobody says what a word means. What to see: words of a kind end up in one direction, though they hardly ever stand
// beside each other; the father, the brother and the daughter are near one another, and so are the hours and the days.
// Skip-gram and the bag of words (CBOW) find the same kinds; 190,000 words of Shakespeare are enough for that.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include <Eigen/Dense>
#include <lamina/word2vec.hpp>

#include "figure.hpp"
#include "words.hpp"

namespace la = lamina;
using Eigen::Index, Eigen::MatrixXd;
using vectors = la::word2vec<50>;

struct kind {
  std::string word;
  int number;
};

/// Words of six kinds.
const std::vector<kind> shown = [] {
  const std::array<std::vector<const char*>, 6> kinds{{
      {"father", "mother", "brother", "sister", "daughter", "husband", "wife", "uncle"},
      {"hand", "eye", "heart", "tongue", "face", "head", "lips", "arm"},
      {"day", "night", "hour", "morning", "year", "week", "month"},
      {"king", "queen", "duke", "prince", "lord", "earl", "lady", "sir"},
      {"rome", "england", "france", "london", "york", "ireland"},
      {"two", "three", "five", "six", "twenty", "hundred", "thousand"},
  }};
  std::vector<kind> all;
  for (std::size_t k = 0; k < kinds.size(); ++k)
    for (const char* word : kinds[k]) all.push_back({word, int(k)});
  return all;
}();

/// The shown words' vectors of length 1, a row each.
MatrixXd directions(const vectors& words, const words_of_text& text) {
  MatrixXd rows(Index(shown.size()), Index(vectors::dimension));
  for (Index i = 0; i < rows.rows(); ++i) {
    const auto vector = words.vector(text.vocabulary.token(shown[std::size_t(i)].word));
    for (Index d = 0; d < rows.cols(); ++d) rows(i, d) = double(vector[std::size_t(d)]);
  }
  return rows.rowwise().normalized();
}

/// Learns by one way, prints what is near a few words and draws the shown ones on their two principal components. Gives
/// how many of these have one of their kind nearest of all that are shown.
template <class Mode>
std::size_t learn(const std::string& name, Mode mode, double rate, const words_of_text& text, figure& plot) {
  vectors words{text.counts, la::seed{1}};
  const std::vector<double> losses = words.fit(text.tokens, mode, {.window = 3, .learning_rate = rate, .epochs = 30});
  std::printf("%s: loss %.2f in the first epoch, %.2f in the last\n", name.c_str(), losses.front(), losses.back());
  for (const char* word : {"king", "brother", "day", "three", "he", "love", "rome"}) {
    std::printf("  %-8s", word);
    for (const la::neighbour& near : la::nearest(words, text.vocabulary.token(word), 6))
      std::printf("  %s %.2f", text.vocabulary.name(near.token).c_str(), near.similarity);
    std::printf("\n");
  }

  const MatrixXd rows = directions(words, text);
  std::size_t among_their_kind = 0;
  MatrixXd alike = rows * rows.transpose();
  for (Index i = 0; i < alike.rows(); ++i) {
    alike(i, i) = -2;
    Index nearest = 0;
    alike.row(i).maxCoeff(&nearest);
    among_their_kind += shown[std::size_t(i)].number == shown[std::size_t(nearest)].number;
  }
  const MatrixXd centred = rows.rowwise() - rows.colwise().mean();
  const Eigen::JacobiSVD<MatrixXd> components{centred, Eigen::ComputeThinU | Eigen::ComputeThinV};
  const MatrixXd places = centred * components.matrixV().leftCols(2);
  for (Index i = 0; i < places.rows(); ++i) {
    const kind& word = shown[std::size_t(i)];
    plot.row(name + std::to_string(word.number), places(i, 0), places(i, 1), word.word);
  }
  std::printf("  %zu of %zu words have one of their kind nearest\n", among_their_kind, shown.size());
  return among_their_kind;
}

int main(int argument_count, char** arguments) {
  figure plot{"31_word2vec", argument_count, arguments};
  const words_of_text text{LAMINA_TEXT};
  std::printf("%zu words, %zu of them distinct\n", text.tokens.size(), text.vocabulary.size());
  const std::size_t by_skip_gram = learn("skip_gram", la::skip_gram{}, 0.025, text, plot);
  const std::size_t by_cbow = learn("cbow", la::cbow{}, 0.1, text, plot);

  plot.draw(R"gnuplot(
set multiplot layout 1,2 title "Words of Shakespeare, as they keep company: 50 numbers each, seen along their two principal components"
unset tics; unset grid; set border 15; set offsets 0.08, 0.08, 0.05, 0.05
colours = "#0072b2 #d55e00 #009e73 #cc79a7 #8c564b #5b3a8e"
do for [mode in "skip_gram cbow"] {
  set title mode eq "cbow" ? "continuous bag of words" : "skip-gram"
  plot for [i=0:5] sprintf("$%s%d", mode, i) using 1:2:3 with labels textcolor rgb word(colours, i + 1)
}
unset multiplot)gnuplot",
            1200, 600);
  const std::size_t enough = shown.size() * 2 / 3; // a sixth would be chance
  return by_skip_gram < enough || by_cbow < enough;
}
