// RTNeural's published method, written anew from its description: a model is a tuple of layers with compile-time sizes,
// each of which keeps its own output; the model calls one after the other on the output of the one before.
// (github.com/jatinchowdhury18/RTNeural, BSD-3.)
#pragma once
#include "peer.hpp"
#include <tuple>
#include <utility>

namespace peers::rtneural {

template <class... Layers> struct model {
  std::tuple<Layers...> layers;

  template <class Input> const auto& operator()(const Input& in) {
    std::get<0>(layers).forward(in);
    [this]<std::size_t... I>(std::index_sequence<I...>) {
      (std::get<I + 1>(layers).forward(std::get<I>(layers).outs), ...);
    }(std::make_index_sequence<sizeof...(Layers) - 1>{});
    return std::get<sizeof...(Layers) - 1>(layers).outs;
  }

  template <class Net> void load() {
    const std::vector<float> all = parameters_of<Net>();
    const float* from = all.data();
    const auto one = [&](auto& layer) {
      if constexpr (requires { layer.load(from); }) layer.load(from);
    };
    std::apply([&](auto&... layer) { (one(layer), ...); }, layers);
  }
};

} // namespace peers::rtneural
