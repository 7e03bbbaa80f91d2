#pragma once
#include <lamina/core/checked.hpp>

namespace lamina {

/// How words are learned: `{.window = 5, .epochs = 5}`. The defaults are those of word2vec.c for skip-grams.
/// Errors: argument_error for a number out of its range, where it is written.
struct word2vec_options {
  /// Words to either side at most: how many it is for a word is drawn evenly from 1 on, so that the near ones count
  /// more.
  whole_number<"word2vec: window"> window = 5;
  whole_number<"word2vec: negatives"> negatives = 5; ///< words drawn against each one that was seen
  /// t, where √(t/f) + t/f is the share that is kept of a word that makes up f of the text; 0 keeps all.
  non_negative<"word2vec: subsample"> subsample = 1e-3;
  positive<"word2vec: learning_rate"> learning_rate =
      0.025; ///< at first; it falls linearly to a ten-thousandth of that
  whole_number<"word2vec: epochs"> epochs = 5;
};

} // namespace lamina
