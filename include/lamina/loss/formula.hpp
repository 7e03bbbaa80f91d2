#pragma once
#include <cstddef>

#include <lamina/core/diagnostics.hpp>
#include <lamina/expression/derivative.hpp>
#include <lamina/expression/evaluate.hpp>
#include <lamina/expression/known_terms.hpp>
#include <lamina/expression/substitute.hpp>
#include <lamina/simd/partial.hpp>
#include <lamina/simd/reduce.hpp>

namespace lamina {

namespace detail {

/// The side of a loss towards the network: outputs in rows of the arena, and where dL/dy goes (null where nobody asks).
template <class T> struct loss_view {
  const T* y;
  T* dy;
  std::size_t stride, batch, features;
};

} // namespace detail

/// A loss from a formula in y (the network's output) and t (the target): `struct cauchy : loss<log(1 + square(y - t))>
/// {};` Value: the mean of the formula over all outputs of the batch. Gradient: its derivative by y, derived. Targets:
/// as many numbers as the network has outputs. Errors: a formula in another term is a loss_error where it is to train a
/// network.
template <auto Formula> struct loss {
  using formula = frozen<Formula>;
  static constexpr bool takes_labels = false, takes_values = true;

  template <class Net> static constexpr auto diagnose() {
    if constexpr (is_formula_in<formula, terms::term<"y">, terms::term<"t">>)
      return no_error{};
    else
      return loss_error<reason::unknown_term, loss>{};
  }
  /// What the sum over a batch is divided by.
  static constexpr double divisor(std::size_t batch, std::size_t features) {
    return static_cast<double>(batch) * static_cast<double>(features);
  }

  /// The sum over the batch; writes dL/dy of the mean.
  template <class T, class Arch> double sum(const detail::loss_view<T>& at, const T* const* targets) const {
    using V = simd::vector<T, Arch>;
    constexpr std::size_t W = simd::width<T, Arch>;
    using slope = derivative_t<formula, terms::term<"y">>;
    const V scale(static_cast<T>(1 / divisor(at.batch, at.features)));
    double total = 0;
    for (std::size_t m = 0; m < at.batch; ++m) {
      V row(T(0));
      for (std::size_t n = 0; n < at.features; n += W) {
        const std::size_t lanes = at.features - n;
        const V y = V::load_aligned(at.y + m * at.stride + n);
        const V t = lanes >= W ? V::load_unaligned(targets[m] + n) : simd::load_partial<T, Arch>(targets[m] + n, lanes);
        V value = evaluate<formula>(terms::y = y, terms::t = t);
        if (lanes < W) value = simd::first_lanes<T, Arch>(value, lanes);
        row += value;
        if (at.dy) {
          V d = V(evaluate<slope>(terms::y = y, terms::t = t)) * scale;
          if (lanes < W) d = simd::first_lanes<T, Arch>(d, lanes);
          d.store_aligned(at.dy + m * at.stride + n);
        }
      }
      total += static_cast<double>(simd::horizontal_sum<T, Arch>(row));
    }
    return total;
  }
};

} // namespace lamina
