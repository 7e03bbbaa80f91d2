#pragma once
#include <lamina/expression/activations.hpp>
#include <lamina/expression/evaluate.hpp>
#include <lamina/layer/cell.hpp>
#include <lamina/layer/recurrent.hpp>

namespace lamina {

namespace detail {

/// Gates r, z, n; q is the recurrent part of n.
struct gru_cell {
  static constexpr std::size_t gates = 3, extras = 1, separate = 2, early = 1;
  static constexpr bool remembers = false;
  static constexpr terms::term<"z"> z{};
  static constexpr terms::term<"n"> n{};
  static constexpr terms::term<"h"> h{};
  static constexpr auto output = n + z * (h - n);
  template <auto Term> using slope = derivative_t<frozen<output>, std::remove_const_t<decltype(Term)>>;

  template <class V> [[gnu::always_inline]] static void begin(V* a) { a[0] = gate_less_half(a[0]); }
  template <class V> [[gnu::always_inline]] static void forward(V (&a)[gates], V r, V h0, V, V& out, V& q) {
    const V half = math::convert<V>(0.5), reset = a[0];
    q = r;
    a[0] = reset + half;
    a[1] = gate<formulas::sigmoid>(a[1]);
    a[2] = gate<formulas::tanh>(math::fma(reset, q, math::fma(half, q, a[2])));
    out = math::fma(a[2], math::convert<V>(1) - a[1], a[1] * h0);
  }
  /// q leaves as the gradient at the input part of n.
  template <class V> [[gnu::always_inline]] static void backward(V (&g)[gates], V& q, V, V h0, V, V dh, V& carry) {
    dh += carry;
    const auto along = [&]<class Slope>(Slope) { return dh * evaluate<Slope>(z = g[1], n = g[2], h = h0); };
    carry = along(slope<h>{});
    const V dz = along(slope<z>{}), dn = along(slope<n>{}) * gate_slope<formulas::tanh>(g[2]);
    const V dr = dn * q;
    q = dn;
    g[2] = dn * g[0];
    g[1] = dz * gate_slope<formulas::sigmoid>(g[1]);
    g[0] = dr * gate_slope<formulas::sigmoid>(g[0]);
  }
};

} // namespace detail

/// Gated recurrent units: a memory that each step renews in part.
/// Shape: (L, F) → (H), the output at the last step, or (L, H) with `return_sequence`. Options: `return_sequence`,
/// `truncated<K>`. Parameters: weight_ih_l0 (3H, F), weight_hh_l0 (3H, H), bias_ih_l0 (3H), bias_hh_l0 (3H), gates in
/// the order r, z, n. Forward: r = σ(W x + b + U h + c), z likewise, n = tanh(W x + b + r (U h + c)), h' = (1 − z) n +
/// z h; h = 0 at first. Backward keeps: r, z, n, U h + c of n, and h. Errors: input_rank for what is no sequence,
/// tokens before an embedding. Source: Cho et al. 2014; torch.nn.GRU. Example: examples/27_sequences.cpp.
template <std::size_t Units, class... Options>
struct gru : detail::recurrent_layer<detail::gru_cell, Units, 1, Options...> {};

} // namespace lamina
