#pragma once
#include <cstddef>
#include <initializer_list>
#include <lamina/core/error.hpp>
#include <lamina/core/label.hpp>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace lamina {

/// Samples to train on or to measure with: a row of floats each, and beside it a class (`dataset<label>`), a row of
/// classes (`dataset<labels>`), one a time step, or a row of target numbers (`dataset<values>`).
///
/// All inputs are one block of floats, sample after sample. Copies, `split`, `take` and `select` are *views*: they
/// share that block and copy no sample, and the block lives as long as the last of them. `push_back` never changes what
/// another data set sees: where the block is shared, the samples in view are copied first, so fill a data set before
/// you split it. Like `std::vector`, `push_back` invalidates spans and pointers into this data set. Numbers are float;
/// a model in double precision converts a batch as it reads it.
///
/// Errors: `argument_error` for an input or target size of 0 and for samples of another length than the data set's.
/// Example:
///
///     lamina::dataset<lamina::values> data{/*input_size=*/1, /*target_size=*/1};
///     for (int i = 0; i < 100; ++i) data.push_back({i / 50.0f}, {std::sin(i / 25.0f)});
///     auto [train, test] = data.split([](std::size_t i) { return i % 10 != 0; });
template <TargetKind Target> class dataset {
  static constexpr bool classes_ = detail::is_of_classes<Target>, single_ = std::is_same_v<Target, label>;

public:
  /// What a target is stored as: labels, or floats, in a row.
  using target_element = std::conditional_t<classes_, label, float>;
  /// What `target(i)` gives: a label, or a span of labels or floats.
  using target_type = std::conditional_t<single_, label, std::span<const target_element>>;
  /// A sample as iteration gives it: `for (auto [input, target] : data)`.
  struct sample {
    std::span<const float> input;
    target_type target;
  };

  /// An empty set of samples of `input_size` numbers and a label each.
  explicit dataset(std::size_t input_size)
    requires single_
      : dataset(input_size, 1, block{}) {}

  /// An empty set of samples of `input_size` numbers, and `target_size` numbers or labels.
  dataset(std::size_t input_size, std::size_t target_size)
    requires(!single_)
      : dataset(input_size, target_size, block{}) {}

  /// Takes over whole columns: `inputs` holds the rows one after another, one row for each label.
  /// Errors: `argument_error` where the lengths do not agree.
  dataset(std::size_t input_size, std::vector<float> inputs, std::vector<label> labels)
    requires single_
      : dataset(input_size, 1, block{std::move(inputs), std::move(labels)}) {}

  /// Takes over whole tables: `inputs` and `targets` hold the rows one after another.
  /// Errors: `argument_error` where the lengths do not agree.
  dataset(std::size_t input_size, std::size_t target_size, std::vector<float> inputs,
          std::vector<target_element> targets)
    requires(!single_)
      : dataset(input_size, target_size, block{std::move(inputs), std::move(targets)}) {}

  /// Samples that stand elsewhere and stay as they are: `inputs` and `targets` hold the rows one after another, for as
  /// long as `owner` lives, which the data set and its views share. Nothing is copied until a `push_back`.
  /// Errors: `argument_error` where the lengths do not agree.
  /// Example: `map_dataset` in io/dataset_file.hpp.
  dataset(std::size_t input_size, std::size_t target_size, std::span<const float> inputs,
          std::span<const target_element> targets, std::shared_ptr<const void> owner)
      : input_size_{input_size}, target_size_{target_size} {
    require_lengths(inputs.size(), targets.size());
    if (!owner) throw argument_error(expected_got("dataset: owner", "what keeps the numbers", "none"));
    block_ = std::make_shared<block>();
    block_->elsewhere = std::move(owner);
    inputs_ = inputs.data(), targets_ = targets.data();
  }

  /// How many samples.
  std::size_t size() const { return count_; }
  bool empty() const { return count_ == 0; }
  std::size_t input_size() const { return input_size_; }
  /// Numbers or labels in a target; 1 for `label`.
  std::size_t target_size() const { return target_size_; }

  /// The numbers of sample `i`, which must be below `size()`.
  std::span<const float> input(std::size_t i) const { return {row(i), input_size_}; }
  /// The label, or the target's labels or numbers, of sample `i`, which must be below `size()`.
  target_type target(std::size_t i) const {
    if constexpr (single_)
      return targets_[position(i)];
    else
      return {target_row(i), target_size_};
  }
  /// `input(i)` as a bare pointer, for loops that gather batches.
  const float* row(std::size_t i) const { return inputs_ + position(i) * input_size_; }
  /// `target(i)` as a bare pointer, for loops that gather batches.
  const target_element* target_row(std::size_t i) const { return targets_ + position(i) * target_size_; }

  /// Appends a sample, copying its numbers.
  /// Errors: `argument_error` where the length is not `input_size()`; the data set is as it was.
  void push_back(std::span<const float> input, label target)
    requires single_
  {
    append(input, {&target, 1});
  }
  void push_back(std::initializer_list<float> input, label target)
    requires single_
  {
    append(as_span(input), {&target, 1});
  }

  /// Appends a sample, copying its numbers and labels; each side from braces or from anything contiguous.
  /// Errors: `argument_error` where a length is not `input_size()` or `target_size()`; the data set is as it was.
  void push_back(std::span<const float> input, std::span<const target_element> target)
    requires(!single_)
  {
    append(input, target);
  }
  void push_back(std::initializer_list<float> input, std::initializer_list<target_element> target)
    requires(!single_)
  {
    append(as_span(input), as_span(target));
  }
  void push_back(std::span<const float> input, std::initializer_list<target_element> target)
    requires(!single_)
  {
    append(input, as_span(target));
  }
  void push_back(std::initializer_list<float> input, std::span<const target_element> target)
    requires(!single_)
  {
    append(as_span(input), target);
  }

  /// Two views: the samples whose index the predicate holds for, and the others, each in the old order.
  /// Example: `auto [train, test] = data.split([](std::size_t i) { return i % 10 != 0; });`
  template <class Predicate>
    requires std::is_invocable_r_v<bool, Predicate&, std::size_t>
  std::pair<dataset, dataset> split(Predicate predicate) const {
    std::vector<std::size_t> where_true, where_false;
    for (std::size_t i = 0; i < count_; ++i) {
      if (predicate(i))
        where_true.push_back(position(i));
      else
        where_false.push_back(position(i));
    }
    return {dataset(*this, where_true.size(), std::move(where_true)),
            dataset(*this, where_false.size(), std::move(where_false))};
  }

  /// A view of the first `count` samples.
  /// Errors: `argument_error` where there are fewer.
  dataset take(std::size_t count) const {
    if (count > count_)
      throw argument_error(expected_got("dataset::take", detail::joined_text({"at most ", count_, " samples"}), count));
    const std::size_t kept = order_.empty() ? 0 : count;
    return dataset(*this, count, {order_.data(), order_.data() + kept});
  }

  /// A view of the samples at these indices, in this order; an index may be there several times, or not at all.
  /// Errors: `argument_error` for the first index that is not below `size()`.
  /// Example: `data.select(std::array<std::size_t, 3>{7, 0, 7})`.
  dataset select(std::span<const std::size_t> indices) const {
    std::vector<std::size_t> order;
    order.reserve(indices.size());
    for (const std::size_t i : indices) {
      if (i >= count_)
        throw argument_error(expected_got("dataset::select: an index", detail::joined_text({"below ", count_}), i));
      order.push_back(position(i));
    }
    return dataset(*this, indices.size(), std::move(order));
  }

  /// One more than the largest label; 0 for no samples.
  std::size_t class_count() const
    requires classes_
  {
    std::size_t count = 0;
    for (std::size_t i = 0; i < count_; ++i)
      for (std::size_t step = 0; step < target_size_; ++step)
        if (const std::size_t value = target_row(i)[step].value; value >= count) count = value + 1;
    return count;
  }

  /// What training and measuring call before they use labels as indices.
  /// Errors: `argument_error` naming the first sample whose label is not below `classes`.
  void require_labels_below(std::size_t classes) const
    requires classes_
  {
    for (std::size_t i = 0; i < count_; ++i)
      for (std::size_t step = 0; step < target_size_; ++step)
        if (const std::size_t value = target_row(i)[step].value; value >= classes)
          throw argument_error(expected_got(single_ ? detail::joined_text({"dataset: label of sample ", i})
                                                    : detail::joined_text({"dataset: label ", step, " of sample ", i}),
                                            detail::joined_text({"below ", classes}), value));
  }

  /// What training and measuring call first.
  /// Errors: `argument_error` where there are no samples.
  void require_samples() const {
    if (empty()) throw argument_error(expected_got("dataset", "at least one sample", "none"));
  }

  /// Walks over the samples in order.
  class iterator {
  public:
    using value_type = sample;
    using difference_type = std::ptrdiff_t;
    iterator() = default;
    sample operator*() const { return {data_->input(index_), data_->target(index_)}; }
    iterator& operator++() { return ++index_, *this; }
    iterator operator++(int) { return {data_, index_++}; }
    friend bool operator==(const iterator&, const iterator&) = default;

  private:
    friend dataset;
    iterator(const dataset* data, std::size_t index) : data_{data}, index_{index} {}
    const dataset* data_ = nullptr;
    std::size_t index_ = 0;
  };
  iterator begin() const { return {this, 0}; }
  iterator end() const { return {this, count_}; }

private:
  // What owns the numbers: the vectors, or, where those are empty, something elsewhere.
  struct block {
    std::vector<float> inputs;
    std::vector<target_element> targets;
    std::shared_ptr<const void> elsewhere = nullptr;
  };

  dataset(std::size_t input_size, std::size_t target_size, block&& samples)
      : input_size_{input_size}, target_size_{target_size} {
    require_lengths(samples.inputs.size(), samples.targets.size());
    own(std::make_shared<block>(std::move(samples)));
  }

  // A view; an empty order stands for the block's own.
  dataset(const dataset& whole, std::size_t count, std::vector<std::size_t>&& order)
      : input_size_{whole.input_size_}, target_size_{whole.target_size_}, count_{count}, inputs_{whole.inputs_},
        targets_{whole.targets_}, block_{whole.block_}, order_{std::move(order)} {}

  void own(std::shared_ptr<block> samples) {
    block_ = std::move(samples);
    inputs_ = block_->inputs.data(), targets_ = block_->targets.data();
  }

  // Counts the samples.
  void require_lengths(std::size_t inputs, std::size_t targets) {
    if (input_size_ == 0) throw argument_error(expected_got("dataset: input size", "at least 1", "0"));
    if (target_size_ == 0) throw argument_error(expected_got("dataset: target size", "at least 1", "0"));
    if (single_ && target_size_ != 1)
      throw argument_error(expected_got("dataset: target size", "1 label a sample", target_size_));
    count_ = targets / target_size_;
    require_length("targets", targets, count_, target_size_);
    require_length("inputs", inputs, count_, input_size_);
  }

  static void require_length(const char* what, std::size_t length, std::size_t rows, std::size_t row_size) {
    // Divided, because the product may not fit.
    if (length % row_size == 0 && length / row_size == rows) return;
    throw argument_error(expected_got(detail::joined_text({"dataset: ", what}),
                                      detail::joined_text({rows, " rows of ", row_size}),
                                      detail::joined_text({length, " numbers"})));
  }

  template <class T> static std::span<const T> as_span(std::initializer_list<T> list) {
    return {list.begin(), list.size()};
  }

  std::size_t position(std::size_t i) const { return order_.empty() ? i : order_[i]; }

  void append(std::span<const float> input, std::span<const target_element> target) {
    require_fits("input", input.size(), input_size_);
    require_fits("target", target.size(), target_size_);
    // The row may be one of this block's, so the old block outlives the copy.
    const std::shared_ptr<block> old = owns_alone() ? nullptr : detach();
    insert(block_->inputs, count_ * input_size_, input);
    inputs_ = block_->inputs.data();
    insert(block_->targets, count_ * target_size_, target);
    targets_ = block_->targets.data();
    ++count_;
  }

  bool owns_alone() const { return block_.use_count() == 1 && !block_->elsewhere && order_.empty(); }

  void require_fits(const char* what, std::size_t got, std::size_t expected) const {
    if (got == expected) return;
    throw argument_error(expected_got(detail::joined_text({"dataset: ", what, " of sample ", count_}),
                                      detail::joined_text({expected, " numbers"}), got));
  }

  // Gives this data set a block of its own, with the samples in view in their order; returns the shared one.
  std::shared_ptr<block> detach() {
    auto copy = std::make_shared<block>();
    copy->inputs.reserve((count_ + 1) * input_size_);
    copy->targets.reserve((count_ + 1) * target_size_);
    for (std::size_t i = 0; i < count_; ++i) {
      const std::size_t from = position(i);
      insert<float>(copy->inputs, i * input_size_, {inputs_ + from * input_size_, input_size_});
      insert<target_element>(copy->targets, i * target_size_, {targets_ + from * target_size_, target_size_});
    }
    order_.clear();
    std::shared_ptr<block> shared = std::move(block_);
    own(std::move(copy));
    return shared;
  }

  // Makes `row` what follows the first `at` elements. Beyond them there may be rows that no view sees, or half a sample
  // whose other half found no memory.
  template <class T> static void insert(std::vector<T>& to, std::size_t at, std::span<const T> row) {
    if (row.data() >= to.data() && row.data() < to.data() + to.size()) {
      const std::vector<T> copy(row.begin(), row.end()); // growing would move the row away
      return insert<T>(to, at, copy);
    }
    to.resize(at);
    to.insert(to.end(), row.begin(), row.end());
  }

  std::size_t input_size_, target_size_, count_ = 0;
  const float* inputs_ = nullptr; // where the block has them
  const target_element* targets_ = nullptr;
  std::shared_ptr<block> block_;
  std::vector<std::size_t> order_;
};

} // namespace lamina
