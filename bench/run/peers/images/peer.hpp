#pragma once
#include "../peer.hpp"
#include "network.hpp"
#include <cstddef>
#include <memory>
#include <vector>

/// The opponents of the image races. A library stands for itself with as many variants as it has ways to do the work;
/// the fastest of them races.
namespace peers::images {

enum class update { sgd, adam, adamw };
constexpr const char* name_of(update u) { return u == update::sgd ? "SGD" : u == update::adam ? "Adam" : "AdamW"; }
inline constexpr float adamw_rate = 3e-3f, adamw_decay = 1e-2f; // of SGD and Adam as in the other races

/// A network that gives logits for a batch of images, (N, C, H, W) and (N, classes), rows without padding.
struct classifier {
  virtual ~classifier() = default;
  virtual void run(const float* images, float* logits) = 0;
};

struct classifying_peer {
  const char *library, *variant;
  std::unique_ptr<classifier> (*make)(const network& net, int batch);
};

/// Softmax cross-entropy, mean over the batch; null where the peer does not do such a network.
struct image_training_peer {
  const char *library, *variant;
  std::unique_ptr<trainee> (*make)(const network& net, int batch, update rule);
};

const std::vector<classifying_peer>& classifying_peers();
const std::vector<image_training_peer>& image_training_peers();

/// Plain loops in double: what everyone is compared with, not raced.
extern const classifying_peer reference_classifying;
extern const image_training_peer reference_training;

// ---- each file's entries

extern const std::vector<classifying_peer> by_hand_classifying, onednn_classifying, torch_classifying, dlib_classifying;
extern const std::vector<image_training_peer> by_hand_training, onednn_training, torch_training, dlib_training;

/// The most bytes that libtorch's tensors take at one time in a training step beyond what they take between two steps.
std::size_t torch_peak_bytes(const network& net, int batch, update rule);

} // namespace peers::images
