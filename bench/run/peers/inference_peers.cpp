#include "peer.hpp"

namespace peers {

std::span<const inference_peer> inference_peers() {
  static const inference_peer all[] = {
#if LAMINA_PEER_EIGEN
      eigen_inference,
      rtneural_eigen_inference,
#endif
#if LAMINA_PEER_RTNEURAL_XSIMD
      rtneural_xsimd_inference,
#endif
#if LAMINA_PEER_ONEDNN
      onednn_inference,
#endif
#if LAMINA_PEER_TORCH
      torch_inference,
      aten_inference,
#endif
#if LAMINA_PEER_DLIB
      dlib_inference,
#endif
      {nullptr, nullptr, nullptr, nullptr},
  };
  return {all, std::size(all) - 1};
}

} // namespace peers
