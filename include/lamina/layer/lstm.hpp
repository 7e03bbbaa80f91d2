#pragma once
#include <lamina/expression/activations.hpp>
#include <lamina/expression/evaluate.hpp>
#include <lamina/layer/cell.hpp>
#include <lamina/layer/recurrent.hpp>

namespace lamina {

namespace detail {

/// Gates i, f, g, o, and a state c beside h.
struct lstm_cell {
  static constexpr std::size_t gates = 4, extras = 1, separate = gates, early = 0;
  static constexpr bool remembers = true;
  static constexpr terms::term<"i"> i{};
  static constexpr terms::term<"f"> f{};
  static constexpr terms::term<"g"> g{};
  static constexpr terms::term<"c"> c{};
  static constexpr auto state = f * c + i * g;

  template <class V> [[gnu::always_inline]] static void begin(V*) {}
  template <class V> [[gnu::always_inline]] static void forward(V (&a)[gates], V, V, V c0, V& h, V& c1) {
    a[0] = gate<formulas::sigmoid>(a[0]);
    a[1] = gate<formulas::sigmoid>(a[1]);
    a[2] = gate<formulas::tanh>(a[2]);
    a[3] = gate<formulas::sigmoid>(a[3]);
    c1 = evaluate<frozen<state>>(i = a[0], f = a[1], g = a[2], c = c0);
    h = scaled_tanh(a[3], c1);
  }
  template <class V> [[gnu::always_inline]] static void backward(V (&gates_at)[gates], V& c1, V c0, V, V, V dh, V& dc) {
    const V squashed = gate<formulas::tanh>(c1);
    dc += dh * gates_at[3] * gate_slope<formulas::tanh>(squashed);
    const auto along = [&](auto term) {
      using slope = derivative_t<frozen<state>, decltype(term)>;
      return dc * evaluate<slope>(i = gates_at[0], f = gates_at[1], g = gates_at[2], c = c0);
    };
    const V di = along(i), df = along(f), dg = along(g), back = along(c);
    gates_at[0] = di * gate_slope<formulas::sigmoid>(gates_at[0]);
    gates_at[1] = df * gate_slope<formulas::sigmoid>(gates_at[1]);
    gates_at[2] = dg * gate_slope<formulas::tanh>(gates_at[2]);
    gates_at[3] = dh * squashed * gate_slope<formulas::sigmoid>(gates_at[3]);
    dc = back;
  }
};

} // namespace detail

/// Long short-term memory: a state that gates write, keep and read.
/// Shape: (L, F) → (H), the output at the last step, or (L, H) with `return_sequence`. Options: `return_sequence`,
/// `truncated<K>`. Parameters: weight_ih_l0 (4H, F), weight_hh_l0 (4H, H), bias_ih_l0 (4H), bias_hh_l0 (4H), gates in
/// the order i, f, g, o. Forward: c' = f c + i g, h' = o tanh(c'), i, f, o = σ(W x + b + U h + d), g = tanh(…); h = c =
/// 0 at first. Backward keeps: i, f, g, o, c and h. Errors: input_rank for what is no sequence, tokens before an
/// embedding. Source: Hochreiter and Schmidhuber 1997; torch.nn.LSTM. Example: examples/27_sequences.cpp.
template <std::size_t Units, class... Options>
struct lstm : detail::recurrent_layer<detail::lstm_cell, Units, 1, Options...> {};

} // namespace lamina
