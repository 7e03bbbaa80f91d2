#pragma once
#include <cstddef>
#include <type_traits>

#include <lamina/core/fixed_string.hpp>
#include <lamina/core/shape.hpp>

namespace lamina {

/// The shape of one sample; the first thing in a network.
template <std::size_t... Extents> struct input {
  static constexpr dimensions extents = shape<Extents...>;
};

/// A sample of `Steps` tokens, whole numbers below `Tokens`; an embedding comes after it. In data sets and calls they
/// are numbers of the model's scalar. Errors: argument_error for a number that is no token.
template <std::size_t Steps, std::size_t Tokens> struct token_input {
  static constexpr dimensions extents{1, {Steps}, Tokens};
};

/// States the shape that a layer expects: `dense<10, from<128>>`; checked against what arrives.
template <std::size_t... Extents> struct from {
  static constexpr dimensions extents = shape<Extents...>;
};

/// Leaves out the bias: `dense<10, no_bias>`.
struct no_bias {};

/// Gives a layer another name than its index: `named<"fc1", dense<128>>` has the parameters "fc1.weight" and
/// "fc1.bias".
template <fixed_string Name, class Layer> struct named {};

namespace detail {

template <class Option> inline constexpr dimensions stated_by{};
template <std::size_t... Extents> inline constexpr dimensions stated_by<from<Extents...>> = shape<Extents...>;

/// The shape that a layer's options state, or rank 0.
template <class... Options> constexpr dimensions stated_shape() {
  dimensions stated{};
  ((stated_by<Options>.rank ? void(stated = stated_by<Options>) : void()), ...);
  return stated;
}
template <class Option, class... Options> inline constexpr bool has_option = (std::is_same_v<Option, Options> || ...);

} // namespace detail
} // namespace lamina
