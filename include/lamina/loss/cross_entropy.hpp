#pragma once
#include <cmath>
#include <cstddef>

#include <lamina/core/checked.hpp>
#include <lamina/core/label.hpp>
#include <lamina/loss/formula.hpp>
#include <lamina/loss/last_layer.hpp>

namespace lamina {

/// Cross-entropy between the softmax of the output (the logits) and a class, or a distribution over classes.
/// Value: mean over the batch of −Σᵢ qᵢ log softmax(y)ᵢ, with q = (1−ε)·target + ε/C, ε the `label_smoothing`.
/// Gradient: (softmax(y)·Σq − q) / m. Errors: does not compile after a softmax layer; argument_error for a label ≥ C,
/// or a `label_smoothing` not from 0 to 1. Source: torch.nn.CrossEntropyLoss. Example: examples/03_digits.cpp.
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
    using V = simd::vector<T, Arch>;
    const double off = label_smoothing / static_cast<double>(at.features), on = 1 - label_smoothing;
    const T scale = static_cast<T>(1 / divisor(at.batch, at.features));
    double total = 0;
    for (std::size_t m = 0; m < at.batch; ++m) {
      const T* y = at.y + m * at.stride;
      const std::size_t target = targets[m].value;
      const auto sums = at.dy ? gradient<T, Arch>(at, m, V(static_cast<T>(off) * scale), scale)
                              : simd::exponentials_of<T, Arch>(y, at.features);
      if (at.dy) at.dy[m * at.stride + target] -= static_cast<T>(on) * scale;
      const double logarithm = static_cast<double>(sums.largest) + static_cast<double>(std::log(sums.sum));
      total += logarithm - on * static_cast<double>(y[target]);
      if (label_smoothing != 0)
        for (std::size_t n = 0; n < at.features; ++n) total -= off * static_cast<double>(y[n]);
    }
    return total;
  }

  template <class T, class Arch> double sum(const detail::loss_view<T>& at, const T* const* targets) const {
    const T off = static_cast<T>(label_smoothing / static_cast<double>(at.features)),
            on = static_cast<T>(1 - label_smoothing), scale = static_cast<T>(1 / divisor(at.batch, at.features));
    double total = 0;
    for (std::size_t m = 0; m < at.batch; ++m) {
      const T* y = at.y + m * at.stride;
      T mass = 0;
      double product = 0;
      for (std::size_t n = 0; n < at.features; ++n) {
        const T q = on * targets[m][n] + off;
        mass += q;
        product += static_cast<double>(q) * static_cast<double>(y[n]);
      }
      const auto sums =
          at.dy ? gradient<T, Arch>(at, m, T(0), mass * scale) : simd::exponentials_of<T, Arch>(y, at.features);
      if (at.dy)
        for (std::size_t n = 0; n < at.features; ++n) at.dy[m * at.stride + n] -= (on * targets[m][n] + off) * scale;
      const double logarithm = static_cast<double>(sums.largest) + static_cast<double>(std::log(sums.sum));
      total += static_cast<double>(mass) * logarithm - product;
    }
    return total;
  }

private:
  /// dy = softmax(y)·scale − off for one row, padding 0.
  template <class T, class Arch>
  static simd::row_exponentials<T> gradient(const detail::loss_view<T>& at, std::size_t m, simd::vector<T, Arch> off,
                                            T scale) {
    using V = simd::vector<T, Arch>;
    constexpr std::size_t W = simd::width<T, Arch>;
    constexpr T lowest = -std::numeric_limits<T>::infinity();
    const T* y = at.y + m * at.stride;
    T* dy = at.dy + m * at.stride;
    V top(lowest), sum(T(0));
    const auto load = [&](std::size_t n) {
      const V v = V::load_aligned(y + n);
      return at.features - n >= W ? v : simd::first_lanes<T, Arch>(v, at.features - n, lowest);
    };
    for (std::size_t n = 0; n < at.features; n += W) top = xsimd::max(load(n), top);
    const T largest = simd::horizontal_max<T, Arch>(top);
    for (std::size_t n = 0; n < at.features; n += W) {
      const V e = math::exp(load(n) - V(largest));
      sum += e;
      e.store_aligned(dy + n);
    }
    const T total = simd::horizontal_sum<T, Arch>(sum);
    const V share(scale / total);
    for (std::size_t n = 0; n < at.features; n += W) {
      V d = V::load_aligned(dy + n) * share - off;
      if (at.features - n < W) d = simd::first_lanes<T, Arch>(d, at.features - n);
      d.store_aligned(dy + n);
    }
    return {largest, total};
  }
};

} // namespace lamina
