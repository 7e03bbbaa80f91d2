#pragma once
#include <cstddef>
#include <string_view>
#include <vector>

#include <lamina/activation.hpp>
#include <lamina/layer/causal_conv1d.hpp>
#include <lamina/layer/dense.hpp>
#include <lamina/layer/gru.hpp>
#include <lamina/layer/lstm.hpp>
#include <lamina/layer/per_step.hpp>
#include <lamina/layer/softmax.hpp>
#include <lamina/network/leaves.hpp>

/// What the layers of a network are called in a file of RTNeural.
namespace lamina::detail {

template <class Layer> inline constexpr std::string_view keras_name{};
template <std::size_t N, class... Options> inline constexpr std::string_view keras_name<dense<N, Options...>> = "dense";
template <std::size_t N, class... Options>
inline constexpr std::string_view keras_name<per_step<dense<N, Options...>>> = "dense";
template <std::size_t N, class... Options> inline constexpr std::string_view keras_name<gru<N, Options...>> = "gru";
template <std::size_t N, class... Options> inline constexpr std::string_view keras_name<lstm<N, Options...>> = "lstm";
template <std::size_t N, class... Options>
inline constexpr std::string_view keras_name<causal_conv1d<N, Options...>> = "conv1d";
template <> inline constexpr std::string_view keras_name<tanh> = "tanh";
template <> inline constexpr std::string_view keras_name<relu> = "relu";
template <> inline constexpr std::string_view keras_name<sigmoid> = "sigmoid";
template <> inline constexpr std::string_view keras_name<elu<>> = "elu";
template <> inline constexpr std::string_view keras_name<softmax> = "softmax";

/// Whether a layer does nothing to a trained network's numbers: other shapes, what draws in training only.
template <class Layer>
inline constexpr bool without_effect =
    kind_of<Layer>() == leaf_kind::view || requires { typename Layer::inference_formula; };

/// A layer of a network that a file has to have.
struct keras_layer {
  std::string_view kind{};     ///< empty where the files have none such
  const leaf* where = nullptr; ///< its name, and which parameters it has
  std::size_t dilation = 1, groups = 1;

  bool is_activation() const { return where->parameters == 0 && !kind.empty(); }
};

template <class Net, class... Leaves> std::vector<keras_layer> keras_layers(type_list<Leaves...>) {
  std::vector<keras_layer> all;
  std::size_t index = 0;
  const auto add = [&]<class L>(type_is<L>) {
    // Its files have no layer that uses the weight of another.
    keras_layer one{Tied<L> ? std::string_view{} : keras_name<L>, &Net::leaf_table.leaves[index++]};
    if constexpr (requires { L::options.dilation.width; })
      one.dilation = L::options.dilation.width, one.groups = L::options.groups;
    if constexpr (!without_effect<L>) all.push_back(one);
  };
  (add(type_is<Leaves>{}), ...);
  return all;
}

} // namespace lamina::detail
