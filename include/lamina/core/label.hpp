#pragma once
#include <cstdint>

namespace lamina {

/// A class index: the target of a classification sample.
struct label {
  std::uint32_t value = 0;

  label() = default;
  template <class Integer> constexpr explicit label(Integer index) : value{static_cast<std::uint32_t>(index)} {}
  friend constexpr bool operator==(label, label) = default;
};

/// A vector of numbers: the target of a regression sample, or a soft distribution over classes.
struct values {};

} // namespace lamina
