#pragma once
#include <lamina/expression/evaluate.hpp>
#include <lamina/expression/kept.hpp>

namespace lamina::detail {

/// The value of a gate with this activation.
template <auto Formula, class V> [[gnu::always_inline]] inline V gate(V a) {
  return evaluate<frozen<Formula>>(terms::x = a);
}
/// Its derivative, by what it gave.
template <auto Formula, class V> [[gnu::always_inline]] inline V gate_slope(V y) {
  static_assert(kept<frozen<Formula>> == keeps::output, "a gate is kept as its output alone");
  return evaluate<backward_formula<frozen<Formula>>>(terms::y = y);
}

} // namespace lamina::detail
