#include "peer.hpp"

namespace peers::sequences {
namespace {

template <class Peer> void append(std::vector<Peer>& all, const std::vector<Peer>& more) {
  all.insert(all.end(), more.begin(), more.end());
}

} // namespace

const std::vector<stream_peer>& stream_peers() {
  static const auto all = [] {
    std::vector<stream_peer> found;
#if LAMINA_PEER_EIGEN
    append(found, rtneural_eigen_streams);
#endif
    append(found, rtneural_xsimd_streams);
#if LAMINA_PEER_TORCH
    append(found, torch_streams);
#endif
    append(found, by_hand_streams);
    return found;
  }();
  return all;
}

const std::vector<text_peer>& text_peers() {
  static const auto all = [] {
    std::vector<text_peer> found;
#if LAMINA_PEER_TORCH
    append(found, torch_text);
#endif
#if LAMINA_PEER_OPENBLAS
    append(found, openblas_text);
#endif
    return found;
  }();
  return all;
}

const std::vector<attention_peer>& attention_peers() {
  static const auto all = [] {
    std::vector<attention_peer> found;
#if LAMINA_PEER_TORCH
    append(found, torch_attention);
#endif
    return found;
  }();
  return all;
}

} // namespace peers::sequences
