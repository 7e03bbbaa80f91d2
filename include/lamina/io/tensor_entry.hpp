#pragma once
#include <cstddef>
#include <lamina/core/shape_text.hpp>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lamina {

/// The type of a tensor's elements in a file.
enum class dtype : unsigned char { f32, f64, i64 };

/// The name in safetensors files: "F32", "F64" or "I64".
constexpr const char* name_of(dtype type) { return type == dtype::f32 ? "F32" : type == dtype::f64 ? "F64" : "I64"; }
/// Bytes of an element.
constexpr std::size_t size_of(dtype type) { return type == dtype::f32 ? 4 : 8; }
/// The type that keeps every bit of a `Scalar`.
template <class Scalar> inline constexpr dtype dtype_of = sizeof(Scalar) <= 4 ? dtype::f32 : dtype::f64;

/// A tensor in a file: its name, element type and shape, and where its bytes are among the tensors' bytes.
struct tensor_entry {
  std::string name{};
  dtype type = dtype::f32;
  std::vector<std::size_t> shape{}; ///< empty for a single number
  std::size_t begin = 0, end = 0;   ///< set by the reader; the writer places tensors one after another

  /// The product of the extents; 1 for a single number, the largest size there is where the product overflows.
  std::size_t element_count() const {
    std::size_t count = 1;
    for (const std::size_t extent : shape) {
      if (extent != 0 && count > std::numeric_limits<std::size_t>::max() / extent)
        return std::numeric_limits<std::size_t>::max();
      count *= extent;
    }
    return count;
  }
};

/// Notes in a safetensors file, each under a name of its own: its `__metadata__`.
using tensor_metadata = std::vector<std::pair<std::string, std::string>>;

/// What the header of a safetensors file says.
struct safetensors_header {
  std::vector<tensor_entry> tensors{}; ///< in the header's order
  tensor_metadata metadata{};

  /// How many bytes the tensors take, which is where the last of them ends.
  std::size_t payload_bytes() const {
    std::size_t bytes = 0;
    for (const tensor_entry& tensor : tensors)
      if (tensor.end > bytes) bytes = tensor.end;
    return bytes;
  }
};

namespace detail {

// A name from a file, fit to be printed.
[[gnu::cold]] inline std::string printable(std::string_view name) {
  std::string text{name.substr(0, 64)};
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  return joined_text({"\"", text, name.size() > 64 ? "…\"" : "\""});
}

} // namespace detail

} // namespace lamina
