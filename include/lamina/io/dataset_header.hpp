#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <lamina/core/error.hpp>
#include <lamina/core/label.hpp>
#include <lamina/core/text.hpp>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <zlib.h>

/// The first 64 bytes of a data set's file, little-endian as all of it:
///
///   0  "LAMINADS"       16  samples, 8 bytes               40  zeros
///   8  version, 4       24  numbers in an input, 8         60  CRC-32 of bytes 0 … 59, 4
///  12  0 a label,       32  numbers or labels in
///      1 numbers,           a target, 8
///      2 labels, 4
///
/// Then follow the inputs, float after float and sample after sample, and right behind them the targets: labels of 4
/// bytes, or floats.
namespace lamina::detail {

struct dataset_header {
  static constexpr std::size_t size = 64;
  static constexpr std::uint32_t version = 1;
  static constexpr std::string_view magic = "LAMINADS";

  std::uint32_t kind = 0;
  std::uint64_t samples = 0, input_size = 0, target_size = 1;

  template <class Target>
  static constexpr std::uint32_t kind_of = std::is_same_v<Target, label>    ? 0
                                           : std::is_same_v<Target, values> ? 1
                                                                            : 2;

  std::string bytes() const {
    require_little_endian("dataset file");
    std::string all{magic};
    const auto put = [&all](const auto number) {
      all.append(reinterpret_cast<const char*>(&number), sizeof number); // NOLINT: the bytes of an integer
    };
    put(version), put(kind), put(samples), put(input_size), put(target_size);
    all.resize(size - 4);
    put(checksum(all.data()));
    return all;
  }

  /// Checks the beginning of a file of `file_size` bytes.
  /// Errors: `file_error`: file, byte, what was expected, what came.
  static dataset_header read(const std::string& name, const std::byte* file, std::size_t file_size,
                             std::uint32_t kind) {
    require_little_endian(name);
    const auto refuse = [&name](const char* where, const piece& expected, const piece& got) {
      throw file_error(expected_got(joined_text({name, ": ", where}), expected, got));
    };
    if (file_size < size) refuse("size", "at least 64 bytes", file_size);
    const char* const begin = reinterpret_cast<const char*>(file);
    if (std::string_view(begin, magic.size()) != magic)
      refuse("byte 0", "LAMINADS, a data set that lamina saved", "something else");
    if (const auto got = number<std::uint32_t>(file + 8); got != version)
      refuse("byte 8", joined_text({"version ", version}), got);
    if (number<std::uint32_t>(file + 60) != checksum(begin))
      refuse("byte 60", "the checksum of the header", "another one: the header is damaged");
    const dataset_header header{number<std::uint32_t>(file + 12), number<std::uint64_t>(file + 16),
                                number<std::uint64_t>(file + 24), number<std::uint64_t>(file + 32)};
    if (header.kind != kind) refuse("byte 12", kind_text(kind), kind_text(header.kind));
    if (header.input_size == 0) refuse("byte 24", "an input size of at least 1", "0");
    if (kind == 0 ? header.target_size != 1 : header.target_size == 0)
      refuse("byte 32", kind == 0 ? "1 label a sample" : "a target size of at least 1", header.target_size);
    // Divided, because sums and products may not fit.
    constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max() / 8;
    if (header.input_size > most || header.target_size > most ||
        header.samples > most / (header.input_size + header.target_size))
      refuse("byte 16", "counts of a file that can be", "more bytes than can be counted");
    const std::uint64_t expected = size + 4 * header.samples * (header.input_size + header.target_size);
    if (file_size != expected)
      refuse("size",
             joined_text({expected, " bytes for ", header.samples, " samples of ", header.input_size, " and ",
                          header.target_size}),
             file_size);
    return header;
  }

private:
  static void require_little_endian(const std::string& name) {
    if constexpr (std::endian::native != std::endian::little)
      throw file_error(expected_got(name, "a little-endian machine", "another"));
  }
  static const char* kind_text(std::uint32_t kind) {
    constexpr const char* known[] = {"labels as targets", "numbers as targets", "rows of labels as targets"};
    return kind < 3 ? known[kind] : "an unknown kind of targets";
  }
  static std::uint32_t checksum(const char* header) {
    return static_cast<std::uint32_t>(crc32(0, reinterpret_cast<const Bytef*>(header), size - 4));
  }
  template <class Integer> static Integer number(const std::byte* bytes) {
    Integer value;
    std::memcpy(&value, bytes, sizeof value);
    return value;
  }
};

} // namespace lamina::detail
