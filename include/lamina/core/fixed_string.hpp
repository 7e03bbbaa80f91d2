#pragma once
#include <cstddef>
#include <string_view>

namespace lamina {

/// A string that can be a template argument: `slot<"velocity">`, `named<"fc1", dense<128>>`.
template <std::size_t N> struct fixed_string {
  char text[N]{};

  consteval fixed_string(const char (&literal)[N]) {
    for (std::size_t i = 0; i < N; ++i) text[i] = literal[i];
  }
  constexpr std::string_view view() const { return {text, N - 1}; }
};

template <std::size_t N, std::size_t M> constexpr bool operator==(const fixed_string<N>& a, const fixed_string<M>& b) {
  return a.view() == b.view();
}

} // namespace lamina
