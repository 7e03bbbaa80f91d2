#pragma once
#include <array>
#include <cstddef>
#include <type_traits>
#include <utility>

#include <lamina/network/network.hpp>

/// Networks without the layers that inference does not need.
namespace lamina {

namespace detail {

template <class L> inline constexpr bool takes_norm = requires { L::accepts_norm; };
template <class L> inline constexpr bool is_norm = requires { L::folds_at_inference; };

/// Whether a leaf folds into the one before it, and whether the rows of its weight are inputs and not outputs.
struct leaf_folding {
  bool folds = false, weight_by_inputs = false;
};
template <class... Leaves> constexpr auto folding(type_list<Leaves...>) {
  constexpr bool into[]{takes_norm<Leaves>..., false}, folded[]{is_norm<Leaves>..., false},
      by_inputs[]{requires {Leaves::weight_by_inputs;
}
..., false
}; // namespace detail
std::array<leaf_folding, sizeof...(Leaves) + 1> answer{};
for (std::size_t i = 0; i < sizeof...(Leaves); ++i) answer[i] = {i > 0 && into[i - 1] && folded[i], by_inputs[i]};
return answer;
} // namespace lamina

/// A layer with a bias.
template <class L> struct biased;
template <template <std::size_t, class...> class Layer, std::size_t Outputs, class... Options>
struct biased<Layer<Outputs, Options...>> {
  template <class... Kept> static type_is<Layer<Outputs, Kept...>> rebuilt(type_list<Kept...>);
  using others =
      typename joined<std::conditional_t<std::is_same_v<Options, no_bias>, type_list<>, type_list<Options>>...>::type;
  using type = typename decltype(rebuilt(others{}))::type;
};

/// Layers with nested networks opened and names taken off; blocks stay what they are.
template <class L> struct plain_layers : type_is<type_list<L>> {};
template <fixed_string Name, class L> struct plain_layers<named<Name, L>> : plain_layers<L> {};
template <class List> struct all_plain_layers;
template <class... Layers>
struct all_plain_layers<type_list<Layers...>> : joined<typename plain_layers<Layers>::type...> {};
template <Network L> struct plain_layers<L> : all_plain_layers<typename L::layers> {};

template <class List> struct folded_layers;
/// What is done inside a layer.
template <class L> struct folded_inside : type_is<L> {};
template <Tied L> struct folded_inside<L> : type_is<typename L::untied> {};
template <class L, class Paths> struct folded_paths;
template <class L, class... Paths> struct folded_paths<L, type_list<Paths...>> {
  using type = typename L::template with_paths<typename folded_layers<Paths>::type...>;
};
template <Block L> struct folded_inside<L> : folded_paths<L, typename L::paths> {};

/// The layers that stay, behind those that are done with.
template <class Done, class... Layers> struct folded_into;
template <class... Done> struct folded_into<type_list<Done...>> : type_is<type_list<Done...>> {};
template <class... Done, class First, class... Rest>
struct folded_into<type_list<Done...>, First, Rest...>
    : folded_into<type_list<Done..., typename folded_inside<First>::type>, Rest...> {};
template <class... Done, class First, class Second, class... Rest>
  requires takes_norm<First> && is_norm<Second>
struct folded_into<type_list<Done...>, First, Second, Rest...>
    : folded_into<type_list<Done..., typename biased<typename folded_inside<First>::type>::type>, Rest...> {};

template <class List> struct folded_plain;
template <class... Layers> struct folded_plain<type_list<Layers...>> : folded_into<type_list<>, Layers...> {};
template <class List> struct folded_layers : folded_plain<typename all_plain_layers<List>::type> {};

template <class Input, class Layers> struct network_of;
template <class Input, class... Layers>
struct network_of<Input, type_list<Layers...>> : sound_network<Input, Layers...> {};

/// The input of a network as the type that declares it.
template <class Net, class = std::make_index_sequence<Net::input_shape.rank>> struct input_of;
template <class Net, std::size_t... Axis> struct input_of<Net, std::index_sequence<Axis...>> {
  static constexpr dimensions shape = Net::input_shape;
  using type =
      std::conditional_t<(shape.tokens > 0), token_input<shape.extent[0], shape.tokens>, input<shape.extent[Axis]...>>;
};

} // namespace detail

/// The network with every batch norm behind a dense layer or a convolution folded into that layer, inside blocks too.
/// Nested networks are opened, layers are named by their new index, and each has a weight of its own.
template <Network Net>
using folded_network = detail::network_of<typename detail::input_of<Net>::type,
                                          typename detail::folded_layers<typename Net::layers>::type>;

} // namespace lamina
