#pragma once
#include <cstddef>
#include <iosfwd>
#include <string>
#include <vector>

#include <lamina/core/error.hpp>
#include <lamina/core/label.hpp>
#include <lamina/core/text.hpp>
#include <lamina/metric/argmax.hpp>
#include <lamina/metric/measurement.hpp>

namespace lamina {

/// How many samples of each class were taken for which class. Shares of nothing are 0.
/// Errors: argument_error for no classes, and for a class that there is not. Source: sklearn.metrics.confusion_matrix.
/// Example: `std::cout << evaluate_confusion(model, test);`
class confusion_matrix {
public:
  /// Of no samples yet.
  explicit confusion_matrix(std::size_t classes) : classes_{classes}, counts_(classes * classes) {
    if (classes == 0) throw argument_error(expected_got("confusion_matrix: classes", "at least 1", "0"));
  }

  /// Counts a sample.
  void add(label truth, label predicted) { ++counts_[index(truth.value, predicted.value)]; }

  std::size_t classes() const { return classes_; }
  /// How many samples of class `truth` were taken for `predicted`.
  std::size_t operator()(std::size_t truth, std::size_t predicted) const { return counts_[index(truth, predicted)]; }
  /// How many samples were counted.
  std::size_t total() const {
    std::size_t sum = 0;
    for (const std::size_t count : counts_) sum += count;
    return sum;
  }
  /// The share of samples that were taken for what they are.
  double accuracy() const {
    std::size_t right = 0;
    for (std::size_t c = 0; c < classes_; ++c) right += (*this)(c, c);
    return share(right, total());
  }
  /// Of the samples taken for class c, the share that are of it.
  double precision(std::size_t c) const {
    std::size_t taken = 0;
    for (std::size_t truth = 0; truth < classes_; ++truth) taken += (*this)(truth, c);
    return share((*this)(c, c), taken);
  }
  /// Of the samples of class c, the share that were taken for it.
  double recall(std::size_t c) const {
    std::size_t present = 0;
    for (std::size_t predicted = 0; predicted < classes_; ++predicted) present += (*this)(c, predicted);
    return share((*this)(c, c), present);
  }

  friend bool operator==(const confusion_matrix&, const confusion_matrix&) = default;

private:
  static double share(std::size_t part, std::size_t whole) {
    return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
  }
  std::size_t index(std::size_t truth, std::size_t predicted) const {
    const std::size_t largest = truth > predicted ? truth : predicted;
    if (largest >= classes_)
      throw argument_error(expected_got("confusion_matrix: class", detail::joined_text({"below ", classes_}), largest));
    return truth * classes_ + predicted;
  }

  std::size_t classes_;
  std::vector<std::size_t> counts_;
};

namespace detail {

/// A row for each true class, a column for each predicted one, right-aligned.
inline std::string table_of(const confusion_matrix& matrix) {
  const std::string corner = "true \\ predicted";
  std::size_t width = std::to_string(matrix.classes() - 1).size();
  for (std::size_t i = 0; i < matrix.classes(); ++i)
    for (std::size_t j = 0; j < matrix.classes(); ++j)
      if (const std::size_t digits = std::to_string(matrix(i, j)).size(); digits > width) width = digits;
  std::string text = corner;
  const auto cell = [&text](std::size_t number, std::size_t columns) {
    const std::string digits = std::to_string(number);
    text.append(columns > digits.size() ? columns - digits.size() : 0, ' ').append(digits);
  };
  for (std::size_t j = 0; j < matrix.classes(); ++j) cell(j, width + 2);
  for (std::size_t i = 0; i < matrix.classes(); ++i) {
    text.append("\n");
    cell(i, corner.size());
    for (std::size_t j = 0; j < matrix.classes(); ++j) cell(matrix(i, j), width + 2);
  }
  return text.append("\n");
}

} // namespace detail

/// Prints a table with a row for each true class and a column for each predicted one.
template <class Traits>
std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out, const confusion_matrix& matrix) {
  const std::string text = detail::table_of(matrix);
  return out.write(text.data(), static_cast<std::streamsize>(text.size()));
}

/// What a model takes the samples of a data set for, or their rows: the class of a prediction is that of its largest
/// output.
/// Errors: argument_error where the data set is empty or does not fit the network, or a label is too large.
template <class Net, class T, class Storage, class Arch, TargetKind Target>
  requires detail::is_of_classes<Target>
confusion_matrix evaluate_confusion(const model<Net, T, Storage, Arch>& model, const dataset<Target>& data) {
  constexpr std::size_t classes = Net::output_shape.last();
  detail::require_fit<Net>(data, "evaluate_confusion");
  confusion_matrix counts{classes};
  detail::measurement<Net, T, Arch, Target> measurement;
  measurement.run(model.data(), data, [&](std::size_t first, std::size_t batch, const T* y, std::size_t stride) {
    for (std::size_t m = 0; m < batch; ++m)
      for (std::size_t row = 0; row < data.target_size(); ++row)
        counts.add(data.target_row(first + m)[row], label{detail::largest(y + m * stride + row * classes, classes)});
  });
  return counts;
}

} // namespace lamina
