#pragma once
#include <cstdint>
#include <type_traits>

namespace lamina {

/// A class index: the target of a classification sample.
struct label {
  std::uint32_t value = 0;

  label() = default;
  template <class Integer> constexpr explicit label(Integer index) : value{static_cast<std::uint32_t>(index)} {}
  friend constexpr bool operator==(label, label) = default;
};

/// A row of class indices, one a time step (or any other row of the output): the target of a sequence.
struct labels {};

/// A vector of numbers: the target of a regression sample, or a soft distribution over classes.
struct values {};

/// What a data set may have as targets: `label`, `labels` or `values`.
template <class Target>
concept TargetKind = std::is_same_v<Target, label> || std::is_same_v<Target, labels> || std::is_same_v<Target, values>;

namespace detail {
/// Whether targets are class indices, one or several.
template <TargetKind Target> inline constexpr bool is_of_classes = !std::is_same_v<Target, values>;
} // namespace detail

} // namespace lamina
