#pragma once
#include <concepts>
#include <cstddef>
#include <lamina/core/error.hpp>
#include <lamina/core/label.hpp>
#include <lamina/core/text.hpp>
#include <lamina/data/byte_source.hpp>
#include <lamina/data/dataset.hpp>
#include <lamina/data/idx.hpp>
#include <string>
#include <utility>

namespace lamina {

/// What `load_mnist` gives: `auto [train, test] = lamina::load_mnist("path");`
struct mnist {
  dataset<label> train, test;
};

namespace detail {

// The file under one of the names it is published by, or nothing.
inline std::string find_mnist_file(const std::string& directory, const char* stem, const char* kind) {
  for (const char* separator : {"-", "."})
    for (const char* suffix : {"", ".gz"})
      if (std::string path = directory + "/" + stem + separator + kind + suffix; can_open(path)) return path;
  return {};
}

} // namespace detail

/// Loads the MNIST digits, or a data set published in the same four files, from a directory:
/// `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte` and `t10k-labels-idx1-ubyte`, plain
/// or `.gz`, also spelt `train-images.idx3-ubyte`. Where only the t10k pair is there, every tenth of its samples
/// (index % 10 == 0) is the test set and the others are the training set.
/// Errors: `file_error` naming the directory and the file that is missing, or as `load_idx` has.
/// Source: Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits".
mnist load_mnist(const std::convertible_to<std::string> auto& path) {
  const std::string directory = path;
  const std::string test_images = detail::find_mnist_file(directory, "t10k-images", "idx3-ubyte"),
                    test_labels = detail::find_mnist_file(directory, "t10k-labels", "idx1-ubyte"),
                    train_images = detail::find_mnist_file(directory, "train-images", "idx3-ubyte"),
                    train_labels = detail::find_mnist_file(directory, "train-labels", "idx1-ubyte");
  const auto require = [&](const std::string& found, const char* name, const char* got) {
    if (found.empty())
      throw file_error(expected_got(directory, detail::joined_text({name, " (plain or .gz) in this directory"}), got));
  };
  if (test_images.empty() && test_labels.empty() && train_images.empty() && train_labels.empty())
    require({}, "the MNIST files t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte", "neither");
  require(test_images, "t10k-images-idx3-ubyte", "other MNIST files only");
  require(test_labels, "t10k-labels-idx1-ubyte", "other MNIST files only");
  if (train_images.empty() && train_labels.empty()) {
    auto [train, test] = load_idx(test_images, test_labels).split([](std::size_t i) { return i % 10 != 0; });
    return {std::move(train), std::move(test)};
  }
  require(train_images, "train-images-idx3-ubyte", "train-labels-idx1-ubyte without it");
  require(train_labels, "train-labels-idx1-ubyte", "train-images-idx3-ubyte without it");
  mnist digits{load_idx(train_images, train_labels), load_idx(test_images, test_labels)};
  if (digits.train.input_size() != digits.test.input_size())
    throw file_error(expected_got(
        test_images,
        detail::joined_text({"images of ", digits.train.input_size(), " bytes, as ", train_images, " has"}),
        digits.test.input_size()));
  return digits;
}

} // namespace lamina
