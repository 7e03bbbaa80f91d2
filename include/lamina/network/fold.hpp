#pragma once
#include <array>
#include <cstddef>
#include <type_traits>
#include <utility>

#include <lamina/layer/batch_norm.hpp>
#include <lamina/layer/dense.hpp>
#include <lamina/network/network.hpp>

/// Networks without the layers that inference does not need.
namespace lamina {

namespace detail {

template <class L> inline constexpr bool is_dense = false;
template <std::size_t Outputs, class... Options> inline constexpr bool is_dense<dense<Outputs, Options...>> = true;

/// Whether L, at inference, can be put into the weights of the layer before it.
template <class Before, class L> inline constexpr bool folds = is_dense<Before> && std::is_same_v<L, batch_norm>;

/// For each leaf, whether it folds into the one before it.
template <class... Leaves> constexpr auto folding(type_list<Leaves...>) {
  constexpr bool into[]{is_dense<Leaves>..., false}, folded[]{std::is_same_v<Leaves, batch_norm>..., false};
  std::array<bool, sizeof...(Leaves) + 1> answer{};
  for (std::size_t i = 1; i < sizeof...(Leaves); ++i) answer[i] = into[i - 1] && folded[i];
  return answer;
}

/// A dense layer with a bias.
template <class L> struct biased_dense;
template <std::size_t Outputs, class... Options>
struct biased_dense<dense<Outputs, Options...>> : type_is<dense<Outputs>> {};

/// The leaves that stay, behind those that are done with.
template <class Done, class... Leaves> struct folded_leaves;
template <class... Done> struct folded_leaves<type_list<Done...>> : type_is<type_list<Done...>> {};
template <class... Done, class Last>
struct folded_leaves<type_list<Done...>, Last> : type_is<type_list<Done..., Last>> {};
template <class... Done, class First, class Second, class... Rest>
struct folded_leaves<type_list<Done...>, First, Second, Rest...>
    : folded_leaves<type_list<Done..., First>, Second, Rest...> {};
template <class... Done, class First, class Second, class... Rest>
  requires folds<First, Second>
struct folded_leaves<type_list<Done...>, First, Second, Rest...>
    : folded_leaves<type_list<Done..., typename biased_dense<First>::type>, Rest...> {};

template <class Input, class Leaves> struct network_of;
template <class Input, class... Leaves>
struct network_of<Input, type_list<Leaves...>> : sound_network<Input, Leaves...> {};

/// The input of a network as the type that declares it.
template <class Net, class = std::make_index_sequence<Net::input_shape.rank>> struct input_of;
template <class Net, std::size_t... Axis> struct input_of<Net, std::index_sequence<Axis...>> {
  using type = input<Net::input_shape.extent[Axis]...>;
};

template <class Net, class Leaves> struct fold_of;
template <class Net, class... Leaves> struct fold_of<Net, type_list<Leaves...>> {
  using type = network_of<typename input_of<Net>::type, typename folded_leaves<type_list<>, Leaves...>::type>;
};

} // namespace detail

/// The network with every batch norm behind a dense layer folded into that layer; nested networks are opened, and
/// layers are named by their new index.
template <Network Net> using folded_network = typename detail::fold_of<Net, typename Net::leaves>::type;

} // namespace lamina
