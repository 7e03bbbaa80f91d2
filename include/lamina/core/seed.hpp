#pragma once
#include <cstdint>

namespace lamina {

/// The number every draw of a model and its training comes from.
struct seed {
  std::uint64_t value;
  constexpr explicit seed(std::uint64_t number) : value{number} {}
};

} // namespace lamina
