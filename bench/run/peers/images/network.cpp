#include "network.hpp"
#include <algorithm>
#include <cmath>

namespace peers::images {
namespace {

/// Appends to a network; `at` is the node that the next operation reads.
struct builder {
  network net;
  int at = 0;

  builder(int channels, int height, int width) {
    net.nodes.push_back({operation::input, "", -1, -1, channels, height, width});
  }
  node& append(operation kind, const char* name) {
    node n = net.nodes[static_cast<std::size_t>(at)];
    n.kind = kind, n.name = name, n.from = at, n.second = -1, n.kernel = 1, n.stride = 1, n.padding = 0;
    net.nodes.push_back(n);
    at = static_cast<int>(net.nodes.size()) - 1;
    return net.nodes.back();
  }
  void window(node& n, int kernel, int stride, int padding) {
    n.kernel = kernel, n.stride = stride, n.padding = padding;
    n.height = (n.height + 2 * padding - kernel) / stride + 1;
    n.width = (n.width + 2 * padding - kernel) / stride + 1;
  }
  builder& conv(const char* name, int filters, int kernel, int stride = 1, int padding = 0) {
    node& n = append(operation::convolution, name);
    window(n, kernel, stride, padding);
    n.channels = filters;
    return *this;
  }
  builder& dense(const char* name, int outputs) {
    return conv(name, outputs, net.nodes[static_cast<std::size_t>(at)].height);
  }
  builder& norm(const char* name) { return append(operation::batch_norm, name), *this; }
  builder& relu() { return append(operation::relu, ""), *this; }
  builder& pool(int size) { return window(append(operation::max_pool, ""), size, size, 0), *this; }
  builder& global_average() {
    node& n = append(operation::global_average, "");
    n.height = n.width = 1;
    return *this;
  }
  builder& add(int second) { return append(operation::add, "").second = second, *this; }
};

/// Leaves nodes out: `stands_for[i]` is the node whose value the readers of node i get.
network without(const network& net, const std::vector<int>& stands_for) {
  network result;
  std::vector<int> place(net.nodes.size(), -1);
  const auto moved = [&](int index) {
    return index < 0 ? index : place[static_cast<std::size_t>(stands_for[static_cast<std::size_t>(index)])];
  };
  for (std::size_t i = 0; i < net.nodes.size(); ++i)
    if (stands_for[i] == static_cast<int>(i)) {
      place[i] = static_cast<int>(result.nodes.size());
      node n = net.nodes[i];
      n.from = moved(n.from), n.second = moved(n.second);
      result.nodes.push_back(n);
    }
  return result;
}

std::vector<int> everyone(const network& net) {
  std::vector<int> all(net.nodes.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<int>(i);
  return all;
}

} // namespace

bool network::used_once(int index) const {
  return std::count_if(nodes.begin(), nodes.end(), [&](const node& n) { return n.from == index; }) +
             std::count_if(nodes.begin(), nodes.end(), [&](const node& n) { return n.second == index; }) ==
         1;
}

const network& lenet() {
  static const network net = builder{1, 28, 28}
                                 .conv("0", 8, 5)
                                 .relu()
                                 .pool(2)
                                 .conv("3", 16, 5)
                                 .relu()
                                 .pool(2)
                                 .dense("7", 128)
                                 .relu()
                                 .dense("9", 10)
                                 .net;
  return net;
}

const network& small_resnet() {
  static const network net = [] {
    builder b{3, 16, 16};
    b.conv("stem", 8, 3, 1, 1).relu();
    const int block = b.at;
    b.conv("2.0", 8, 3, 1, 1).norm("2.1").relu().conv("2.3", 8, 3, 1, 1).norm("2.4").add(block).relu();
    const int down = b.at;
    b.conv("4.shortcut.0", 16, 1, 2);
    const int shortcut = b.at;
    b.at = down;
    b.conv("4.0", 16, 3, 2, 1).norm("4.1").add(shortcut).relu().global_average().dense("7", 4);
    return b.net;
  }();
  return net;
}

parameters initial(const network& net) {
  parameters all;
  unsigned state = 1;
  const auto fill = [&](const std::string& name, int count, float centre, float reach) {
    for (int i = 0; i < count; ++i)
      all[name].push_back(centre +
                          reach * (static_cast<float>((state = state * 1664525u + 1013904223u) >> 8) / 8388608.f - 1));
  };
  for (const node& n : net.nodes) {
    if (n.kind == operation::convolution) {
      const int depth = net.depth(n);
      fill(n.name + ".weight", n.channels * depth, 0, std::sqrt(3.f / static_cast<float>(depth)));
      fill(n.name + ".bias", n.channels, 0, .1f);
    } else if (n.kind == operation::batch_norm) {
      fill(n.name + ".weight", n.channels, 1, .2f);
      fill(n.name + ".bias", n.channels, 0, .1f);
      fill(n.name + ".running_mean", n.channels, 0, .2f);
      fill(n.name + ".running_var", n.channels, 1, .5f);
    }
  }
  return all;
}

std::vector<std::string> trainable(const network& net) {
  std::vector<std::string> names;
  for (const node& n : net.nodes)
    if (!n.name.empty())
      for (const char* part : {".weight", ".bias"}) names.push_back(n.name + part);
  return names;
}

network fuse(const network& net) {
  network marked = net;
  auto stands_for = everyone(net);
  for (std::size_t i = 0; i < net.nodes.size(); ++i) {
    const int from = net.nodes[i].from;
    if (net.nodes[i].kind != operation::relu || !net.used_once(from)) continue;
    marked.nodes[static_cast<std::size_t>(from)].relu = true;
    stands_for[i] = from;
  }
  return without(marked, stands_for);
}

network fold(const network& net, parameters& p) {
  auto stands_for = everyone(net);
  for (std::size_t i = 0; i < net.nodes.size(); ++i) {
    const node& n = net.nodes[i];
    if (n.kind != operation::batch_norm) continue;
    stands_for[i] = n.from;
    const node& conv = net.before(n);
    std::vector<float>&weight = p[conv.name + ".weight"], &bias = p[conv.name + ".bias"];
    for (std::size_t c = 0; c < bias.size(); ++c) {
      const float scale = p[n.name + ".weight"][c] / std::sqrt(p[n.name + ".running_var"][c] + norm_epsilon);
      const std::size_t depth = weight.size() / bias.size();
      for (std::size_t k = 0; k < depth; ++k) weight[c * depth + k] *= scale;
      bias[c] = p[n.name + ".bias"][c] + (bias[c] - p[n.name + ".running_mean"][c]) * scale;
    }
  }
  return fuse(without(net, stands_for));
}

} // namespace peers::images
