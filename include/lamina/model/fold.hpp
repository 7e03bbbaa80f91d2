#pragma once
#include <cmath>
#include <cstddef>

#include <lamina/model/model.hpp>
#include <lamina/network/fold.hpp>

namespace lamina {

/// The same function at inference with fewer layers: every batch norm behind a dense layer goes into its weights,
/// W′ = sW, b′ = s(b − mean) + β with s = γ/√(variance + ε).
/// `const auto fast = fold_batch_norm(trained);` Outputs agree up to rounding. What is left is a
/// `model<folded_network<Net>>`. Source: Jacob et al. 2018, section 3.2.
template <class Net, class T, class Storage, class Arch>
model<folded_network<Net>, T, heap, Arch> fold_batch_norm(const model<Net, T, Storage, Arch>& from) {
  using folded = folded_network<Net>;
  model<folded, T, heap, Arch> to{from.drawn_from()};
  static constexpr auto folds = detail::folding(typename Net::leaves{});
  constexpr const auto& old_leaves = Net::leaf_table.leaves;
  constexpr const auto& new_leaves = folded::leaf_table.leaves;
  const auto source = [&](const detail::leaf& at, std::size_t i) {
    return parameter_view<const T>{from.data(), from.parameters[at.first_parameter + i]};
  };
  for (std::size_t i = 0, j = 0; i < old_leaves.size(); ++i, ++j) {
    const detail::leaf &old = old_leaves[i], &now = new_leaves[j];
    const auto target = [&](std::size_t p) {
      return parameter_view<T>{to.data(), to.parameters[now.first_parameter + p]};
    };
    if (!folds[i + 1]) {
      for (std::size_t p = 0; p < old.parameters; ++p)
        for (std::size_t e = 0; e < source(old, p).size(); ++e) target(p)[e] = source(old, p)[e];
      continue;
    }
    const detail::leaf& norm = old_leaves[++i];
    const auto weight = source(old, 0), gamma = source(norm, 0), beta = source(norm, 1), mean = source(norm, 2),
               variance = source(norm, 3);
    const std::size_t outputs = gamma.size(), inputs = weight.size() / outputs;
    for (std::size_t n = 0; n < outputs; ++n) {
      const T scale = gamma[n] / std::sqrt(variance[n] + static_cast<T>(batch_norm::epsilon));
      const T bias = old.parameters > 1 ? source(old, 1)[n] : T(0);
      for (std::size_t k = 0; k < inputs; ++k) target(0)[n * inputs + k] = scale * weight[n * inputs + k];
      target(1)[n] = scale * (bias - mean[n]) + beta[n];
    }
  }
  return to;
}

} // namespace lamina
