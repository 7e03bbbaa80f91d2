#pragma once
#include <string_view>

namespace lamina::detail {

/// The name of a type, from the compiler's own spelling of a function.
template <class T> constexpr std::string_view spelling() {
  constexpr std::string_view whole = __PRETTY_FUNCTION__;
  constexpr std::size_t first = whole.find("T = ") + 4;
  constexpr std::size_t end = whole.find_first_of(";]", first);
  return whole.substr(first, end - first);
}

} // namespace lamina::detail
