#pragma once
#include <cmath>
#include <cstddef>

#include <lamina/core/checked.hpp>
#include <lamina/core/label.hpp>
#include <lamina/loss/formula.hpp>
#include <lamina/loss/last_layer.hpp>

namespace lamina {

/// Cross-entropy between the softmax of the output (the logits) and a class, or a distribution over classes.
/// Value: mean over the batch of −Σᵢ qᵢ log softmax(y)ᵢ, with q = (1−ε)·target + ε/C, ε the `label_smoothing`. Outputs
/// (L, C) are L rows of logits with a target each, and the mean is over batch and rows (in nats a time step).
/// Gradient: (softmax(y)·Σq − q) / (m·L). Errors: does not compile after a softmax layer; argument_error for a label ≥
/// C, or a `label_smoothing` not from 0 to 1. Source: torch.nn.CrossEntropyLoss. Example: examples/03_digits.cpp.
struct softmax_cross_entropy {
  fraction<"label_smoothing"> label_smoothing = 0;

  static constexpr bool takes_labels = true, takes_values = true;

  template <class Net> static constexpr auto diagnose() {
    using last = detail::last_layer<Net>;
    if constexpr (std::is_same_v<last, softmax> || std::is_same_v<last, log_softmax>)
      return loss_error<reason::already_softmax, softmax_cross_entropy, last>{};
    else
      return no_error{};
  }
  static constexpr double divisor(std::size_t batch, std::size_t) { return static_cast<double>(batch); }

  template <class T, class Arch> double sum(const detail::loss_view<T>& at, const label* targets) const {
    const double off = label_smoothing / static_cast<double>(at.classes), on = 1 - label_smoothing;
    const T scale = scale_of(at);
    return sum_of_rows<T>(at, [&](std::size_t m, std::size_t row, const T* y, T* dy) {
      const std::size_t target = targets[m * at.rows() + row].value;
      const auto sums = exponentials<T, Arch>(y, dy, at.classes, scale, static_cast<T>(off) * scale);
      if (dy) dy[target] -= static_cast<T>(on) * scale;
      double smoothed = 0;
      if (label_smoothing != 0)
        for (std::size_t n = 0; n < at.classes; ++n) smoothed += off * static_cast<double>(y[n]);
      return logarithm(sums) - on * static_cast<double>(y[target]) - smoothed;
    });
  }

  template <class T, class Arch> double sum(const detail::loss_view<T>& at, const T* const* targets) const {
    const T off = static_cast<T>(label_smoothing / static_cast<double>(at.classes)),
            on = static_cast<T>(1 - label_smoothing), scale = scale_of(at);
    return sum_of_rows<T>(at, [&](std::size_t m, std::size_t row, const T* y, T* dy) {
      const T* const target = targets[m] + row * at.classes;
      T mass = 0;
      double product = 0;
      for (std::size_t n = 0; n < at.classes; ++n) {
        const T q = on * target[n] + off;
        mass += q;
        product += static_cast<double>(q) * static_cast<double>(y[n]);
      }
      const auto sums = exponentials<T, Arch>(y, dy, at.classes, mass * scale, T(0));
      if (dy)
        for (std::size_t n = 0; n < at.classes; ++n) dy[n] -= (on * target[n] + off) * scale;
      return static_cast<double>(mass) * logarithm(sums) - product;
    });
  }

private:
  template <class T> static T scale_of(const detail::loss_view<T>& at) {
    return static_cast<T>(1 / (divisor(at.batch, at.features) * static_cast<double>(at.rows())));
  }
  /// The sum over the batch of the mean over a sample's rows, each as `of_row(sample, row, y, dy)`.
  template <class T, class OfRow> static double sum_of_rows(const detail::loss_view<T>& at, const OfRow& of_row) {
    double total = 0;
    for (std::size_t m = 0; m < at.batch; ++m) {
      for (std::size_t row = 0; row < at.rows(); ++row) {
        const std::size_t first = m * at.stride + row * at.classes;
        total += of_row(m, row, at.y + first, at.dy ? at.dy + first : nullptr);
      }
      if (at.dy) at.clear_padding(m);
    }
    return total / static_cast<double>(at.rows());
  }
  template <class T> static double logarithm(const simd::row_exponentials<T>& sums) {
    return static_cast<double>(sums.largest) + static_cast<double>(std::log(sums.sum));
  }
  /// What the loss needs of a row; where there is a gradient, dy = softmax(y)·scale − off.
  template <class T, class Arch>
  static simd::row_exponentials<T> exponentials(const T* y, T* dy, std::size_t classes, T scale, T off) {
    using V = simd::vector<T, Arch>;
    if (!dy) return simd::exponentials_of<T, Arch>(y, classes);
    constexpr T lowest = -std::numeric_limits<T>::infinity();
    V top(lowest), sum(T(0));
    simd::for_row<T, Arch>(y, classes, lowest, [&](std::size_t, V v, std::size_t) { top = xsimd::max(v, top); });
    const T largest = simd::horizontal_max<T, Arch>(top);
    simd::for_row<T, Arch>(y, classes, lowest, [&](std::size_t n, V v, std::size_t lanes) {
      const V e = math::exp(v - V(largest));
      sum += e;
      simd::store_lanes<T, Arch>(dy + n, lanes, e);
    });
    const T total = simd::horizontal_sum<T, Arch>(sum);
    const V share(scale / total);
    simd::for_row<T, Arch>(dy, classes, T(0), [&](std::size_t n, V v, std::size_t lanes) {
      simd::store_lanes<T, Arch>(dy + n, lanes, v * share - V(off));
    });
    return {largest, total};
  }
};

} // namespace lamina
