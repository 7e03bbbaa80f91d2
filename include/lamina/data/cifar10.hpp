#pragma once
#include <array>
#include <concepts>
#include <cstddef>
#include <lamina/core/error.hpp>
#include <lamina/core/label.hpp>
#include <lamina/core/shape.hpp>
#include <lamina/data/byte_source.hpp>
#include <lamina/data/dataset.hpp>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lamina {

/// CIFAR-10: 60,000 coloured images of 32 × 32 pixels in ten classes. What `load_cifar10` gives:
/// `auto [train, test] = lamina::load_cifar10("path");`
struct cifar10 {
  dataset<label> train, test;

  /// Of a sample: planes of red, green and blue.
  static constexpr dimensions shape = lamina::shape<3, 32, 32>;
  /// What the labels stand for.
  static constexpr std::array<std::string_view, 10> classes = {"airplane", "automobile", "bird",  "cat",  "deer",
                                                               "dog",      "frog",       "horse", "ship", "truck"};
};

namespace detail {

/// Reads the records of CIFAR-10 files, one file after the other: a byte for the label, then the pixels plane by plane.
class cifar10_reader {
public:
  explicit cifar10_reader(std::size_t files) : expected_{files * 10000} {}

  /// Errors: file_error naming the byte: a file that ends within a record or has none, a label above 9.
  template <class Source> void read(Source& source) {
    constexpr std::size_t pixels = cifar10::shape.size();
    unsigned char record[1 + pixels];
    for (;;) {
      const std::size_t at = source.position(), got = source.read(record);
      if (got == 0 && at != 0) return;
      if (got != sizeof record)
        source.fail(at, "a CIFAR-10 record of " + std::to_string(sizeof record) + " bytes", std::to_string(got));
      if (record[0] > 9) source.fail(at, "a label from 0 to 9", std::to_string(record[0]));
      reserve_towards(inputs_, expected_ * pixels, pixels);
      labels_.emplace_back(record[0]);
      for (const unsigned char byte : std::span{record}.template subspan<1>())
        inputs_.push_back(static_cast<float>(byte) / 255.0f);
    }
  }
  dataset<label> samples() && { return {cifar10::shape.size(), std::move(inputs_), std::move(labels_)}; }

private:
  std::size_t expected_;
  std::vector<float> inputs_{};
  std::vector<label> labels_{};
};

inline std::string find_cifar10_file(const std::string& directory, const std::string& name) {
  for (const char* suffix : {"", ".gz"})
    if (std::string path = directory + "/" + name + suffix; can_open(path)) return path;
  throw file_error(expected_got(directory, name + " (plain or .gz) in this directory", "none"));
}

} // namespace detail

/// Loads one file of CIFAR-10's binary version, plain or gzip: bytes become floats in [0, 1] (divided by 255), an image
/// is one row of the shape (3, 32, 32). A file may hold any number of records, from 1.
/// Errors: `file_error` naming file, byte, what was expected and what came: a file that is missing, corrupt, empty or
/// no whole number of records long, or a label above 9. Example: `const auto data =
/// lamina::load_cifar10_batch("data_batch_1.bin");`
dataset<label> load_cifar10_batch(const std::convertible_to<std::string> auto& path) {
  gzip_source source{path};
  detail::cifar10_reader reader{1};
  reader.read(source);
  return std::move(reader).samples();
}

/// Loads CIFAR-10 from the directory that its binary version unpacks to: `data_batch_1.bin` … `data_batch_5.bin` are
/// the training set, `test_batch.bin` is the test set; each plain or `.gz`. Errors: `file_error` naming the directory
/// and the file that is missing, or as `load_cifar10_batch` has. Source: A. Krizhevsky, "Learning multiple layers of
/// features from tiny images", 2009; "CIFAR-10 binary version". Example: `trainer.fit(train | lamina::cifar10::shape |
/// lamina::augment::crop{4} | lamina::augment::flip{}, {…});`
cifar10 load_cifar10(const std::convertible_to<std::string> auto& path) {
  const std::string directory = path, test = detail::find_cifar10_file(directory, "test_batch.bin");
  std::array<std::string, 5> train;
  for (std::size_t i = 0; i < 5; ++i)
    train[i] = detail::find_cifar10_file(directory, "data_batch_" + std::to_string(i + 1) + ".bin");
  detail::cifar10_reader reader{train.size()};
  for (const std::string& file : train) {
    gzip_source source{file};
    reader.read(source);
  }
  return {std::move(reader).samples(), load_cifar10_batch(test)};
}

} // namespace lamina
