#pragma once
#include <cstddef>
#include <lamina/core/error.hpp>
#include <lamina/core/label.hpp>
#include <lamina/core/text.hpp>
#include <lamina/data/dataset.hpp>
#include <lamina/data/tokens.hpp>
#include <utility>
#include <vector>

namespace lamina {

/// Where windows of `Steps` tokens begin: at every `every`-th token; as a rule where the last one ends.
template <std::size_t Steps> struct window_options {
  std::size_t every = Steps;
};

/// Samples of `Steps` tokens each, and as targets the `Steps` tokens that follow one later: what a language model is
/// trained on, which is to say at every step what comes next. A token stands in the input as a number, which a float
/// holds exactly. What is left at the end and fills no window is left out.
/// Shapes: (Steps) in, labels (Steps) as targets.
/// Errors: `argument_error` for fewer than Steps + 1 tokens, an `every` of 0, and a vocabulary of more than 2²⁴ tokens.
/// Example: `lamina::next_token_windows<32>(vocabulary.encode(text), {.every = 8});`
template <std::size_t Steps>
  requires(Steps > 0)
dataset<labels> next_token_windows(const tokens& text, const window_options<Steps>& options = {}) {
  constexpr std::size_t most = std::size_t{1} << 24;
  if (options.every == 0) throw argument_error(expected_got("next_token_windows: every", "at least 1", options.every));
  if (text.size() <= Steps)
    throw argument_error(
        expected_got("next_token_windows: tokens", detail::joined_text({"at least ", Steps + 1}), text.size()));
  if (text.vocabulary_size() > most)
    throw argument_error(expected_got("next_token_windows: vocabulary",
                                      detail::joined_text({"at most ", most, " tokens"}), text.vocabulary_size()));
  const std::size_t windows = (text.size() - 1 - Steps) / options.every + 1;
  std::vector<float> inputs;
  std::vector<label> targets;
  inputs.reserve(windows * Steps);
  targets.reserve(windows * Steps);
  for (std::size_t first = 0, window = 0; window < windows; ++window, first += options.every)
    for (std::size_t i = first; i < first + Steps; ++i) {
      inputs.push_back(static_cast<float>(text[i]));
      targets.push_back(label{text[i + 1]});
    }
  return {Steps, Steps, std::move(inputs), std::move(targets)};
}

} // namespace lamina
