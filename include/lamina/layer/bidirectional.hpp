#pragma once

namespace lamina {

/// Runs a recurrent layer, `rnn`, `lstm` or `gru`, through a sequence in both directions, with weights for either.
/// Shape: (L, F) → (2H), what the forward direction gives at the last step and the other one, which comes there last,
/// at the first; or (L, 2H) with `return_sequence`, what either gives at each step. Options: those of the layer inside.
/// Parameters: those of the layer inside, then the same ones for the other direction with `_reverse` behind their
/// names. Backward keeps: what the layer inside does, twice. It needs the whole window: no stream runs through it.
/// Errors: not_a_layer around another layer; as the layer inside. Source: Schuster and Paliwal 1997; torch.nn.GRU(…,
/// bidirectional=True). Example: tests/layer/sequences_bidirectional.cpp.
template <class Layer> struct bidirectional {};
template <class Layer>
  requires requires { typename Layer::in_both_directions; }
struct bidirectional<Layer> : Layer::in_both_directions {};

} // namespace lamina
