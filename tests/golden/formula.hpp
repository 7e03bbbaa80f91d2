#pragma once
// Numbers that the tests and PyTorch draw alike, and digests of tensors: formula.py is the same in Python.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace golden {

/// FNV-1a.
inline std::uint64_t seed_of(std::string_view name) {
  std::uint64_t seed = 0xCBF29CE484222325;
  for (const char c : name) seed = (seed ^ static_cast<unsigned char>(c)) * 0x100000001B3;
  return seed;
}

/// Number `index` of those a seed stands for: multiples of 2^-21 from -1 up to 1, which a float holds as they are.
/// SplitMix64.
inline double number(std::uint64_t seed, std::size_t index) {
  std::uint64_t z = seed + (index + 1) * 0x9E3779B97F4A7C15;
  z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
  z = (z ^ z >> 27) * 0x94D049BB133111EB;
  z ^= z >> 31;
  return std::ldexp(static_cast<double>(z >> 42), -21) - 1;
}

/// The first `count` numbers of a name, each moved by `shift`.
inline std::vector<double> drawn(std::string_view name, std::size_t count, double shift = 0) {
  const std::uint64_t seed = seed_of(name);
  std::vector<double> all(count);
  for (std::size_t i = 0; i < count; ++i) all[i] = number(seed, i) + shift;
  return all;
}

/// `count` whole numbers from 0 up to `vocabulary`.
inline std::vector<std::size_t> tokens(std::string_view name, std::size_t vocabulary, std::size_t count) {
  const std::uint64_t seed = seed_of(name);
  std::vector<std::size_t> all(count);
  for (std::size_t i = 0; i < count; ++i)
    all[i] = static_cast<std::size_t>((number(seed, i) + 1) * (static_cast<double>(vocabulary) / 2));
  return all;
}

/// What the record `name` says of a tensor: its length, and its projections on drawn directions.
inline std::vector<double> digest(std::string_view name, const std::vector<double>& tensor) {
  constexpr std::size_t projections = 8;
  const std::uint64_t seed = seed_of(name);
  std::vector<double> all(1 + projections);
  for (const double v : tensor) all[0] += v * v;
  all[0] = std::sqrt(all[0]);
  for (std::size_t p = 0; p < projections; ++p)
    for (std::size_t i = 0; i < tensor.size(); ++i) all[1 + p] += number(seed, p * tensor.size() + i) * tensor[i];
  return all;
}

} // namespace golden
