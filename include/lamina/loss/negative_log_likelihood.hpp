#pragma once
#include <algorithm>
#include <cstddef>

#include <lamina/core/label.hpp>
#include <lamina/loss/formula.hpp>
#include <lamina/loss/last_layer.hpp>

namespace lamina {

/// The negative log-likelihood of a class under the output's log-probabilities: of a network that ends in log_softmax.
/// Value: mean over the batch of −y[label]; of outputs (L, C), the mean over the rows too, which have a label each.
/// Gradient: −1/(m·L) at the labels, 0 elsewhere. On logits take
/// `softmax_cross_entropy`, which is the same in one pass. Errors: does not compile where the last layer is not
/// log_softmax; argument_error for a label ≥ C. Source: torch.nn.NLLLoss. Example: tests/loss/losses.cpp.
struct negative_log_likelihood {
  static constexpr bool takes_labels = true, takes_values = false;

  template <class Net> static constexpr auto diagnose() {
    return detail::diagnose_log_probabilities<negative_log_likelihood, Net>();
  }
  static constexpr double divisor(std::size_t batch, std::size_t features) {
    return mean_over_samples::divisor(batch, features);
  }

  template <class T, class Arch> double sum(const detail::loss_view<T>& at, const label* targets) const {
    const std::size_t rows = at.rows();
    const T scale = static_cast<T>(1 / (divisor(at.batch, at.features) * static_cast<double>(rows)));
    double total = 0;
    for (std::size_t m = 0; m < at.batch; ++m) {
      if (at.dy) std::fill(at.dy + m * at.stride, at.dy + (m + 1) * at.stride, T(0));
      for (std::size_t row = 0; row < rows; ++row) {
        const std::size_t place = m * at.stride + row * at.classes + targets[m * rows + row].value;
        total -= static_cast<double>(at.y[place]);
        if (at.dy) at.dy[place] = -scale;
      }
    }
    return total / static_cast<double>(rows);
  }
};

} // namespace lamina
