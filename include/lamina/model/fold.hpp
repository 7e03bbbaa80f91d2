#pragma once
#include <cmath>
#include <cstddef>
#include <vector>

#include <lamina/layer/batch_norm.hpp>
#include <lamina/model/model.hpp>
#include <lamina/network/fold.hpp>

namespace lamina {

namespace detail {

/// The output that element `index` of a weight belongs to: that of its row; where rows are inputs, that of its column
/// in the input's group.
constexpr std::size_t output_of_weight(const dimensions& weight, std::size_t outputs, bool by_inputs,
                                       std::size_t index) {
  const std::size_t row = weight.size() / weight[0];
  if (!by_inputs) return index / row;
  const std::size_t of_group = weight[1], groups = outputs / of_group, taps = row / of_group;
  return index / row / (weight[0] / groups) * of_group + index % row / taps;
}

} // namespace detail

/// The same function at inference with fewer layers: every batch norm behind a dense layer or a convolution goes into
/// its weights, W′ = sW, b′ = s(b − mean) + β with s = γ/√(variance + ε), for each output.
/// `const auto fast = fold_batch_norm(trained);` Outputs agree up to rounding. What is left is a
/// `model<folded_network<Net>>`. Source: Jacob et al. 2018, section 3.2.
template <class Net, class T, class Storage, class Arch>
model<folded_network<Net>, T, heap, Arch> fold_batch_norm(const model<Net, T, Storage, Arch>& from) {
  using folded = folded_network<Net>;
  model<folded, T, heap, Arch> to{from.drawn_from()};
  static constexpr auto folds = detail::folding(typename Net::leaves{});
  constexpr const auto& old_leaves = Net::leaf_table.leaves;
  constexpr const auto& new_leaves = folded::leaf_table.leaves;
  static_assert([] {
    std::size_t folded_away = 0;
    for (const detail::leaf_folding& leaf : folds) folded_away += leaf.folds ? 1 : 0;
    return old_leaves.size() == new_leaves.size() + folded_away;
  }());
  const auto source = [&](const detail::leaf& at, std::size_t i) {
    return parameter_view<const T>{from.data(), from.parameters[at.first_parameter + i]};
  };
  // Element e of tensor i of a layer that may use another's weight.
  const auto element = [&](const detail::leaf& at, std::size_t i, std::size_t e) {
    if (at.source == detail::none) return source(at, i)[e];
    if (i > 0) return source(at, i - 1)[e];
    const auto weight = source(old_leaves[at.source], 0);
    const std::size_t rows = weight.shape()[0], columns = weight.shape()[1];
    return weight[at.transposed ? e % rows * columns + e / rows : e];
  };
  for (std::size_t i = 0, j = 0; i < old_leaves.size(); ++i, ++j) {
    const detail::leaf &old = old_leaves[i], &now = new_leaves[j];
    const auto target = [&](std::size_t p) {
      return parameter_view<T>{to.data(), to.parameters[now.first_parameter + p]};
    };
    if (!folds[i + 1].folds) {
      for (std::size_t p = 0; p < now.parameters; ++p)
        for (std::size_t e = 0; e < target(p).size(); ++e) target(p)[e] = element(old, p, e);
      continue;
    }
    const detail::leaf& norm = old_leaves[++i];
    const auto gamma = source(norm, 0), beta = source(norm, 1), mean = source(norm, 2), variance = source(norm, 3);
    const std::size_t outputs = gamma.size();
    std::vector<T> scale(outputs);
    for (std::size_t n = 0; n < outputs; ++n) {
      scale[n] = gamma[n] / std::sqrt(variance[n] + static_cast<T>(batch_norm::epsilon));
      const bool biased = old.parameters + (old.source == detail::none ? 0 : 1) > 1;
      const T bias = biased ? element(old, 1, n) : T(0);
      target(1)[n] = scale[n] * (bias - mean[n]) + beta[n];
    }
    const dimensions& shape = target(0).shape();
    for (std::size_t e = 0; e < shape.size(); ++e)
      target(0)[e] =
          scale[detail::output_of_weight(shape, outputs, folds[i - 1].weight_by_inputs, e)] * element(old, 0, e);
  }
  return to;
}

} // namespace lamina
