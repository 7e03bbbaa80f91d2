#pragma once
#include <concepts>
#include <cstddef>
#include <lamina/core/error.hpp>
#include <lamina/core/label.hpp>
#include <lamina/core/shape.hpp>
#include <lamina/core/text.hpp>
#include <lamina/data/byte_source.hpp>
#include <lamina/data/dataset.hpp>
#include <string>
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
  static constexpr const char* classes[] = {"airplane", "automobile", "bird",  "cat",  "deer",
                                            "dog",      "frog",       "horse", "ship", "truck"};
};

namespace detail {

/// Appends the records of a CIFAR-10 file, which are a byte for the label and then the pixels, plane by plane.
/// `records` are expected in all files.
/// Errors: file_error naming the byte: a file that ends within a record or has none, a label above 9.
template <class Source, class Inputs, class Labels> // all of them, so that only programs that read some compile it
void append_cifar10(Source& source, std::size_t records, Inputs& inputs, Labels& labels) {
  constexpr std::size_t pixels = cifar10::shape.size();
  unsigned char record[1 + pixels];
  for (;;) {
    const std::size_t at = source.position(), got = source.read(record);
    if (got == 0 && at != 0) return;
    if (got != sizeof record) source.fail(at, joined_text({"a CIFAR-10 record of ", sizeof record, " bytes"}), got);
    if (record[0] > 9) source.fail(at, "a label from 0 to 9", record[0]);
    reserve_towards(inputs, records * pixels, pixels);
    for (std::size_t i = 1; i < sizeof record; ++i) inputs.push_back(static_cast<float>(record[i]) / 255.0f);
    labels.push_back(label{record[0]});
  }
}

/// The samples of several files, one after the other.
template <class... Sources> dataset<label> read_cifar10(std::size_t records, Sources&... sources) {
  std::vector<float> inputs;
  std::vector<label> labels;
  (append_cifar10(sources, records, inputs, labels), ...);
  return {cifar10::shape.size(), std::move(inputs), std::move(labels)};
}

inline std::string find_cifar10_file(const std::string& directory, const std::string& name) {
  for (const char* suffix : {"", ".gz"})
    if (std::string path = directory + "/" + name + suffix; can_open(path)) return path;
  throw file_error(expected_got(directory, joined_text({name, " (plain or .gz) in this directory"}), "none"));
}

} // namespace detail

/// Loads one file of CIFAR-10's binary version, plain or gzip: bytes become floats in [0, 1] (divided by 255), an image
/// is one row of the shape (3, 32, 32). A file may hold any number of records, from 1.
/// Errors: `file_error` naming file, byte, what was expected and what came: a file that is missing, corrupt, empty or
/// no whole number of records long, or a label above 9.
/// Example: `const auto data = lamina::load_cifar10_batch("data_batch_1.bin");`
dataset<label> load_cifar10_batch(const std::convertible_to<std::string> auto& path) {
  gzip_source source{path};
  return detail::read_cifar10(10000, source);
}

/// Loads CIFAR-10 from the directory that its binary version unpacks to: `data_batch_1.bin` … `data_batch_5.bin` are
/// the training set, `test_batch.bin` is the test set; each plain or `.gz`.
/// Errors: `file_error` naming the directory and the file that is missing, or as `load_cifar10_batch` has.
/// Source: A. Krizhevsky, "Learning multiple layers of features from tiny images", 2009; "CIFAR-10 binary version".
/// Example: `trainer.fit(train | cifar10::shape | augment::crop{4} | augment::flip{}, {.epochs = 10});`
cifar10 load_cifar10(const std::convertible_to<std::string> auto& path) {
  const std::string directory = path, test = detail::find_cifar10_file(directory, "test_batch.bin");
  const auto training = [&](const char* batch) {
    return detail::find_cifar10_file(directory, std::string("data_batch_") + batch + ".bin");
  };
  gzip_source one{training("1")}, two{training("2")}, three{training("3")}, four{training("4")}, five{training("5")};
  return {detail::read_cifar10(50000, one, two, three, four, five), load_cifar10_batch(test)};
}

} // namespace lamina
