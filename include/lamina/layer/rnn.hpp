#pragma once
#include <lamina/expression/activations.hpp>
#include <lamina/layer/cell.hpp>
#include <lamina/layer/recurrent.hpp>

namespace lamina {

namespace detail {

/// One gate, which is the output.
struct rnn_cell {
  static constexpr std::size_t gates = 1, extras = 0, separate = gates, early = 0;
  static constexpr bool remembers = false;

  template <class V> [[gnu::always_inline]] static void begin(V*) {}
  template <class V> [[gnu::always_inline]] static void forward(V (&a)[1], V, V, V, V& h, V&) {
    a[0] = h = gate<formulas::tanh>(a[0]);
  }
  template <class V> [[gnu::always_inline]] static void backward(V (&g)[1], V&, V, V, V h, V dh, V&) {
    g[0] = dh * gate_slope<formulas::tanh>(h);
  }
};

} // namespace detail

/// A recurrent layer of Elman's kind: its context is its own last output.
/// Shape: (L, F) → (H), the output at the last step, or (L, H) with `return_sequence`. Options: `return_sequence`,
/// `truncated<K>`. Parameters: weight_ih_l0 (H, F), weight_hh_l0 (H, H), bias_ih_l0 (H), bias_hh_l0 (H). Forward: h' =
/// tanh(W x + b + U h + c); h = 0 at first. Backward keeps: h. Errors: input_rank for what is no sequence, tokens
/// before an embedding. Source: Elman 1990; torch.nn.RNN. Example: examples/27_sequences.cpp.
template <std::size_t Units, class... Options>
struct rnn : detail::recurrent_layer<detail::rnn_cell, Units, 1, Options...> {};

} // namespace lamina
