#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include <lamina/core/error.hpp>
#include <lamina/data/dataset.hpp>

/// Batches as row pointers: samples are read where they stand; only a model of another scalar converts them.
namespace lamina::detail {

/// Points `rows` at samples order[first…] of a data set (or first… where there is no order), converting into a buffer
/// of its own where the data set is not of type T.
template <class T> class batch_rows {
public:
  void reserve(std::size_t numbers) {
    if constexpr (!std::is_same_v<T, float>)
      if (converted_.size() < numbers) converted_.resize(numbers);
  }
  template <class RowOf> void point(const T** rows, std::size_t batch, std::size_t length, const RowOf& row_of) {
    if constexpr (std::is_same_v<T, float>)
      for (std::size_t m = 0; m < batch; ++m) rows[m] = row_of(m);
    else
      for (std::size_t m = 0; m < batch; ++m) {
        const float* from = row_of(m);
        T* to = converted_.data() + m * length;
        for (std::size_t i = 0; i < length; ++i) to[i] = static_cast<T>(from[i]);
        rows[m] = to;
      }
  }

private:
  std::vector<T> converted_;
};

/// The targets of a batch, as a loss reads them: labels, one sample's after the other's, or pointers to rows of
/// numbers.
template <class T, TargetKind Target> class batch_targets {
public:
  void reserve(std::size_t batch, std::size_t length) {
    if (labels_.size() < batch * length) labels_.resize(batch * length);
  }
  template <class Index> const label* gather(const dataset<Target>& data, std::size_t batch, const Index& index_of) {
    const std::size_t each = data.target_size();
    label* to = labels_.data();
    for (std::size_t m = 0; m < batch; ++m) {
      const label* from = data.target_row(index_of(m));
      for (std::size_t i = 0; i < each; ++i) *to++ = from[i];
    }
    return labels_.data();
  }

private:
  std::vector<label> labels_;
};

template <class T> class batch_targets<T, values> {
public:
  void reserve(std::size_t batch, std::size_t length) {
    if (pointers_.size() < batch) pointers_.resize(batch);
    rows_.reserve(batch * length);
  }
  template <class Index> const T* const* gather(const dataset<values>& data, std::size_t batch, const Index& index_of) {
    rows_.point(pointers_.data(), batch, data.target_size(),
                [&](std::size_t m) { return data.target_row(index_of(m)); });
    return pointers_.data();
  }
  /// Rows that stand one after the other.
  const T* const* point(const T* numbers, std::size_t batch, std::size_t length) {
    for (std::size_t m = 0; m < batch; ++m) pointers_[m] = numbers + m * length;
    return pointers_.data();
  }

private:
  std::vector<const T*> pointers_;
  batch_rows<T> rows_;
};

/// How many numbers or labels a network's targets are: labels one for each row along the last axis of its output.
template <class Net, TargetKind Target>
inline constexpr std::size_t target_size_of =
    is_of_classes<Target> && Net::output_shape.size() ? Net::output_shape.size() / Net::output_shape.last()
                                                      : Net::output_shape.size();

/// Errors: argument_error where a data set does not fit a network's input and output.
template <class Net, class Target> void require_fit(const dataset<Target>& data, const std::string& where) {
  constexpr std::size_t in = Net::input_shape.size(), targets = target_size_of<Net, Target>;
  data.require_samples();
  if (data.input_size() != in)
    throw argument_error(expected_got(joined_text({where, ": input size of the data set"}), in, data.input_size()));
  if (data.target_size() != targets)
    throw argument_error(
        expected_got(joined_text({where, ": target size of the data set"}), targets, data.target_size()));
  if constexpr (is_of_classes<Target>) data.require_labels_below(Net::output_shape.last());
}

} // namespace lamina::detail
