#pragma once
#include <cstddef>
#include <lamina/core/error.hpp>
#include <lamina/io/header_handler.hpp>
#include <lamina/io/tensor_entry.hpp>
#include <limits>
#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>
#include <string>
#include <utility>
#include <vector>

namespace lamina {

/// The file's first 8 bytes, which say how long the header is; offsets in messages count from the file's start.
inline constexpr std::size_t safetensors_prefix = 8;
/// The longest header the format allows.
/// Source: the safetensors reference implementation, `MAX_HEADER_SIZE`.
inline constexpr std::size_t safetensors_header_limit = 100'000'000;

namespace detail {

/// The indices below `count`, so that no one is `less` than the one before it. Heapsort: a header may list millions.
template <class Less> [[gnu::cold]] std::vector<std::size_t> sorted(std::size_t count, Less less) {
  std::vector<std::size_t> heap(count);
  for (std::size_t i = 0; i < count; ++i) heap[i] = i;
  const auto sink = [&](std::size_t root, std::size_t end) {
    for (std::size_t child; (child = 2 * root + 1) < end; root = child) {
      if (child + 1 < end && less(heap[child], heap[child + 1])) ++child;
      if (!less(heap[root], heap[child])) return;
      std::swap(heap[root], heap[child]);
    }
  };
  for (std::size_t i = count / 2; i-- > 0;) sink(i, count);
  for (std::size_t end = count; end > 1;) {
    std::swap(heap[0], heap[--end]);
    sink(0, end);
  }
  return heap;
}

} // namespace detail

/// Reads the JSON text of a header and checks all that can be checked without the tensors: every key known and there
/// once, types F32, F64 or I64, offsets in order that agree with type and shape, and tensors that fill their part of
/// the file with neither overlap nor hole. Errors: `file_error` that begins with `file` and names the byte or the
/// tensor. Source: the safetensors format, github.com/huggingface/safetensors, "Format".
template <class Handler = detail::header_handler> // a template, so that only programs that read a file compile it
[[gnu::cold]] safetensors_header parse_safetensors_header(const std::string& file, std::string text) {
  const auto fail = [&](const std::string& where, const detail::piece& expected, const detail::piece& got) {
    throw file_error(expected_got(detail::joined_text({file, ": ", where}), expected, got));
  };
  const auto byte = [](std::size_t offset) { return detail::joined_text({"byte ", safetensors_prefix + offset}); };

  if (!text.starts_with('{')) fail(byte(0), "a header that begins with {", detail::printable(text.substr(0, 1)));
  const std::size_t length = text.size();
  text.append(3, '\0'); // the UTF-8 check takes up to four bytes at once without looking for the end
  safetensors_header header;
  Handler handler{header};
  // In place, so that the reader needs no buffer: the one of RapidJSON 1.1 does arithmetic on a null pointer.
  rapidjson::InsituStringStream stream{text.data()};
  rapidjson::Reader reader;
  constexpr unsigned flags = rapidjson::kParseInsituFlag | rapidjson::kParseValidateEncodingFlag;
  const rapidjson::ParseResult result = reader.Parse<flags>(stream, handler);
  if (result.Code() == rapidjson::kParseErrorTermination)
    fail(detail::joined_text({byte(result.Offset()), handler.where()}), handler.expected(), handler.got());
  if (result.IsError())
    fail(detail::joined_text({byte(result.Offset()), handler.where()}), "a JSON object",
         rapidjson::GetParseError_En(result.Code()));
  if (stream.Tell() != length) fail(byte(stream.Tell()), "nothing but spaces after the object", "a zero byte");

  for (std::size_t t = 0; t < header.tensors.size(); ++t) {
    const tensor_entry& tensor = header.tensors[t];
    const auto offsets = [&] { return detail::joined_text({tensor.begin, " to ", tensor.end}); };
    const std::string where = detail::joined_text({"tensor ", detail::printable(tensor.name)});
    if (tensor.begin > tensor.end) fail(where, "offsets in order", offsets());
    const std::size_t count = tensor.element_count(), most = std::numeric_limits<std::size_t>::max();
    if (count > most / size_of(tensor.type))
      fail(where, "a shape whose bytes can be counted", detail::shape_text(tensor.shape));
    if (tensor.end - tensor.begin != count * size_of(tensor.type))
      fail(where,
           detail::joined_text({count * size_of(tensor.type), " bytes for ", name_of(tensor.type), " of shape ",
                                detail::shape_text(tensor.shape)}),
           detail::joined_text({tensor.end - tensor.begin, " (offsets ", offsets(), ")"}));
  }

  const std::vector<tensor_entry>& tensors = header.tensors;
  const auto require_every_name_once = [&](const auto& named, const auto& name_of) {
    const auto order = detail::sorted(
        named.size(), [&](std::size_t a, std::size_t b) { return name_of(named[a]) < name_of(named[b]); });
    for (std::size_t i = 1; i < order.size(); ++i)
      if (name_of(named[order[i]]) == name_of(named[order[i - 1]]))
        fail(detail::joined_text({"name ", detail::printable(name_of(named[order[i]]))}), "every name once",
             "it twice");
  };
  require_every_name_once(tensors, [](const tensor_entry& tensor) -> const std::string& { return tensor.name; });
  require_every_name_once(header.metadata, [](const auto& note) -> const std::string& { return note.first; });

  const auto begins_before = [&](std::size_t a, std::size_t b) {
    if (tensors[a].begin != tensors[b].begin) return tensors[a].begin < tensors[b].begin;
    return tensors[a].end != tensors[b].end ? tensors[a].end < tensors[b].end : a < b;
  };
  std::size_t filled = 0;
  for (const std::size_t t : detail::sorted(tensors.size(), begins_before)) {
    if (tensors[t].begin != filled)
      fail(detail::joined_text({"tensor ", detail::printable(tensors[t].name)}),
           detail::joined_text({"offset ", filled, ", where the tensor before it ends"}), tensors[t].begin);
    filled = tensors[t].end;
  }
  return header;
}

} // namespace lamina
