#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <lamina/loss/binary_cross_entropy.hpp>
#include <lamina/model/storage.hpp>
#include <lamina/simd/partial.hpp>
#include <lamina/simd/random.hpp>
#include <lamina/simd/scattered_rows.hpp>
#include <lamina/word2vec/alias_table.hpp>
#include <lamina/word2vec/random_words.hpp>

namespace lamina::detail {

/// One step down the loss `negative_sampling`, for the pairs of a window: each is a vector x and the word that the
/// products with x are to tell from words drawn at random. All pairs are scored in one go, so that the sigmoids fill
/// their vectors and no pair waits for the one before. Of the matrices, only the rows of these words are touched.
template <std::size_t N, class T, class Arch> class word2vec_step {
  using V = simd::vector<T, Arch>;
  static constexpr std::size_t W = simd::width<T, Arch>;
  using formula = frozen<formulas::binary_cross_entropy>;
  using slope = derivative_t<formula, terms::term<"y">>;

public:
  using scalar = T;

  /// For at most `pairs` pairs; `input` and `output` are rows of N numbers, one a word.
  word2vec_step(T* input, T* output, const alias_table& noise, std::size_t negatives, std::size_t pairs,
                const simd::random_stream& stream)
      : input_{input}, output_{output}, noise_{noise}, random_{stream}, negatives_{negatives}, x_(pairs),
        first_(pairs + 1), rows_(pairs * (1 + negatives)), scores_{simd::padded<T, Arch>(rows_.size())},
        targets_{scores_.size()} {}

  const T* vector(std::uint32_t word) const { return input_ + word * N; }

  /// The mean of at most `pairs` vectors, until it is asked for again.
  const T* mean(std::span<const std::uint32_t> words) {
    for (std::size_t i = 0; i < words.size(); ++i) rows_[i] = input_ + words[i] * N;
    simd::mean_of_rows<T, Arch, N>(rows_.data(), words.size(), mean_);
    return mean_;
  }

  void begin() { pairs_ = 0; }

  /// Adds a pair. A word that is drawn although it is the one to be told is left out.
  void ask(const T* x, std::uint32_t word) {
    std::size_t count = first_[pairs_];
    T *const seen = output_ + word * N, *const targets = targets_.data();
    targets[count] = 1;
    rows_[count++] = seen;
    for (std::size_t i = 0; i < negatives_; ++i) {
      const auto [first, second] = random_.next();
      T* const drawn = output_ + noise_(first, second) * N;
      targets[count] = 0;
      rows_[count] = drawn;
      count += drawn != seen;
    }
    x_[pairs_++] = x;
    first_[pairs_] = count;
  }
  std::size_t pairs() const { return pairs_; }

  /// Scores the pairs; gives the sum of their losses.
  double score(double learning_rate) {
    T* const scores = scores_.data();
    for (std::size_t p = 0; p < pairs_; ++p)
      simd::dot_rows<T, Arch, N>(x_[p], &rows_[first_[p]], first_[p + 1] - first_[p], scores + first_[p]);
    const std::size_t count = first_[pairs_];
    const V down(static_cast<T>(-learning_rate));
    V sum(T(0));
    for (std::size_t i = 0; i < count; i += W) {
      const V y = V::load_aligned(scores + i), t = V::load_aligned(targets_.data() + i);
      const V loss = loss_(y, t);
      sum += count - i < W ? simd::first_lanes<T, Arch>(loss, count - i) : loss;
      (slope_(y, t) * down).store_aligned(scores + i);
    }
    return static_cast<double>(simd::horizontal_sum<T, Arch>(sum));
  }

  /// Takes the step for the rows of the words of pair p; gives the step for its x, until it is called again.
  const T* learn(std::size_t p) {
    simd::exchange_rows<T, Arch, N>(x_[p], &rows_[first_[p]], scores_.data() + first_[p], first_[p + 1] - first_[p],
                                    change_);
    return change_;
  }
  /// Adds `factor` times such a step to the vector of a word.
  void add(std::uint32_t word, T factor, const T* change) {
    simd::add_to_row<T, Arch, N>(input_ + word * N, factor, change);
  }

private:
  T *input_, *output_;
  const alias_table& noise_;
  random_words<Arch> random_;
  std::size_t negatives_, pairs_ = 0;
  std::vector<const T*> x_;
  std::vector<std::size_t> first_;    // of a pair's rows and scores; the pair's own word comes first
  std::vector<T*> rows_;              // in `output`
  aligned_block<T> scores_, targets_; // after `score`: what the loss's derivative by the score moves the rows by
  prepared_formula<formula, V, negative_sampling> loss_{{}};
  prepared_formula<slope, V, negative_sampling> slope_{{}};
  alignas(simd::alignment) T mean_[N]{}, change_[N]{};
};

} // namespace lamina::detail
