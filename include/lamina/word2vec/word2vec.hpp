#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <lamina/core/error.hpp>
#include <lamina/core/parameter.hpp>
#include <lamina/core/seed.hpp>
#include <lamina/core/text.hpp>
#include <lamina/initializer.hpp>
#include <lamina/model/storage.hpp>
#include <lamina/word2vec/alias_table.hpp>
#include <lamina/word2vec/modes.hpp>
#include <lamina/word2vec/options.hpp>
#include <lamina/word2vec/shares.hpp>
#include <lamina/word2vec/step.hpp>
#include <lamina/word2vec/windows.hpp>

namespace lamina {

/// Words as vectors of `Dimension` numbers, learned from a text so that words of the same company come to lie in the
/// same direction.
///
///     word2vec<100> words{counts, seed{1}};                    // counts[token]: how often it is in the text
///     words.fit(tokens, skip_gram{}, {.epochs = 5});
///     for (const neighbour& near : nearest(words, king, 10)) …
///
/// Every word has an input vector v and an output vector u. A word o that is seen with x, a vector v or the mean of
/// some, takes a step down −log σ(u_o·x) − Σ log σ(−u_n·x), over words n drawn with probabilities as counts^¾: the loss
/// `negative_sampling`. At the start v is drawn from U(−½, ½) / Dimension and u is 0. One thread; a seed gives the same
/// bits every time (on the same instruction set). `<lamina/word2vec.hpp>`.
/// Errors: argument_error where there is no word, or none has a count above 0; `word2vec<0>` is undefined.
/// Source: Mikolov, Sutskever, Chen, Corrado and Dean, "Distributed representations of words and phrases and their
/// compositionality", 2013; word2vec.c. Example: examples/31_word2vec.cpp.
template <std::size_t Dimension, class Scalar = float, class Arch = simd::default_arch> class word2vec {
  static constexpr std::uint64_t first_stream = std::uint64_t{5} << 60;

public:
  using scalar = Scalar;
  using architecture = Arch;
  static constexpr std::size_t dimension = Dimension;
  /// From one vector to the next: padded with zeros to whole SIMD vectors.
  static constexpr std::size_t stride = simd::padded<Scalar, Arch>(Dimension);

  word2vec(std::span<const std::uint64_t> counts, seed from)
      : counts_(counts.begin(), counts.end()), noise_{detail::noise_weights(counts)}, seed_{from},
        matrix_{.name = {"weight"}, .shape = {2, {counts.size(), Dimension}}}, input_{counts.size() * stride},
        output_{input_.size()} {
    matrix_.layout = {.stored = input_.size(), .rows = counts.size(), .depth = Dimension, .stride = stride};
    initialize(embedding(), uniform{-0.5 / Dimension, 0.5 / Dimension}, seed_.value);
  }

  /// How many words there are.
  std::size_t size() const { return counts_.size(); }

  /// The vector of a word. Errors: argument_error for a token that is none.
  std::span<const Scalar, Dimension> vector(std::uint32_t token) const {
    if (token >= size()) refuse("word2vec: token", token);
    return std::span<const Scalar, Dimension>{input_.data() + token * stride, Dimension};
  }

  /// The vectors as a matrix, (size(), Dimension): `embedding()(token, d)`; the weight of the equal `nn.Embedding`.
  parameter_view<Scalar> embedding() { return {input_.data(), matrix_}; }
  parameter_view<const Scalar> embedding() const { return {input_.data(), matrix_}; }
  /// The output vectors u, which training compares them with.
  parameter_view<Scalar> output_embedding() { return {output_.data(), matrix_}; }
  parameter_view<const Scalar> output_embedding() const { return {output_.data(), matrix_}; }

  /// Learns from a text by `skip_gram` or `cbow`; gives the mean loss of a pair in each epoch. Called again, it goes on
  /// with other draws. The text counts as one sentence.
  /// Errors: argument_error for an empty text, or naming the first token that is no word of `counts`, before anything
  /// changes; training_error for a loss that is not finite, after the epoch.
  template <class Mode>
  std::vector<double> fit(std::span<const std::uint32_t> tokens, Mode, const word2vec_options& options = {}) {
    check(tokens);
    const auto epochs = static_cast<std::size_t>(options.epochs);
    const std::size_t window =
        static_cast<std::size_t>(std::min<double>(options.window, static_cast<double>(tokens.size())));
    const std::vector<std::uint64_t> shares = detail::kept_shares(counts_, options.subsample);
    detail::word_windows<Arch> windows{window};
    std::vector<double> losses;
    for (std::size_t epoch = 0; epoch < epochs; ++epoch, ++epochs_) {
      windows.begin(tokens, shares, stream(0), stream(1));
      detail::word2vec_step<stride, Scalar, Arch> step{
          input_.data(), output_.data(), noise_, static_cast<std::size_t>(options.negatives), 2 * window, stream(2)};
      const double first = options.learning_rate * (1 - static_cast<double>(epoch) / options.epochs),
                   fall = options.learning_rate / options.epochs / static_cast<double>(windows.size()),
                   least = options.learning_rate * 1e-4;
      double loss = 0, pairs = 0;
      while (windows.next()) {
        if (windows.around().empty()) continue;
        step.begin();
        Mode::ask(step, windows.around(), windows.middle());
        loss += step.score(std::max(first - fall * static_cast<double>(windows.position()), least));
        Mode::learn(step, windows.around());
        pairs += static_cast<double>(step.pairs());
      }
      losses.push_back(pairs > 0 ? loss / pairs : 0);
      if (!std::isfinite(losses.back()))
        throw training_error(expected_got(detail::joined_text({"word2vec::fit: epoch ", epoch + 1}), "a finite loss",
                                          std::to_string(losses.back())));
    }
    return losses;
  }

private:
  [[noreturn]] void refuse(const detail::piece& where, std::uint32_t token) const {
    throw argument_error(expected_got(where, detail::joined_text({"one below ", size()}), token));
  }
  void check(std::span<const std::uint32_t> tokens) const {
    if (tokens.empty()) throw argument_error(expected_got("word2vec::fit: tokens", "at least one", "none"));
    for (std::size_t i = 0; i < tokens.size(); ++i)
      if (tokens[i] >= size()) refuse(detail::joined_text({"word2vec::fit: token ", i}), tokens[i]);
  }
  simd::random_stream stream(std::uint64_t which) const { return {seed_.value, first_stream + 4 * epochs_ + which}; }

  std::vector<std::uint64_t> counts_;
  alias_table noise_;
  seed seed_;
  parameter matrix_;
  aligned_block<Scalar> input_, output_;
  std::uint64_t epochs_ = 0; // so far, by all calls
};

template <class Scalar, class Arch> class word2vec<0, Scalar, Arch>; // undefined: a vector has at least one number

} // namespace lamina
