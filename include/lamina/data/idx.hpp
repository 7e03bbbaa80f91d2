#pragma once
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <lamina/core/label.hpp>
#include <lamina/data/byte_source.hpp>
#include <lamina/data/dataset.hpp>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace lamina {

/// IDX, the format of the MNIST files: two zero bytes, the type of the elements, the rank, the extents as big-endian
/// 32-bit numbers, then the elements in row-major order.
/// Source: Y. LeCun, "The MNIST database of handwritten digits", section "File formats".
///
/// What reads a whole file is a template, so that programs that include the library and read none do not compile it.
namespace idx {

/// What the first bytes of an IDX file of unsigned bytes promise.
struct header {
  std::size_t rank = 0;
  std::size_t count = 0;     ///< the first extent: images, or labels
  std::size_t item_size = 1; ///< the product of the other extents

  std::size_t bytes() const { return 4 + 4 * rank; }
};

/// Reads the header and checks that the data set it promises can be counted, not that the file holds it.
/// Errors: `file_error` naming the byte.
[[gnu::cold]] inline header read_header(byte_source& source) {
  unsigned char field[4];
  const auto next = [&](const char* what) {
    const std::size_t at = source.position();
    if (const std::size_t got = source.read(field); got != 4)
      source.fail(at, detail::joined_text({"4 bytes of ", what}), got);
  };
  next("IDX magic number");
  if (field[0] != 0 || field[1] != 0)
    source.fail(0, "an IDX file's two zero bytes",
                detail::joined_text({std::size_t{field[0]}, " and ", std::size_t{field[1]}}));
  if (field[2] != 8) source.fail(2, "element type 8 (unsigned byte)", std::size_t{field[2]});
  if (field[3] == 0) source.fail(3, "a rank of at least 1", "0");
  header promised;
  promised.rank = field[3];
  for (std::size_t axis = 0; axis < promised.rank; ++axis) {
    const std::size_t at = source.position();
    next("an extent");
    const std::size_t extent =
        std::size_t{field[0]} << 24 | std::size_t{field[1]} << 16 | std::size_t{field[2]} << 8 | field[3];
    if (axis == 0) {
      promised.count = extent;
      continue;
    }
    if (extent == 0) source.fail(at, "an extent of at least 1", "0");
    const std::size_t room = std::numeric_limits<std::size_t>::max() / sizeof(float) / (promised.count + 1);
    if (promised.item_size > room / extent)
      source.fail(at, "extents whose product is a size",
                  detail::joined_text({"a product beyond it, with extent ", extent}));
    promised.item_size *= extent;
  }
  return promised;
}

/// Reads all that follows the header, each byte as `convert(byte)`, and checks that the file ends there.
/// Errors: `file_error` naming the byte.
template <class T, class Convert>
std::vector<T> read_elements(byte_source& source, const header& promised, Convert convert) {
  const std::size_t total = promised.count * promised.item_size;
  std::vector<T> elements;
  if (!read_items(source, elements, total, convert))
    source.fail(source.position(), detail::joined_text({total, " bytes after the header"}), elements.size());
  unsigned char beyond;
  if (source.read({&beyond, 1}) != 0)
    source.fail(promised.bytes() + total, detail::joined_text({"the end of the file after ", total, " bytes"}), "more");
  return elements;
}

/// Reads images (unsigned bytes of any rank, flattened and scaled to [0, 1]) and their labels from two sources.
/// Errors: `file_error` as `load_idx` has.
template <class Source> dataset<label> read(Source& images, Source& labels) {
  const header image_header = read_header(images), label_header = read_header(labels);
  if (label_header.rank != 1) labels.fail(3, "labels of rank 1", detail::joined_text({"rank ", label_header.rank}));
  if (image_header.count != label_header.count)
    labels.fail(4, detail::joined_text({image_header.count, " labels, as many as images in ", images.name()}),
                label_header.count);
  std::vector<label> targets =
      read_elements<label>(labels, label_header, [](unsigned char byte) { return label{byte}; });
  std::vector<float> inputs =
      read_elements<float>(images, image_header, [](unsigned char byte) { return static_cast<float>(byte) / 255.0f; });
  return {image_header.item_size, std::move(inputs), std::move(targets)};
}

/// `load_idx` for files that are in memory, uncompressed; messages call them "images" and "labels".
dataset<label> parse(const std::convertible_to<std::span<const unsigned char>> auto& images,
                     const std::convertible_to<std::span<const unsigned char>> auto& labels) {
  memory_source image_source{"images", images}, label_source{"labels", labels};
  return read(image_source, label_source);
}

} // namespace idx

/// Loads images and their labels from two IDX files of unsigned bytes, plain or gzip: bytes become floats in [0, 1]
/// (divided by 255), an image of any rank becomes one row.
/// Errors: `file_error` naming file, byte, what was expected and what came: a file that is missing, corrupt, of another
/// format or element type, shorter or longer than its header promises, extents too large to count, labels and images
/// that differ in number.
/// Example: `const auto data = lamina::load_idx("images.idx3.gz", "labels.idx1.gz");`
dataset<label> load_idx(const std::convertible_to<std::string> auto& images,
                        const std::convertible_to<std::string> auto& labels) {
  gzip_source image_source{images}, label_source{labels};
  return idx::read(image_source, label_source);
}

} // namespace lamina
