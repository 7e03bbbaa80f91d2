#include "peer.hpp"

namespace peers {

std::span<const training_peer> training_peers() {
  static constexpr training_peer all[] = {
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
      {nullptr, nullptr},
  };
  return {all, std::size(all) - 1};
}

} // namespace peers
