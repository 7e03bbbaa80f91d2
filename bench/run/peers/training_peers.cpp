#include "peer.hpp"

namespace peers {

const std::vector<training_peer>& training_peers() {
  static const std::vector<training_peer> all{
#if LAMINA_PEER_OPENBLAS
      {"OpenBLAS", make_openblas}, {"OpenBLAS fused", make_openblas_fused},
#endif
#if LAMINA_PEER_EIGEN
      {"Eigen", make_eigen},
#endif
#if LAMINA_PEER_TORCH
      {"libtorch", make_torch},    {"ATen", make_aten},
#endif
#if LAMINA_PEER_DLIB
      {"dlib", make_dlib},
#endif
  };
  return all;
}

} // namespace peers
