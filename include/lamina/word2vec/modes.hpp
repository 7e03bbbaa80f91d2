#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

/// The two ways to learn from a window, as types: what is asked, and what of the answer's gradient goes to which word.
namespace lamina {

/// Every word around is to tell the word in the middle, each by itself. Source: Mikolov, Sutskever, Chen, Corrado and
/// Dean 2013, as word2vec.c goes about it, except that the words of a window are all asked before anything is learned:
/// the word in the middle takes the steps of all of them at once, and learning rates above 0.1 may diverge.
/// Example: examples/31_word2vec.cpp.
struct skip_gram {
  template <class Step> static void ask(Step& step, std::span<const std::uint32_t> around, std::uint32_t middle) {
    for (const std::uint32_t word : around) step.ask(step.vector(word), middle);
  }
  template <class Step> static void learn(Step& step, std::span<const std::uint32_t> around) {
    for (std::size_t i = 0; i < around.size(); ++i) step.add(around[i], 1, step.learn(i));
  }
};

/// The continuous bag of words: the mean of the words around is to tell the word in the middle. Source: Mikolov, Chen,
/// Corrado and Dean 2013, with the gradient of the mean, of which every word gets its share; word2vec.c gives every one
/// the whole (İrsoy, Benton and Stratos, "Corrected CBOW performs as well as skip-gram", 2021). That takes a learning
/// rate several times as high as that of skip-grams. Example: examples/31_word2vec.cpp.
struct cbow {
  template <class Step> static void ask(Step& step, std::span<const std::uint32_t> around, std::uint32_t middle) {
    step.ask(step.mean(around), middle);
  }
  template <class Step> static void learn(Step& step, std::span<const std::uint32_t> around) {
    const auto* change = step.learn(0);
    const auto share = 1 / static_cast<typename Step::scalar>(around.size());
    for (const std::uint32_t word : around) step.add(word, share, change);
  }
};

} // namespace lamina
