#pragma once
#include <cstddef>

#include <lamina/network/check.hpp>
#include <lamina/network/leaves.hpp>

namespace lamina {

namespace detail {

/// What a network knows when its declaration is wrong: enough that nothing after the first error fails too.
struct poisoned_network : network_base {
  static constexpr bool poisoned = true;
  static constexpr std::size_t layer_count = 0, parameter_count = 0;
  static constexpr dimensions input_shape{1, {1}}, output_shape{1, {1}};
  template <std::size_t>
  static constexpr dimensions shape_after = output_shape;
  using leaves = type_list<>;
};

template <class Input, class... Layers>
struct sound_network : network_base {
  static constexpr bool poisoned = false;
  using layers = type_list<Layers...>;
  using leaves = leaves_of<Layers...>; ///< nested networks opened, names taken off

  static constexpr std::size_t layer_count = sizeof...(Layers);
  static constexpr dimensions input_shape = Input::extents;

private:
  static constexpr shapes_of<Input, Layers...> shapes_{};

public:
  static constexpr dimensions output_shape = shapes_.after[layer_count - 1];
  /// The shape that leaves layer `I`.
  template <std::size_t I>
    requires(I < layer_count)
  static constexpr dimensions shape_after = shapes_.after[I];

  static constexpr auto leaf_table = make_leaf_table<Input, Layers...>();
  static constexpr std::size_t parameter_count = leaf_table.parameter_count();
};

template <bool Sound, class... Layers>
struct network_body {
  using type = poisoned_network;
};
template <class Input, class... Layers>
struct network_body<true, Input, Layers...> {
  using type = sound_network<Input, Layers...>;
};

} // namespace detail

/// A neural network as a type: its input, then its layers, counted from 0.
/// `struct digits : network<input<784>, dense<128>, relu, dense<10>> {};`
/// Gives `input_shape`, `output_shape`, `layer_count`, `parameter_count`, `shape_after<I>`. A network may stand in another one as a layer.
/// Errors: one static_assert that quotes a `shape_error<reason, layer<I>, the layer, expects<…>, gets<…>>`.
/// Example: examples/03_digits.cpp.
template <class... Layers>
struct network : detail::network_body<detail::is_sound<Layers...>, Layers...>::type {
  static_assert(decltype(detail::diagnose<Layers...>())::none);
};

} // namespace lamina
