#pragma once
#include <type_traits>

#include <lamina/expression/activations.hpp>
#include <lamina/expression/evaluate.hpp>
#include <lamina/expression/kept.hpp>

namespace lamina::detail {

inline constexpr auto half_of_tanh = 0.5 * terms::tanh(0.5 * terms::x) + 0.5;

/// The value of a gate with this activation. A step waits for its gates: σ(a) = (1 + tanh(a/2))/2 is sooner there than
/// an exponential, and as exact where a gate is nearly open; where it is nearly shut, to the last bit of 1.
template <auto Formula, class V> [[gnu::always_inline]] inline V gate(V a) {
  if constexpr (std::is_same_v<frozen<Formula>, frozen<formulas::sigmoid>>)
    return evaluate<frozen<half_of_tanh>>(terms::x = a);
  else
    return evaluate<frozen<Formula>>(terms::x = a);
}
/// Its derivative, by what it gave.
template <auto Formula, class V> [[gnu::always_inline]] inline V gate_slope(V y) {
  static_assert(kept<frozen<Formula>> == keeps::output, "a gate is kept as its output alone");
  return evaluate<backward_formula<frozen<Formula>>>(terms::y = y);
}

} // namespace lamina::detail
