#pragma once
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <lamina/core/text.hpp>
#include <lamina/data/dataset.hpp>
#include <lamina/io/atomic_file.hpp>
#include <lamina/io/dataset_header.hpp>
#include <lamina/io/mapped_file.hpp>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lamina {

namespace detail {

template <class Number> void write_numbers(atomic_file& file, std::span<const Number> numbers) {
  file.write({reinterpret_cast<const char*>(numbers.data()), numbers.size_bytes()});
}

} // namespace detail

/// Writes a data set, or a view of one, to a file that `map_dataset` opens. The file is replaced as a whole or not at
/// all.
/// Errors: `file_error` naming the file.
/// Example: `lamina::save_dataset(train, "train.lamina");`
template <class Target> void save_dataset(const dataset<Target>& data, const std::string& path) {
  atomic_file file{path};
  file.write(detail::dataset_header{detail::dataset_header::kind_of<Target>, data.size(), data.input_size(),
                                    data.target_size()}
                 .bytes());
  for (std::size_t i = 0; i < data.size(); ++i) detail::write_numbers(file, data.input(i));
  for (std::size_t i = 0; i < data.size(); ++i)
    detail::write_numbers(file, std::span{data.target_row(i), data.target_size()});
  file.commit();
}

/// Opens a file that `save_dataset` or a `dataset_writer` wrote, as a data set that is mapped and not read: samples
/// come from the disk when they are first touched, and the system may forget them again, so that it may be larger than
/// memory. It behaves as every data set; the mapping lives as long as the last view. `push_back` copies the samples in
/// view into memory. Where files cannot be mapped, it is read as a whole (`mapped_file`).
/// The header is checked before anything is used, and against the file's size; of the numbers nothing is read, so that
/// damage there is not found. The file must not be shortened while it is mapped; it may be replaced.
/// Errors: `file_error` naming the file, where in it, what was expected and what came.
/// Example: `auto train = lamina::map_dataset<lamina::label>("train.lamina");`
template <class Target> dataset<Target> map_dataset(const std::string& path) {
  using header_type = detail::dataset_header;
  using element = typename dataset<Target>::target_element;
  static_assert(sizeof(element) == 4 && std::is_trivially_copyable_v<element>);
  const auto file = std::make_shared<const mapped_file>(path);
  const header_type header = header_type::read(path, file->data(), file->size(), header_type::kind_of<Target>);
  // They fit: the file is as large.
  const auto input_size = static_cast<std::size_t>(header.input_size),
             target_size = static_cast<std::size_t>(header.target_size),
             samples = static_cast<std::size_t>(header.samples), numbers = samples * input_size;
  const auto* inputs = reinterpret_cast<const float*>(file->data() + header_type::size);
  const auto* targets = reinterpret_cast<const element*>(file->data() + header_type::size + numbers * sizeof(float));
  return {input_size, target_size, {inputs, numbers}, {targets, samples * target_size}, file};
}

/// Writes a data set's file sample by sample, for one that is larger than memory. Targets are kept in memory until
/// `commit`, which puts the file in its place; without it the old one stays.
/// Errors: `argument_error` for a sample of another length, which is not written; `file_error` naming the file.
/// Example:
///
///     lamina::dataset_writer<lamina::label> writer{"train.lamina", 784};
///     while (read(image, digit)) writer.push_back(image, lamina::label{digit});
///     writer.commit();
template <class Target> class dataset_writer {
  static constexpr bool single_ = std::is_same_v<Target, label>;
  using element = typename dataset<Target>::target_element;

public:
  dataset_writer(const std::string& path, std::size_t input_size)
    requires single_
      : dataset_writer(path, input_size, 1, 0) {}
  dataset_writer(const std::string& path, std::size_t input_size, std::size_t target_size)
    requires(!single_)
      : dataset_writer(path, input_size, target_size, 0) {}

  void push_back(std::span<const float> input, label target)
    requires single_
  {
    put(input, {&target, 1});
  }
  void push_back(std::span<const float> input, std::span<const element> target)
    requires(!single_)
  {
    put(input, target);
  }

  /// How many samples so far.
  std::size_t size() const { return header_.samples; }

  /// Puts the file in its place; it is on the disk when this returns. Nothing can be written afterwards.
  void commit() {
    detail::write_numbers<element>(file_, targets_);
    file_.write_first(header_.bytes());
    file_.commit();
  }

private:
  // Sizes are checked as a data set checks them, before there is a file.
  dataset_writer(const std::string& path, std::size_t input_size, std::size_t target_size, int)
      : header_{checked_header(input_size, target_size)}, file_{path} {
    file_.write(header_.bytes());
  }
  static detail::dataset_header checked_header(std::size_t input_size, std::size_t target_size) {
    if (input_size == 0) throw argument_error(expected_got("dataset_writer: input size", "at least 1", "0"));
    if (target_size == 0) throw argument_error(expected_got("dataset_writer: target size", "at least 1", "0"));
    return {detail::dataset_header::kind_of<Target>, 0, input_size, target_size};
  }

  void put(std::span<const float> input, std::span<const element> target) {
    require("input", input.size(), header_.input_size);
    require("target", target.size(), header_.target_size);
    targets_.insert(targets_.end(), target.begin(), target.end());
    detail::write_numbers(file_, input);
    ++header_.samples;
  }
  void require(const char* what, std::size_t got, std::uint64_t expected) const {
    if (got != expected)
      throw argument_error(expected_got(detail::joined_text({"dataset_writer: ", what, " of sample ", header_.samples}),
                                        detail::joined_text({expected, " numbers"}), got));
  }

  detail::dataset_header header_;
  atomic_file file_;
  std::vector<element> targets_;
};

} // namespace lamina
