#pragma once
#include <map>
#include <string>
#include <vector>

/// The networks of the races of sequences. Parameters are PyTorch's, with its names, layouts and order of gates.
namespace peers::sequences {

/// PyTorch's state_dict: "0.weight_ih_l0" (gates·H, F), "0.bias_hh_l0", "1.weight", …
using parameters = std::map<std::string, std::vector<float>>;

// ---- one step at a time. Behind the hidden units there is a dense layer where there are fewer outputs.

/// The first values, the same numbers for everyone: from -1/√H to 1/√H.
parameters initial_recurrent(int gates, int inputs, int hidden, int outputs);
parameters initial_convolutions();

template <int Gates, int Hidden, int Outputs> struct recurrent {
  static constexpr int inputs = 1, gates = Gates, hidden = Hidden, outputs = Outputs;
  static parameters initial() { return initial_recurrent(gates, inputs, hidden, outputs); }
};
struct gru_24 : recurrent<3, 24, 24> {};
struct lstm_32 : recurrent<4, 32, 32> {};
struct lstm_8 : recurrent<4, 8, 1> {};
struct gru_8 : recurrent<3, 8, 1> {};

/// Causal convolutions 1 -> 8 and 8 -> 8 of three steps, the second four apart, tanh after each; dense to 1.
struct convolutions {
  static constexpr int inputs = 1, filters = 8, kernel = 3, dilation = 4, outputs = 1;
  static parameters initial() { return initial_convolutions(); }
};

// ---- the character model: embedding, GRU, dense at each step; its parameters are "0.weight" (vocabulary, embedding),
// "1.weight_ih_l0" …, "2.weight", "2.bias"

struct text {
  static constexpr int vocabulary = 96, embedding = 24, hidden = 96, batch = 32, steps = 32;
  static constexpr float rate = 3e-3f, largest_norm = 1;
};
parameters initial_text();

// ---- causal self-attention: (batch, steps, features) to the same; "0.in_proj_weight" (3·features, features), in the
// order queries, keys, values, "0.in_proj_bias", "0.out_proj.weight", "0.out_proj.bias"

struct attention {
  static constexpr int heads = 4, features = 64, steps = 128, batch = 16, head = features / heads;
  static constexpr int numbers = batch * steps * features;
  static constexpr float rate = 0.01f;
};
parameters initial_attention();

} // namespace peers::sequences
