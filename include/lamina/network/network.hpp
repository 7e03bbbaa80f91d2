#pragma once
#include <cstddef>

#include <lamina/layer/dense.hpp>
#include <lamina/network/check.hpp>
#include <lamina/network/leaves.hpp>

namespace lamina {

namespace detail {

/// `no_error`, or the first layer whose weight is not where it says.
template <class Input, class... Layers, class... Leaves> constexpr auto diagnose_ties(type_list<Leaves...>) {
  if constexpr ((Tied<Leaves> || ...)) {
    constexpr auto table = make_leaf_table<Input, Layers...>();
    if constexpr (table.wrong_tie.why != reason::none)
      return explained_here<nth<table.wrong_leaf, type_list<Leaves...>>, table.wrong_tie,
                            layer<table.leaves[table.wrong_leaf].layer>>();
    else
      return no_error{};
  } else {
    return no_error{};
  }
}

/// `no_error`, or the first mistake in a declaration.
template <class... Layers> constexpr auto diagnose() {
  if constexpr (constexpr auto shapes = diagnose_shapes<Layers...>(); requires { shapes.none; })
    return []<class Input, class... Rest>(type_list<Input, Rest...>) {
      return diagnose_ties<Input, Rest...>(leaves_of<Rest...>{});
    }(type_list<Layers...>{});
  else
    return shapes;
}
template <class... Layers> inline constexpr bool is_sound = requires { decltype(diagnose<Layers...>())::none; };

template <class Input, class... Layers> struct sound_network : network_base {
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

/// What a network is when its declaration is wrong: some sound one, so that nothing that is done with it fails too.
struct poisoned_network : sound_network<input<1>, dense<1>> {
  static constexpr bool poisoned = true;
  template <std::size_t> static constexpr dimensions shape_after = output_shape;
};

/// What `network` derives from.
template <bool Sound, class... Layers> struct network_body {
  using type = poisoned_network;
};
template <class Input, class... Layers> struct network_body<true, Input, Layers...> {
  using type = sound_network<Input, Layers...>;
};

} // namespace detail
} // namespace lamina
