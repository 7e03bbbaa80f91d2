#pragma once
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <lamina/core/error.hpp>
#include <lamina/data/byte_source.hpp>
#include <lamina/io/safetensors_header.hpp>
#include <lamina/io/tensor_entry.hpp>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lamina {

/// A safetensors file, read and checked as a whole: when it exists, every tensor of its list is there to be taken.
/// Memory: the file's size, whatever its header promises.
/// Errors: `file_error` naming file, byte or tensor, what was expected and what came: a file that is missing, cut
/// short or longer than its tensors; a header longer than the file, or that is no JSON of the format's form; unknown
/// or doubled keys; a type other than F32, F64 and I64; offsets that disagree with the shape, overlap or leave holes.
/// Source: the safetensors format, github.com/huggingface/safetensors, "Format".
/// Example:
///
///     const lamina::safetensors_file file{"net.safetensors"};
///     for (const lamina::tensor_entry& tensor : file.tensors()) use(file.element<float>(tensor, 0));
class safetensors_file {
public:
  explicit safetensors_file(const std::convertible_to<std::string> auto& path) : name_{path} {
    file_source source{name_};
    read(source);
  }
  /// The same from memory; messages call it `name`.
  safetensors_file(const std::convertible_to<std::string> auto& name, std::span<const unsigned char> bytes)
      : name_{name} {
    memory_source source{name_, bytes};
    read(source);
  }
  /// The same from a source of bytes, which is read to its end.
  template <std::derived_from<byte_source> Source> explicit safetensors_file(Source& source) : name_{source.name()} {
    read(source);
  }

  const std::vector<tensor_entry>& tensors() const { return header_.tensors; }
  const tensor_metadata& metadata() const { return header_.metadata; }

  /// The tensor of this name, or nullptr.
  const tensor_entry* find(std::string_view name) const {
    for (const tensor_entry& tensor : header_.tensors)
      if (tensor.name == name) return &tensor;
    return nullptr;
  }

  /// Element `index`, row-major, of one of `tensors()`, converted to T. The index must be below `element_count()`.
  template <class T> T element(const tensor_entry& tensor, std::size_t index) const {
    const char* bytes = payload_.data() + tensor.begin + index * size_of(tensor.type);
    if (tensor.type == dtype::f32) return static_cast<T>(std::bit_cast<float>(little_endian<std::uint32_t>(bytes)));
    const std::uint64_t bits = little_endian<std::uint64_t>(bytes);
    if (tensor.type == dtype::i64) return static_cast<T>(std::bit_cast<std::int64_t>(bits));
    return static_cast<T>(std::bit_cast<double>(bits));
  }

  /// Checks that the file holds tensors of these names and shapes and no others; element types may differ.
  /// Errors: `file_error` naming the tensor that is missing, has another shape, or was not expected.
  [[gnu::cold]] void require_exactly(std::span<const tensor_entry> wanted) const {
    for (const tensor_entry& tensor : wanted) {
      const tensor_entry* found = find(tensor.name);
      const std::string shape = detail::joined_text({"shape ", detail::shape_text(tensor.shape)});
      if (!found) fail(tensor, detail::joined_text({"a tensor of ", shape}), "none of that name");
      if (found->shape != tensor.shape) fail(tensor, shape, detail::shape_text(found->shape));
    }
    for (const tensor_entry& tensor : header_.tensors) {
      bool known = false;
      for (std::size_t i = 0; i < wanted.size() && !known; ++i) known = wanted[i].name == tensor.name;
      if (!known)
        fail(tensor, "no tensor of that name",
             detail::joined_text({"one of shape ", detail::shape_text(tensor.shape)}));
    }
  }

private:
  [[noreturn, gnu::cold]] void fail(const tensor_entry& tensor, const detail::piece& expected,
                                    const detail::piece& got) const {
    throw file_error(
        expected_got(detail::joined_text({name_, ": tensor ", detail::printable(tensor.name)}), expected, got));
  }

  template <class Bits> static Bits little_endian(const char* bytes) {
    Bits bits = 0;
    for (std::size_t i = 0; i < sizeof(Bits); ++i)
      bits |= static_cast<Bits>(static_cast<unsigned char>(bytes[i])) << 8 * i;
    return bits;
  }

  template <class Source> // not compiled where no file is read
  [[gnu::cold]] void read(Source& source) {
    const auto as_char = [](unsigned char byte) { return static_cast<char>(byte); };
    std::string text;
    if (!read_items(source, text, safetensors_prefix, as_char))
      source.fail(0, "8 bytes, the header's length", text.size());
    const std::uint64_t length = little_endian<std::uint64_t>(text.data());
    if (length > safetensors_header_limit)
      source.fail(0, detail::joined_text({"a header of at most ", safetensors_header_limit, " bytes"}), length);
    text.clear();
    if (!read_items(source, text, static_cast<std::size_t>(length), as_char))
      source.fail(0, detail::joined_text({"a file that holds the header's ", length, " bytes"}), text.size());
    header_ = parse_safetensors_header(name_, std::move(text));

    const std::size_t total = header_.payload_bytes();
    if (!read_items(source, payload_, total, as_char)) {
      for (const tensor_entry& tensor : header_.tensors)
        if (tensor.end > payload_.size())
          source.fail(source.position(),
                      detail::joined_text(
                          {total, " bytes of tensors, up to ", tensor.end, " for ", detail::printable(tensor.name)}),
                      payload_.size());
    }
    unsigned char beyond;
    if (source.read({&beyond, 1}) != 0)
      source.fail(source.position() - 1,
                  detail::joined_text({"the end of the file after ", total, " bytes of tensors"}), "more");
  }

  std::string name_;
  safetensors_header header_{};
  std::string payload_{};
};

} // namespace lamina
