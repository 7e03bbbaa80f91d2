#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <lamina/core/error.hpp>
#include <lamina/io/atomic_file.hpp>
#include <lamina/io/tensor_entry.hpp>
#include <span>
#include <string>
#include <string_view>

namespace lamina {

/// Takes the elements of one tensor, row-major, and writes them in the file's type.
template <class File> class basic_tensor_sink {
public:
  basic_tensor_sink(File& file, const tensor_entry& tensor)
      : file_{file}, tensor_{tensor}, left_{tensor.element_count()} {}
  basic_tensor_sink(const basic_tensor_sink&) = delete;
  basic_tensor_sink& operator=(const basic_tensor_sink&) = delete;

  /// Appends one element.
  /// Errors: `argument_error` where the tensor is full already.
  template <class T> void operator()(T value) {
    if (left_-- == 0) fail("more");
    if (tensor_.type == dtype::f32)
      append(std::bit_cast<std::uint32_t>(static_cast<float>(value)));
    else if (tensor_.type == dtype::i64)
      append(std::bit_cast<std::uint64_t>(static_cast<std::int64_t>(value)));
    else
      append(std::bit_cast<std::uint64_t>(static_cast<double>(value)));
  }

  /// Appends elements that stand one after another, as bytes where memory has them as the file does.
  /// Errors: `argument_error` where there are more than the tensor has left.
  template <class T> void elements(std::span<const T> values) {
    if (std::endian::native != std::endian::little || dtype_of<T> != tensor_.type) {
      for (const T& value : values) (*this)(value);
      return;
    }
    if (values.size() > left_) fail("more");
    left_ -= values.size();
    flush();
    file_.write({reinterpret_cast<const char*>(values.data()), values.size_bytes()});
  }

  /// Writes what is still held.
  /// Errors: `argument_error` where elements are missing.
  void finish() {
    if (left_ != 0) fail(detail::joined_text({left_, " fewer"}));
    flush();
  }

private:
  static constexpr std::size_t capacity = std::size_t{1} << 14;

  template <class Bits> void append(Bits bits) {
    if (held_ + sizeof(Bits) > capacity) flush();
    for (std::size_t i = 0; i < sizeof(Bits); ++i) bytes_[held_++] = static_cast<char>(bits >> 8 * i & 0xff);
  }
  [[gnu::noinline]] void flush() { // seldom called, from many places
    file_.write({bytes_, held_});
    held_ = 0;
  }
  [[noreturn, gnu::cold]] void fail(const detail::piece& got) const {
    throw argument_error(expected_got(detail::joined_text({"tensor ", detail::printable(tensor_.name)}),
                                      detail::joined_text({tensor_.element_count(), " elements"}), got));
  }

  File& file_;
  const tensor_entry& tensor_;
  std::size_t left_;
  char bytes_[capacity];
  std::size_t held_ = 0;
};
using tensor_sink = basic_tensor_sink<atomic_file>;

namespace detail {

// JSON text of a string. Bytes beyond ASCII go through as they are: names are UTF-8.
[[gnu::cold]] inline std::string json_string(std::string_view text) {
  std::string json = "\"";
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') json += '\\';
    if (code < 0x20)
      json.append("\\u00").append(1, "0123456789abcdef"[code >> 4]).append(1, "0123456789abcdef"[code & 15]);
    else
      json += c;
  }
  return json + '"';
}

} // namespace detail

/// The header of a file of these tensors, one after another, with the spaces that align the first of them.
/// Errors: `argument_error` for a name that comes twice or that the format keeps for itself.
[[gnu::cold]] inline std::string safetensors_header_text(std::span<const tensor_entry> tensors,
                                                         const tensor_metadata& metadata) {
  const auto require_new = [](bool is_new, const std::string& name) {
    if (!is_new)
      throw argument_error(
          expected_got("tensors to save", "every name once", detail::joined_text({detail::printable(name), " twice"})));
  };
  std::string text = "{";
  const auto key = [&text](const std::string& name) {
    if (text.back() != '{') text += ',';
    text.append(detail::json_string(name)).append(1, ':');
  };
  if (!metadata.empty()) {
    key("__metadata__");
    text += '{';
    for (std::size_t i = 0; i < metadata.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) require_new(metadata[j].first != metadata[i].first, metadata[i].first);
      key(metadata[i].first);
      text += detail::json_string(metadata[i].second);
    }
    text += '}';
  }
  std::size_t end = 0;
  for (std::size_t t = 0; t < tensors.size(); ++t) {
    const tensor_entry& tensor = tensors[t];
    for (std::size_t u = 0; u < t; ++u) require_new(tensors[u].name != tensor.name, tensor.name);
    if (tensor.name == "__metadata__")
      throw argument_error(expected_got("tensors to save", "a name for a tensor", "\"__metadata__\""));
    key(tensor.name);
    text += detail::joined_text({"{\"dtype\":\"", name_of(tensor.type), "\",\"shape\":["});
    for (std::size_t axis = 0; axis < tensor.shape.size(); ++axis)
      text += detail::joined_text({axis ? "," : "", tensor.shape[axis]});
    const std::size_t begin = end;
    end += tensor.element_count() * size_of(tensor.type);
    text += detail::joined_text({"],\"data_offsets\":[", begin, ",", end, "]}"});
  }
  text += '}';
  text.append((8 - text.size() % 8) % 8, ' ');
  return text;
}

namespace detail {

/// Writes the header's length, the header and the tensors to anything with `write(bytes)`.
template <class File, class Fill>
void write_tensors(File& file, const std::string& header, std::span<const tensor_entry> tensors, Fill& fill) {
  char length[8];
  for (std::size_t i = 0; i < 8; ++i) length[i] = static_cast<char>(std::uint64_t{header.size()} >> 8 * i & 0xff);
  file.write({length, sizeof length});
  file.write(header);
  for (std::size_t t = 0; t < tensors.size(); ++t) {
    basic_tensor_sink<File> put{file, tensors[t]};
    fill(t, put);
    put.finish();
  }
}

} // namespace detail

/// Saves tensors to a safetensors file, which is replaced as a whole or not at all.
///
/// `fill(t, put)` is called for each tensor in turn and calls `put(value)` for each of its elements, row-major.
/// Offsets in `tensors` are not read.
/// Errors: `file_error` where the file cannot be written; `argument_error` for a name that comes twice or a number of
/// elements that is not the shape's; whatever `fill` throws. The file is as it was then.
/// Source: the safetensors format, github.com/huggingface/safetensors, "Format".
/// Example:
///
///     const lamina::tensor_entry bias{.name = "bias", .shape = {3}};
///     lamina::save_tensors("net.safetensors", {&bias, 1}, [](std::size_t, auto& put) { put(1), put(2), put(3); });
template <class Fill>
void save_tensors(const std::string& path, std::span<const tensor_entry> tensors, Fill fill,
                  const tensor_metadata& metadata = {}) {
  const std::string header = safetensors_header_text(tensors, metadata);
  atomic_file file{path};
  detail::write_tensors(file, header, tensors, fill);
  file.commit();
}

} // namespace lamina
