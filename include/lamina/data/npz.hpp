#pragma once
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <lamina/core/error.hpp>
#include <lamina/core/label.hpp>
#include <lamina/core/text.hpp>
#include <lamina/data/byte_source.hpp>
#include <lamina/data/dataset.hpp>
#include <lamina/data/npy.hpp>
#include <lamina/data/zip.hpp>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace lamina {

/// A .npz file: NumPy arrays by name, stored or compressed (numpy.savez, numpy.savez_compressed). It is read as a
/// whole, its arrays are decompressed when they are asked for. Errors: `file_error` naming file, array and byte:
/// missing, no zip archive, damaged, or as `load_npy` has. Example: `const lamina::npz_file file{"mnist.npz"}; const
/// auto images = file.array("x_train");`
class npz_file {
public:
  explicit npz_file(const std::convertible_to<std::string> auto& path) : name_{path} {
    file_source source{name_};
    read(source);
  }
  /// The same from a source of bytes, which is read to its end.
  template <std::derived_from<byte_source> Source> explicit npz_file(Source& source) : name_{source.name()} {
    read(source);
  }
  npz_file(const npz_file&) = delete;
  npz_file& operator=(const npz_file&) = delete;

  /// The arrays' names, without the .npy of their members.
  const std::vector<std::string>& names() const { return names_; }

  /// The array of this name, its numbers converted to T as `load_npy` does.
  template <NumpyElement T = float> numpy_array<T> array(std::string_view name) const {
    for (std::size_t i = 0; i < names_.size(); ++i)
      if (names_[i] == name) {
        detail::zip_source source{name_, members_[i]};
        return detail::read_npy<T>(source);
      }
    std::string known;
    for (const std::string& one : names_) known.append(known.empty() ? "" : ", ").append(one);
    throw file_error(expected_got(name_, detail::joined_text({"an array of its own: ", known}), name));
  }

private:
  template <class Source> void read(Source& source) {
    const auto same = [](unsigned char byte) { return byte; };
    while (read_items(source, bytes_, 2 * bytes_.size() + (std::size_t{1} << 16), same)) {
    }
    members_ = detail::zip_directory<Source>{source, bytes_}.read();
    for (const detail::zip_member& member : members_) {
      const bool numpy = member.name.ends_with(".npy");
      names_.push_back(member.name.substr(0, member.name.size() - (numpy ? 4 : 0)));
    }
  }

  std::string name_;
  std::vector<unsigned char> bytes_{};
  std::vector<detail::zip_member> members_{};
  std::vector<std::string> names_{};
};

/// Which arrays of a .npz file are a data set.
struct npz_options {
  std::string inputs = "x", targets = "y";
};

namespace detail {

/// Numbers of a row of an array whose first axis counts samples.
template <class T> std::size_t row_size(const numpy_array<T>& array) {
  std::size_t size = 1;
  for (std::size_t axis = 1; axis < array.shape.size(); ++axis) size *= array.shape[axis];
  return size;
}

template <TargetKind Target>
dataset<Target> read_npz(const npz_file& file, const std::string& path, const npz_options& which) {
  const auto refuse = [&](const std::string& name, const piece& expected, const piece& got) {
    throw file_error(expected_got(joined_text({path, ": ", name}), expected, got));
  };
  using element = std::conditional_t<is_of_classes<Target>, std::int64_t, float>;
  numpy_array<float> inputs = file.array<float>(which.inputs);
  numpy_array<element> targets = file.array<element>(which.targets);
  if (inputs.shape.empty() || inputs.numbers.empty())
    refuse(which.inputs, "an axis of samples and numbers in each", "none");
  const std::size_t samples = inputs.shape[0], each = row_size(targets);
  if (targets.shape.empty() || targets.shape[0] != samples || each == 0)
    refuse(which.targets, joined_text({"a target for each of ", samples, " samples"}),
           targets.shape.empty() ? piece{"one number"} : piece{each == 0 ? 0 : targets.shape[0]});
  if constexpr (is_of_classes<Target>) {
    std::vector<label> all;
    all.reserve(targets.numbers.size());
    for (std::size_t i = 0; i < targets.numbers.size(); ++i) {
      const std::int64_t value = targets.numbers[i];
      if (value < 0 || value > std::numeric_limits<std::uint32_t>::max())
        refuse(which.targets, "labels from 0 to 4294967295", joined_text({std::to_string(value), " at ", i}));
      all.push_back(label{value});
    }
    if constexpr (std::is_same_v<Target, label>) {
      if (each != 1) refuse(which.targets, "one label a sample", each);
      return {row_size(inputs), std::move(inputs.numbers), std::move(all)};
    } else {
      return {row_size(inputs), each, std::move(inputs.numbers), std::move(all)};
    }
  } else {
    return {row_size(inputs), each, std::move(inputs.numbers), std::move(targets.numbers)};
  }
}

} // namespace detail

/// Loads a data set from two arrays of a .npz file, whose first axes count the samples: a row of the inputs is a
/// sample, a row of the targets its numbers (`values`), its labels (`labels`), or its only label (`label`). Numbers
/// are taken as they are: bytes are not divided by 255.
/// Errors: `file_error` as `npz_file` has, and for arrays of different numbers of rows, labels below 0.
/// Example: `lamina::load_npz<lamina::label>("mnist.npz", {.inputs = "x_train", .targets = "y_train"});`
template <TargetKind Target = values>
dataset<Target> load_npz(const std::convertible_to<std::string> auto& path, const npz_options& which = {}) {
  return detail::read_npz<Target>(npz_file{path}, path, which);
}

} // namespace lamina
