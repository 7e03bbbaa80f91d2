#pragma once
#include <type_traits>

#include <lamina/expression/activations.hpp>
#include <lamina/expression/evaluate.hpp>
#include <lamina/expression/kept.hpp>
#include <lamina/expression/rational.hpp>

/// What one step of a recurrent layer does to a vector of units is a *cell*. It gives
///
/// * `gates`, `extras`: vectors that a step leaves behind beside its output h; the extra number, if any, is a state of
///   its own where `remembers` says so
/// * `separate`: the gate whose input part is not just added to its recurrent part, or `gates`; its gradient by the
///   input part is what `backward` leaves in the extra number
/// * `early`: the first gates, so many, that are waited for longest; `begin(a)` takes their sums as far as it can
///   without the others, before `forward`
/// * `forward(a, r, h0, extra0, h, extra)`: from the sums a of all gates, the early ones as `begin` left them, to the
/// gates (in a), h and the extra number.
///   Of the separate gate, a is the input part and r the recurrent part
/// * `backward(gate, extra, extra0, h0, h, dh, carry)`: from the gates and dL/dh to the gradients at their recurrent
///   parts (in `gate`); `carry` goes from step to step beside dL/dh
namespace lamina::detail {

/// The value of a gate with this activation. A step waits for its gates: σ(a) = (1 + tanh(a/2))/2 is sooner there than
/// an exponential, and as exact where a gate is nearly open; where it is nearly shut, to the last bit of 1.
template <auto Formula, class V> [[gnu::always_inline]] inline V gate(V a) {
  using formula = frozen<Formula>;
  constexpr bool is_float = std::is_same_v<math::scalar_t<V>, float>;
  if constexpr (is_float && std::is_same_v<formula, frozen<formulas::sigmoid>>)
    return math::gate_less_half_float(a) + math::convert<V>(0.5);
  else if constexpr (is_float && std::is_same_v<formula, frozen<formulas::tanh>>)
    return math::gate_tanh_float(math::convert<V>(1), a);
  else
    return evaluate<formula>(terms::x = a);
}
/// σ(a) − ½, which is there sooner than σ(a).
template <class V> [[gnu::always_inline]] inline V gate_less_half(V a) {
  if constexpr (std::is_same_v<math::scalar_t<V>, float>)
    return math::gate_less_half_float(a);
  else
    return evaluate<frozen<formulas::sigmoid>>(terms::x = a) - math::convert<V>(0.5);
}
/// scale · tanh(a).
template <class V> [[gnu::always_inline]] inline V scaled_tanh(V scale, V a) {
  if constexpr (std::is_same_v<math::scalar_t<V>, float>)
    return math::gate_tanh_float(scale, a);
  else
    return scale * evaluate<frozen<formulas::tanh>>(terms::x = a);
}
/// The derivative of a gate, by what it gave.
template <auto Formula, class V> [[gnu::always_inline]] inline V gate_slope(V y) {
  static_assert(kept<frozen<Formula>> == keeps::output, "a gate is kept as its output alone");
  return evaluate<backward_formula<frozen<Formula>>>(terms::y = y);
}

} // namespace lamina::detail
