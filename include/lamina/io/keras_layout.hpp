#pragma once
#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

/// How Keras lays out what PyTorch's layers, and lamina's, hold.
///
///   dense    kernel (K, N)                bias (N)          weight (N, K), bias (N)
///   conv1d   kernel (K, C, F)             bias (F)          weight (F, C, K), bias (F)
///   gru      kernel (F, 3H), recurrent    bias (2, 3H)      weight_ih_l0 (3H, F), weight_hh_l0 (3H, H), bias_ih_l0
///   (3H),
///            (H, 3H), gates z, r, h                         bias_hh_l0 (3H), gates r, z, n
///   lstm     kernel (F, 4H), recurrent    bias (4H)         the same of 4H, gates i, f, g, o; bias_hh_l0 is 0
///            (H, 4H), gates i, f, c, o
///
/// A Keras GRU is that of `reset_after=True`, which is Keras' default and PyTorch's formula.
/// Source: keras.layers.Dense, Conv1D, GRU, LSTM (`get_weights`).
namespace lamina::detail {

/// Numbers in row-major order.
struct keras_array {
  std::vector<std::size_t> shape{};
  std::vector<double> numbers{};
};

/// What stands at (i, j, …, k) stands at (k, …, j, i).
inline keras_array reversed_axes(const keras_array& from) {
  keras_array to{{from.shape.rbegin(), from.shape.rend()}, std::vector<double>(from.numbers.size())};
  for (std::size_t i = 0; i < from.numbers.size(); ++i) {
    std::size_t rest = i, place = 0;
    // The last index, which counts first, has the largest stride.
    for (std::size_t axis = from.shape.size(), stride = from.numbers.size(); axis-- > 0;) {
      stride /= from.shape[axis];
      place += rest % from.shape[axis] * stride;
      rest /= from.shape[axis];
    }
    to.numbers[place] = from.numbers[i];
  }
  return to;
}

/// The first axis, cut into as many blocks as there are in `order`, with block order[i] in place i.
inline keras_array reordered(const keras_array& from, std::span<const std::size_t> order) {
  keras_array to{from.shape, {}};
  const std::size_t block = from.numbers.size() / order.size();
  for (const std::size_t which : order)
    for (std::size_t i = 0; i < block; ++i) to.numbers.push_back(from.numbers[which * block + i]);
  return to;
}

/// Part `index` along the first axis.
inline keras_array part(const keras_array& from, std::size_t index) {
  const std::size_t size = from.numbers.size() / from.shape[0];
  const auto begin = from.numbers.begin() + static_cast<std::ptrdiff_t>(index * size);
  return {{from.shape.begin() + 1, from.shape.end()}, {begin, begin + static_cast<std::ptrdiff_t>(size)}};
}

/// The shapes of a layer's weights in Keras' order, from those of its parameters in PyTorch's.
inline std::vector<std::vector<std::size_t>> keras_shapes(std::string_view kind,
                                                          std::vector<std::vector<std::size_t>> parameters) {
  for (std::vector<std::size_t>& shape : parameters) shape = {shape.rbegin(), shape.rend()};
  if (kind == "gru" || kind == "lstm") parameters.pop_back();
  if (kind == "gru") parameters.back() = {2, parameters.back()[0]};
  return parameters;
}

/// A layer's parameters in PyTorch's order and layout, from its weights of the shapes above.
inline std::vector<keras_array> from_keras(std::string_view kind, std::vector<keras_array> weights) {
  static constexpr std::array<std::size_t, 3> gru_gates{1, 0, 2};
  if (kind == "gru")
    return {reordered(reversed_axes(weights[0]), gru_gates), reordered(reversed_axes(weights[1]), gru_gates),
            reordered(part(weights[2], 0), gru_gates), reordered(part(weights[2], 1), gru_gates)};
  for (keras_array& one : weights) one = reversed_axes(one);
  if (kind == "lstm") weights.push_back({weights[2].shape, std::vector<double>(weights[2].numbers.size())});
  return weights;
}

} // namespace lamina::detail
