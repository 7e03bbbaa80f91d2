#pragma once
#include <algorithm>
#include <charconv>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <lamina/core/error.hpp>
#include <lamina/core/label.hpp>
#include <lamina/core/text.hpp>
#include <lamina/data/byte_source.hpp>
#include <lamina/data/csv_rows.hpp>
#include <lamina/data/dataset.hpp>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace lamina {

/// Names of columns: `"price"` or `{"width", "height"}`.
struct column_names {
  std::vector<std::string> names{};

  column_names() = default;
  template <std::convertible_to<std::string> Name> column_names(const Name& name) : names{std::string(name)} {}
  column_names(std::initializer_list<std::string> some) : names(some) {}
  column_names(std::vector<std::string> some) : names{std::move(some)} {}

  bool contains(std::string_view name) const {
    for (const std::string& one : names)
      if (one == name) return true;
    return false;
  }
};

/// How a table is read. `target`: the columns that are to be predicted, the last one where none is named; `ignore`:
/// columns that are neither input nor target; `classes`: what labels 0, 1, … stand for, by default what the file has
/// there; `separator`: by default the first of tab, semicolon and comma that the header has.
struct csv_options {
  column_names target{}, ignore{};
  std::vector<std::string> classes{};
  char separator = 0;
};

/// What `load_csv` gives: the samples, the names of the columns that are their inputs and targets, and what label i
/// stands for. `const auto [samples, inputs, targets, classes] = lamina::load_csv<lamina::label>("iris.csv");`
template <TargetKind Target> struct csv_table {
  dataset<Target> samples;
  std::vector<std::string> inputs, targets, classes{};
};

namespace detail {

/// What becomes of each column, and the rows so far.
template <class Target, class Rows> class csv_loader {
  static constexpr bool labelled = std::is_same_v<Target, label>;

public:
  csv_loader(Rows& rows, const csv_options& options) : rows_{rows}, separator_{options.separator} {
    if (!rows_.next(fields_, separator_)) rows_.fail(1, "", "a header, the names of the columns", "nothing");
    read_header(options);
    classes_ = options.classes;
    const bool known = !classes_.empty();
    while (rows_.next(fields_, separator_)) read_row(known);
    if (targets_.empty()) rows_.fail(fields_[0].line, "", "at least one row after the header", "none");
    if (!known) sort_classes();
  }

  csv_table<Target> table() {
    auto samples = [&] {
      if constexpr (labelled)
        return dataset<label>{inputs_.size(), std::move(numbers_), std::move(targets_)};
      else
        return dataset<values>{inputs_.size(), target_columns_.size(), std::move(numbers_), std::move(targets_)};
    }();
    return {std::move(samples), names_of(inputs_), names_of(target_columns_), std::move(classes_)};
  }

private:
  std::vector<std::string> names_of(const std::vector<std::size_t>& columns) const {
    std::vector<std::string> names;
    for (const std::size_t column : columns) names.push_back(header_[column]);
    return names;
  }

  void read_header(const csv_options& options) {
    for (const csv_field& field : fields_) {
      if (std::find(header_.begin(), header_.end(), field.text) != header_.end())
        rows_.fail(field.line, "", "a name of its own for every column",
                   joined_text({in_quotes(field.text), " twice"}));
      header_.push_back(field.text);
    }
    for (const column_names* some : {&options.target, &options.ignore})
      for (const std::string& name : some->names)
        if (std::find(header_.begin(), header_.end(), name) == header_.end())
          rows_.fail(fields_[0].line, "", joined_text({"a column ", in_quotes(name)}), "none of that name");
    const bool last = options.target.names.empty();
    for (std::size_t column = 0; column < header_.size(); ++column)
      if (last ? column + 1 == header_.size() : options.target.contains(header_[column]))
        target_columns_.push_back(column);
      else if (!options.ignore.contains(header_[column]))
        inputs_.push_back(column);
    if (inputs_.empty()) rows_.fail(fields_[0].line, "", "a column beside the target", "none");
    if (labelled && target_columns_.size() != 1)
      rows_.fail(fields_[0].line, "", "one target for labels", target_columns_.size());
  }

  void read_row(bool known) {
    if (fields_.size() != header_.size())
      rows_.fail(fields_[0].line, "", joined_text({header_.size(), " columns, as the header has"}), fields_.size());
    for (const std::size_t column : inputs_) numbers_.push_back(number(column));
    if constexpr (labelled)
      targets_.push_back(class_of(known));
    else
      for (const std::size_t column : target_columns_) targets_.push_back(number(column));
  }

  [[noreturn]] void fail(std::size_t column, const piece& expected) const {
    rows_.fail(fields_[column].line, joined_text({", column ", in_quotes(header_[column])}), expected,
               in_quotes(fields_[column].text));
  }

  float number(std::size_t column) const {
    std::string_view text = fields_[column].text;
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() ||
        !(std::abs(value) <= static_cast<double>(std::numeric_limits<float>::max())))
      fail(column, "a finite number");
    return static_cast<float>(value);
  }

  label class_of(bool known) {
    const std::size_t column = target_columns_[0];
    const std::string& name = fields_[column].text;
    const auto found = std::find(classes_.begin(), classes_.end(), name);
    const label index{found - classes_.begin()};
    if (found != classes_.end()) return index;
    if (known) fail(column, joined_text({"one of the ", classes_.size(), " classes"}));
    if (name.empty()) fail(column, "the name of a class");
    if (classes_.size() == most_classes) fail(column, joined_text({"at most ", most_classes, " classes"}));
    classes_.push_back(name);
    return index;
  }

  // Whole numbers by size, other names by their bytes.
  void sort_classes() {
    const auto before = [](const std::string& a, const std::string& b) {
      const auto digits = [](const std::string& text) {
        return text.find_first_not_of("0123456789") == std::string::npos && (text[0] != '0' || text.size() == 1);
      };
      return digits(a) && digits(b) && a.size() != b.size() ? a.size() < b.size()
             : digits(a) != digits(b)                       ? digits(a)
                                                            : a < b;
    };
    if constexpr (labelled) {
      std::vector<std::string> sorted = classes_;
      std::sort(sorted.begin(), sorted.end(), before);
      std::vector<label> place;
      for (const std::string& name : classes_)
        place.push_back(label{std::find(sorted.begin(), sorted.end(), name) - sorted.begin()});
      for (label& target : targets_) target = place[target.value];
      classes_ = std::move(sorted);
    }
  }

  static constexpr std::size_t most_classes = 4096; // more are no classes but numbers or names

  Rows& rows_;
  char separator_;
  std::vector<csv_field> fields_{};
  std::vector<std::string> header_{}, classes_{};
  std::vector<std::size_t> inputs_{}, target_columns_{};
  std::vector<float> numbers_{};
  std::vector<typename dataset<Target>::target_element> targets_{};
};

/// Reads a table from a source to its end.
template <class Target, class Source> csv_table<Target> read_csv(Source& source, const csv_options& options) {
  csv_rows<Source> rows{source};
  return csv_loader<Target, csv_rows<Source>>{rows, options}.table();
}

} // namespace detail

/// Loads a table in text with a header (CSV, TSV), plain or gzip, row by row: a sample a row. All columns but those of
/// `target` and `ignore` are inputs; columns keep the file's order. With `values` (the default) targets are numbers;
/// with `label` there is one, whose texts are names of classes: numbered in the order of `classes` where that is given
/// (a test set's are those of its training set), else whole numbers by size and then other names by their bytes. Fields
/// may be quoted as in RFC 4180; blanks around numbers are left out. Errors: `file_error` naming file, line and column:
/// a file that is missing or damaged, without header or rows; two columns of one name, a column that is not there; a
/// row of another length; what is no finite number; a class that is not among `classes`. Example: `const auto houses =
/// lamina::load_csv("houses.csv", {.target = "price", .ignore = {"id", "street"}});`
template <TargetKind Target = values>
  requires(!std::is_same_v<Target, labels>)
csv_table<Target> load_csv(const std::convertible_to<std::string> auto& path, const csv_options& options = {}) {
  gzip_source source{path};
  return detail::read_csv<Target>(source, options);
}

} // namespace lamina
