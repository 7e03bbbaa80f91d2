#pragma once
#include <cstddef>

#include <lamina/core/diagnostics.hpp>
#include <lamina/expression/compiled.hpp>
#include <lamina/expression/derivative.hpp>
#include <lamina/expression/known_terms.hpp>
#include <lamina/simd/partial.hpp>
#include <lamina/simd/reduce.hpp>

namespace lamina {

namespace detail {

/// The side of a loss towards the network: outputs in rows of the arena, and where dL/dy goes (null where nobody asks).
/// A sample's outputs of a shape (…, C) are rows of C classes, one behind the other.
template <class T> struct loss_view {
  const T* y;
  T* dy;
  std::size_t stride, batch, features, classes = features;

  std::size_t rows() const { return features / classes; }
  /// Makes the gradient 0 behind the last row of a sample.
  void clear_padding(std::size_t m) const {
    for (std::size_t n = features; n < stride; ++n) dy[m * stride + n] = T(0);
  }
};

} // namespace detail

/// What a loss is the mean over.
struct mean_over_outputs {
  static constexpr double divisor(std::size_t batch, std::size_t features) {
    return static_cast<double>(batch) * static_cast<double>(features);
  }
};
/// The outputs of a sample are added up.
struct mean_over_samples {
  static constexpr double divisor(std::size_t batch, std::size_t) { return static_cast<double>(batch); }
};

namespace detail {

/// A formula's hyper-parameters and what follows from them alone, as vectors.
template <class Formula, class V, class Owner> struct prepared_formula {
  using compiled = compiled_formula<Formula>;
  V uniforms[compiled::uniform_count + 1];

  explicit prepared_formula(const Owner& owner) {
    double numbers[compiled::uniform_count + 1];
    compiled::prepare(numbers, owner);
    for (std::size_t i = 0; i < compiled::uniform_count; ++i) uniforms[i] = math::convert<V>(numbers[i]);
  }
  [[gnu::always_inline]] V operator()(const V& y, const V& t) const {
    return compiled::evaluate(uniforms, terms::y = y, terms::t = t);
  }
};

/// The sum of a formula in y and t over a batch; writes dL/dy of the mean. Hyper-parameters are fields of `owner`.
template <class Formula, class Mean, class T, class Arch, class Owner>
double sum_of_formula(const Owner& owner, const loss_view<T>& at, const T* const* targets) {
  using V = simd::vector<T, Arch>;
  constexpr std::size_t W = simd::width<T, Arch>;
  const prepared_formula<Formula, V, Owner> formula{owner};
  const prepared_formula<derivative_t<Formula, terms::term<"y">>, V, Owner> slope{owner};
  const V scale(static_cast<T>(1 / Mean::divisor(at.batch, at.features)));
  double total = 0;
  for (std::size_t m = 0; m < at.batch; ++m) {
    V row(T(0));
    for (std::size_t n = 0; n < at.features; n += W) {
      const std::size_t lanes = at.features - n;
      const V y = V::load_aligned(at.y + m * at.stride + n);
      const V t = lanes >= W ? V::load_unaligned(targets[m] + n) : simd::load_partial<T, Arch>(targets[m] + n, lanes);
      V value = formula(y, t);
      if (lanes < W) value = simd::first_lanes<T, Arch>(value, lanes);
      row += value;
      if (at.dy) {
        V d = slope(y, t) * scale;
        if (lanes < W) d = simd::first_lanes<T, Arch>(d, lanes);
        d.store_aligned(at.dy + m * at.stride + n);
      }
    }
    total += static_cast<double>(simd::horizontal_sum<T, Arch>(row));
  }
  return total;
}

} // namespace detail

/// A loss from a formula in y (the network's output) and t (the target): `struct cauchy : loss<log(1 + square(y - t))>
/// {};` Value: the mean of the formula over all outputs of the batch, or over its samples if Mean says so. Gradient:
/// its derivative by y, derived. Targets: as many numbers as the network has outputs. Errors: a formula in another term
/// is a loss_error where it is to train a network. A formula with hyper-parameters: loss/parametric.hpp. Example:
/// examples/04_extend.cpp.
template <auto Formula, class Mean = mean_over_outputs> struct loss {
  static constexpr bool takes_labels = false, takes_values = true;

  template <class Net> static constexpr auto diagnose() {
    if constexpr (is_formula_in<frozen<Formula>, terms::term<"y">, terms::term<"t">>)
      return no_error{};
    else
      return loss_error<reason::unknown_term, loss>{};
  }
  /// What the sum over a batch is divided by.
  static constexpr double divisor(std::size_t batch, std::size_t features) { return Mean::divisor(batch, features); }

  /// The sum over the batch; writes dL/dy of the mean.
  template <class T, class Arch> double sum(const detail::loss_view<T>& at, const T* const* targets) const {
    return detail::sum_of_formula<frozen<Formula>, Mean, T, Arch>(*this, at, targets);
  }
};

} // namespace lamina
