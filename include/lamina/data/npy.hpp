#pragma once
#include <bit>
#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <lamina/core/text.hpp>
#include <lamina/data/byte_source.hpp>
#include <lamina/data/npy_header.hpp>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace lamina {

/// An array as NumPy has it: its shape, and its numbers in row-major (C) order. Without extents it is one number.
template <class T> struct numpy_array {
  std::vector<std::size_t> shape{};
  std::vector<T> numbers{};

  friend bool operator==(const numpy_array&, const numpy_array&) = default;
};

/// What the numbers of an array may become.
template <class T>
concept NumpyElement = std::same_as<T, float> || std::same_as<T, double> || std::same_as<T, std::uint8_t> ||
                       std::same_as<T, std::int32_t> || std::same_as<T, std::int64_t>;

namespace detail {

/// A number of type `Stored` from its bytes, little-endian.
template <class Stored> Stored npy_number(const unsigned char* bytes) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < sizeof(Stored); ++i) bits |= std::uint64_t{bytes[i]} << 8 * i;
  if constexpr (std::is_same_v<Stored, float>)
    return std::bit_cast<float>(static_cast<std::uint32_t>(bits));
  else if constexpr (std::is_same_v<Stored, double>)
    return std::bit_cast<double>(bits);
  else
    return static_cast<Stored>(bits);
}

/// Reads `count` numbers of type `Stored` and the end of the source.
template <class Stored, class T, class Source> std::vector<T> npy_numbers(Source& source, std::size_t count) {
  constexpr std::size_t at_once = 2048;
  unsigned char bytes[at_once * sizeof(Stored)];
  const std::size_t begin = source.position();
  std::vector<T> numbers;
  while (numbers.size() < count) {
    const std::size_t left = count - numbers.size(), wanted = left < at_once ? left : at_once;
    const std::size_t got = source.read({bytes, wanted * sizeof(Stored)});
    if (got != wanted * sizeof(Stored))
      source.fail(source.position(), joined_text({count * sizeof(Stored), " bytes of numbers"}),
                  source.position() - begin);
    reserve_towards(numbers, count, wanted);
    for (std::size_t i = 0; i < wanted; ++i)
      numbers.push_back(static_cast<T>(npy_number<Stored>(bytes + i * sizeof(Stored))));
  }
  if (source.read({bytes, 1}) != 0)
    source.fail(source.position() - 1, joined_text({"the end after ", count, " numbers"}), "more");
  return numbers;
}

/// Reads an array from a source of bytes, to its end.
template <NumpyElement T, class Source> numpy_array<T> read_npy(Source& source) {
  const npy_header header = read_npy_header(source);
  const std::string& type = header.type;
  const auto read = [&]<class Stored>(std::type_identity<Stored>) -> numpy_array<T> {
    // Larger numbers would not be themselves.
    constexpr bool fits = std::is_floating_point_v<T> || std::is_same_v<Stored, T> ||
                          (std::is_integral_v<Stored> && sizeof(Stored) < sizeof(T));
    if constexpr (fits)
      return {header.shape, npy_numbers<Stored, T>(source, header.count(source, sizeof(Stored)))};
    else
      source.fail(header.type_at, "a type whose numbers are kept as they are", in_quotes(type));
  };
  if (type == "<f4") return read(std::type_identity<float>{});
  if (type == "<f8") return read(std::type_identity<double>{});
  if (type == "|u1") return read(std::type_identity<std::uint8_t>{});
  if (type == "<i4") return read(std::type_identity<std::int32_t>{});
  if (type == "<i8") return read(std::type_identity<std::int64_t>{});
  source.fail(header.type_at, "type '<f4', '<f8', '|u1', '<i4' or '<i8'", in_quotes(type));
}

} // namespace detail

/// Loads an array from a .npy file, plain or gzip: float32, float64, uint8, int32 or int64, little-endian, in C order.
/// Numbers are converted to T, to float and double whatever they are; to a whole T only such that all fit.
/// Errors: `file_error` naming file and byte: missing, damaged, of another type or order, shorter or longer than its
/// shape says, numbers that T does not hold.
/// Source: NumPy, "A simple file format for NumPy arrays" (numpy.lib.format), versions 1 to 3.
/// Example: `const auto [shape, numbers] = lamina::load_npy("images.npy");`
template <NumpyElement T = float> numpy_array<T> load_npy(const std::convertible_to<std::string> auto& path) {
  gzip_source source{path};
  return detail::read_npy<T>(source);
}

} // namespace lamina
