#pragma once
#include <map>
#include <string>
#include <vector>

/// The networks of the image races as data, so that every peer reads the same declaration. Activations are (N, C, H, W)
/// and parameters are PyTorch's, with its names.
namespace peers::images {

enum class operation { input, convolution, batch_norm, relu, max_pool, global_average, add };

/// One operation, and what it gives for one image. A dense layer is a convolution whose kernel is the whole image.
struct node {
  operation kind;
  std::string name;           ///< of its parameters
  int from = -1, second = -1; ///< the nodes it reads; `second` only where it adds
  int channels, height, width;
  int kernel = 1, stride = 1, padding = 0; ///< of convolution and max_pool
  bool relu = false;                       ///< a relu follows at once, see fuse
};

struct network {
  std::vector<node> nodes;
  const node& input() const { return nodes.front(); }
  const node& output() const { return nodes.back(); }
  int inputs() const { return input().channels * input().height * input().width; }
  int classes() const { return output().channels; }
  const node& before(const node& n) const { return nodes[static_cast<std::size_t>(n.from)]; }
  /// Numbers that one output of a convolution is a sum over.
  int depth(const node& n) const { return before(n).channels * n.kernel * n.kernel; }
  /// Whether it is a dense layer: one kernel, as large as the image.
  bool dense(const node& n) const { return n.kernel == before(n).height && n.padding == 0 && n.height == 1; }
  bool used_once(int index) const;
};

/// conv 5x5x8, relu, pool 2, conv 5x5x16, relu, pool 2, dense 128, relu, dense 10, on 28 x 28.
const network& lenet();
/// conv 3x3x8, relu, a residual block of two 3x3x8, relu, one that halves the image to 16 channels, relu, mean, dense
/// 4, on 3 x 16 x 16, with batch norms.
const network& small_resnet();

/// PyTorch's state_dict: "0.weight" (F, C, K, K), "0.bias", of a batch norm also "2.1.running_mean" and
/// "2.1.running_var".
using parameters = std::map<std::string, std::vector<float>>;

/// The first values, the same numbers for everyone. What a training step does not change (running statistics) is not
/// what a training step would find, so that folding is tested.
parameters initial(const network& net);
/// The names of what an optimizer changes, in the order of the network.
std::vector<std::string> trainable(const network& net);

/// What everybody does who wants speed: a relu becomes part of the operation above that nothing else reads.
network fuse(const network& net);
/// For inference: each batch norm is multiplied into the convolution above it; the relus are fused as well.
network fold(const network& net, parameters& p);

constexpr float norm_epsilon = 1e-5f, norm_momentum = 0.1f;

} // namespace peers::images
