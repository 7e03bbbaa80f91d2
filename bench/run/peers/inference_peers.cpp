#include "peer.hpp"

namespace peers {

const std::vector<inference_peer>& inference_peers() {
  static const std::vector<inference_peer> all{
#if LAMINA_PEER_EIGEN
      eigen_inference,          rtneural_eigen_inference,
#endif
#if LAMINA_PEER_RTNEURAL_XSIMD
      rtneural_xsimd_inference,
#endif
#if LAMINA_PEER_ONEDNN
      onednn_inference,
#endif
#if LAMINA_PEER_TORCH
      torch_inference,          aten_inference,
#endif
#if LAMINA_PEER_DLIB
      dlib_inference,
#endif
  };
  return all;
}

} // namespace peers
