#include "peer.hpp"

namespace peers::images {
namespace {

template <class Peer> void append(std::vector<Peer>& all, const std::vector<Peer>& more) {
  all.insert(all.end(), more.begin(), more.end());
}

} // namespace

const std::vector<classifying_peer>& classifying_peers() {
  static const auto all = [] {
    std::vector<classifying_peer> found;
#if LAMINA_PEER_ONEDNN
    append(found, onednn_classifying);
#endif
#if LAMINA_PEER_TORCH
    append(found, torch_classifying);
#endif
#if LAMINA_PEER_DLIB
    append(found, dlib_classifying);
#endif
#if LAMINA_PEER_OPENBLAS
    append(found, by_hand_classifying);
#endif
    return found;
  }();
  return all;
}

const std::vector<image_training_peer>& image_training_peers() {
  static const auto all = [] {
    std::vector<image_training_peer> found;
#if LAMINA_PEER_ONEDNN
    append(found, onednn_training);
#endif
#if LAMINA_PEER_TORCH
    append(found, torch_training);
#endif
#if LAMINA_PEER_DLIB
    append(found, dlib_training);
#endif
#if LAMINA_PEER_OPENBLAS
    append(found, by_hand_training);
#endif
    return found;
  }();
  return all;
}

} // namespace peers::images
