#pragma once
/// Images from files: PNG, JPEG, PGM and PPM. Programs that include this link libpng and libjpeg-turbo's turbojpeg (in
/// CMake: lamina::images); `lamina.hpp` does not include it.
#include <cstddef>
#include <lamina/core/checked.hpp>
#include <lamina/core/error.hpp>
#include <lamina/core/label.hpp>
#include <lamina/core/shape.hpp>
#include <lamina/core/shape_text.hpp>
#include <lamina/core/text.hpp>
#include <lamina/data/byte_source.hpp>
#include <lamina/data/dataset.hpp>
#include <lamina/images/folder.hpp>
#include <lamina/images/raster.hpp>
#include <lamina/images/read.hpp>
#include <string>
#include <utility>
#include <vector>

namespace lamina {

namespace detail {
struct channels_of_images {
  static constexpr const char* text = "0 (as the files have them), 1 (grey) or 3 (red, green, blue)";
  static constexpr bool holds(double v) { return v == 0 || v == 1 || v == 3; }
};
} // namespace detail

/// How images are loaded. `channels`: 1 makes all of them grey (luma, 0.299 R + 0.587 G + 0.114 B), 3 coloured; 0
/// leaves them as they are.
struct image_options {
  checked<"image_options: channels", detail::channels_of_images> channels = 0;
};

/// An image in memory: its shape (C, H, W) and its numbers in [0, 1], plane by plane.
struct loaded_image {
  dimensions shape{};
  std::vector<float> pixels{};
};

/// Loads one image, whose format its first bytes say: PNG, JPEG, PGM or PPM. Bytes become floats in [0, 1] (divided by
/// the largest that the format has there), transparent pixels are laid over black.
/// Errors: `file_error` naming the file: missing, of another format, cut short, damaged, of more than 2²⁴ pixels.
/// Example: `const auto face = lamina::load_image("face.png", {.channels = 1}); auto scores = model(face.pixels);`
inline loaded_image load_image(const std::string& path, const image_options& options = {}) {
  const detail::raster image = detail::read_image_file(path);
  const std::size_t channels = options.channels == 0 ? image.channels : static_cast<std::size_t>(options.channels);
  loaded_image loaded{{3, {channels, image.height, image.width}}};
  loaded.pixels.reserve(loaded.shape.size());
  detail::append_planes(image, channels, loaded.pixels);
  return loaded;
}

/// What `load_images` gives: the samples, what each is an image of, (C, H, W), and what label i stands for.
/// `const auto [samples, shape, classes] = lamina::load_images("flowers");`
struct image_classes {
  dataset<label> samples;
  dimensions shape;
  std::vector<std::string> classes;
};

/// Loads a folder of folders of images, a folder a class: classes are counted in the order of their folders' names,
/// samples stand class by class and in the order of their files' names (both by bytes). All images have one size and
/// one number of channels, which `.channels` can give them. Files beside the class folders and names that begin with a
/// dot are left out; in a class folder every file is an image, and there is one at least. Errors: `file_error` naming
/// the file or the folder: no class folder, an empty one, a file that `load_image` refuses, an image of another shape
/// than the first. Example: `trainer.fit(samples | shape | lamina::augment::flip{}, {.epochs = 10});`
inline image_classes load_images(const std::string& folder, const image_options& options = {}) {
  struct image_file {
    std::string path;
    label target;
  };
  std::vector<std::string> classes;
  std::vector<image_file> files;
  for (const std::string& name : detail::names_in(folder)) {
    const std::string of_class = folder + "/" + name;
    if (!detail::is_folder(of_class)) continue;
    const std::vector<std::string> inside = detail::names_in(of_class);
    if (inside.empty()) throw file_error(expected_got(of_class, "at least one image", "an empty folder"));
    for (const std::string& file : inside) files.push_back({of_class + "/" + file, label{classes.size()}});
    classes.push_back(name);
  }
  if (classes.empty()) throw file_error(expected_got(folder, "a folder for each class", "none"));

  dimensions shape;
  std::vector<float> inputs;
  std::vector<label> targets;
  for (const image_file& file : files) {
    const loaded_image image = load_image(file.path, options);
    if (targets.empty()) shape = image.shape;
    if (image.shape != shape) {
      const bool size_fits = image.shape[1] == shape[1] && image.shape[2] == shape[2];
      throw file_error(expected_got(
          file.path,
          detail::joined_text({"an image of shape ", detail::shape_text(shape), ", as ", files.front().path, " has"}),
          detail::joined_text(
              {detail::shape_text(image.shape), size_fits ? "; {.channels = 1} or 3 makes them equal" : ""})));
    }
    reserve_towards(inputs, files.size() * shape.size(), shape.size());
    inputs.insert(inputs.end(), image.pixels.begin(), image.pixels.end());
    targets.push_back(file.target);
  }
  return {{shape.size(), std::move(inputs), std::move(targets)}, shape, std::move(classes)};
}

} // namespace lamina
