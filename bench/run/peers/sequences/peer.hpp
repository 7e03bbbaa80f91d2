#pragma once
#include "../peer.hpp"
#include "network.hpp"
#include <memory>
#include <vector>

/// The opponents of the races of sequences. A library stands for itself with as many variants as it has ways to do the
/// work; the fastest of them races.
namespace peers::sequences {

// ---- one time step after the other, one voice

/// A network with its state.
struct stream {
  virtual ~stream() = default;
  /// Goes on with `steps` steps: rows of inputs, rows of outputs. No step may look at a later one.
  virtual void run(const float* in, float* out, int steps) = 0;
};
using stream_maker = std::unique_ptr<stream> (*)();

struct stream_peer {
  const char *library, *variant;
  stream_maker gru_24, lstm_32, convolutions, lstm_8, gru_8; // see network.hpp
};

/// Makes a stream of a model that has `step(const float* in, float* out)`.
template <class Model> struct step_by_step final : stream {
  Model model;
  void run(const float* in, float* out, int steps) override {
    for (int t = 0; t < steps; ++t) model.step(in + t * Model::net::inputs, out + t * Model::net::outputs);
  }
};
template <class Model> std::unique_ptr<stream> make_stream() { return std::make_unique<step_by_step<Model>>(); }

// ---- a training step of the character model: softmax cross-entropy, mean over all characters of the batch; Adam with
// the norm of the whole gradient clipped to 1

struct text_trainee {
  virtual ~text_trainee() = default;
  /// Tokens and those that follow, (batch, steps); returns the mean loss before the update.
  virtual float step(const int* tokens, const int* targets) = 0;
};
struct text_peer {
  const char *library, *variant;
  std::unique_ptr<text_trainee> (*make)();
};

// ---- self-attention: forward, and a training step (mean of squared differences, SGD)

struct attention_layer {
  virtual ~attention_layer() = default;
  virtual void run(const float* x, float* y) = 0;
};
struct attention_trainee {
  virtual ~attention_trainee() = default;
  /// Returns the mean loss before the update.
  virtual float step(const float* x, const float* target) = 0;
};
struct attention_peer {
  const char *library, *variant;
  std::unique_ptr<attention_layer> (*forward)();
  std::unique_ptr<attention_trainee> (*training)();
};

const std::vector<stream_peer>& stream_peers();
const std::vector<text_peer>& text_peers();
const std::vector<attention_peer>& attention_peers();

/// Plain loops in double: what everyone is compared with, not raced.
extern const stream_peer reference_streams;

// ---- each file's entries

extern const std::vector<stream_peer> rtneural_eigen_streams, rtneural_xsimd_streams, by_hand_streams, torch_streams;
extern const std::vector<text_peer> torch_text, openblas_text;
extern const std::vector<attention_peer> torch_attention;

} // namespace peers::sequences
