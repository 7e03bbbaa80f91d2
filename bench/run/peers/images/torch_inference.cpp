// libtorch's ways to infer, one thread: tensor operations with batch norms folded (its own convolutions or oneDNN's,
// both memory formats, oneDNN's own layout), and TorchScript optimized for inference.
#include "peer.hpp"
#include <ATen/Context.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/passes/xnnpack_rewrite.h>
#include <torch/torch.h>

namespace peers::images {
namespace {

at::Tensor view(const float* p, at::IntArrayRef shape) {
  return torch::from_blob(const_cast<float*>(p), shape, torch::kFloat32);
}
std::vector<std::int64_t> weight_shape(const network& net, const node& n) {
  if (net.dense(n)) return {n.channels, net.depth(n)};
  return {n.channels, net.before(n).channels, n.kernel, n.kernel};
}

enum class layout { contiguous, channels_last, mkldnn };

struct eager final : classifier {
  network net;
  int batch;
  layout format;
  bool mkldnn;
  std::vector<at::Tensor> weight, bias, y;

  eager(const network& given, int batch_, layout format_, bool mkldnn_)
      : batch{batch_}, format{format_}, mkldnn{mkldnn_} {
    c10::InferenceMode guard;
    parameters p = initial(given);
    net = fold(given, p);
    y.resize(net.nodes.size()), weight = bias = y;
    for (std::size_t i = 1; i < y.size(); ++i)
      if (const node& n = net.nodes[i]; n.kind == operation::convolution) {
        weight[i] = view(p[n.name + ".weight"].data(), weight_shape(net, n)).clone();
        bias[i] = view(p[n.name + ".bias"].data(), {n.channels}).clone();
        if (net.dense(n)) continue;
        if (format == layout::channels_last) weight[i] = weight[i].contiguous(at::MemoryFormat::ChannelsLast);
        if (format == layout::mkldnn) {
          weight[i] = at::mkldnn_reorder_conv2d_weight(weight[i].to_mkldnn(), {n.padding, n.padding},
                                                       {n.stride, n.stride}, {1, 1}, 1);
          bias[i] = bias[i].to_mkldnn();
        }
      }
  }
  void run(const float* images, float* logits) override {
    c10::InferenceMode guard;
    at::globalContext().setUserEnabledMkldnn(mkldnn);
    const node& in = net.input();
    y[0] = view(images, {batch, in.channels, in.height, in.width});
    if (format == layout::channels_last) y[0] = y[0].contiguous(at::MemoryFormat::ChannelsLast);
    if (format == layout::mkldnn) y[0] = y[0].to_mkldnn();
    for (std::size_t i = 1; i < y.size(); ++i) {
      const node& n = net.nodes[i];
      const at::Tensor& x = y[static_cast<std::size_t>(n.from)];
      if (n.kind == operation::convolution && net.dense(n)) {
        const at::Tensor plain = x.is_mkldnn() ? x.to_dense() : x;
        y[i] = at::linear(plain.dim() == 2 ? plain : plain.flatten(1), weight[i], bias[i]);
      } else if (n.kind == operation::convolution)
        y[i] = at::conv2d(x, weight[i], bias[i], n.stride, n.padding);
      else if (n.kind == operation::max_pool)
        y[i] = at::max_pool2d(x, n.kernel);
      else if (n.kind == operation::global_average)
        y[i] = at::adaptive_avg_pool2d(x, {1, 1});
      else if (n.kind == operation::add)
        y[i] = at::add(x, y[static_cast<std::size_t>(n.second)]);
      if (n.relu) y[i].relu_();
    }
    std::copy_n(y.back().data_ptr<float>(), y.back().numel(), logits);
    at::globalContext().setUserEnabledMkldnn(true);
  }
};

/// The unfolded network as TorchScript: what folds and fuses is libtorch itself.
struct script final : classifier {
  const network& net;
  int batch;
  torch::jit::Module module;
  std::vector<torch::jit::IValue> arguments{1};

  script(const network& net_, int batch_, bool mobile) : net{net_}, batch{batch_}, module{"classifier"} {
    torch::NoGradGuard guard;
    const parameters p = initial(net);
    const auto keep = [&](const std::string& name, const std::string& attribute, at::IntArrayRef shape) {
      module.register_buffer(attribute, view(p.at(name).data(), shape).clone());
      return "self." + attribute;
    };
    const auto text = [](int number) { return std::to_string(number); };
    const auto pair = [&](int number) { return "[" + text(number) + ", " + text(number) + "]"; };
    std::string code = "def forward(self, v0):\n";
    for (std::size_t i = 1; i < net.nodes.size(); ++i) {
      const node& n = net.nodes[i];
      const std::string x = "v" + text(n.from), id = std::to_string(i);
      code += "  v" + id + " = ";
      if (n.kind == operation::convolution) {
        const std::string w = keep(n.name + ".weight", "weight" + id, weight_shape(net, n)),
                          b = keep(n.name + ".bias", "bias" + id, {n.channels});
        code += net.dense(n) ? "torch.linear(torch.flatten(" + x + ", 1), " + w + ", " + b + ")"
                             : "torch.conv2d(" + x + ", " + w + ", " + b + ", " + pair(n.stride) + ", " +
                                   pair(n.padding) + ", [1, 1], 1)";
      } else if (n.kind == operation::batch_norm) {
        code += "torch.batch_norm(" + x;
        for (const char* part : {"weight", "bias", "running_mean", "running_var"})
          code += ", " + keep(n.name + "." + part, part + id, {n.channels});
        code += ", False, 0.1, 1e-05, True)";
      } else if (n.kind == operation::relu)
        code += "torch.relu(" + x + ")";
      else if (n.kind == operation::max_pool)
        code += "torch.max_pool2d(" + x + ", " + pair(n.kernel) + ")";
      else if (n.kind == operation::global_average)
        code += "torch.adaptive_avg_pool2d(" + x + ", [1, 1])";
      else if (n.kind == operation::add)
        code += "torch.add(" + x + ", v" + text(n.second) + ")";
      code += "\n";
    }
    module.define(code + "  return v" + std::to_string(net.nodes.size() - 1) + "\n");
    module.eval();
    module = torch::jit::freeze(module);
    module = mobile ? torch::jit::optimizeForMobile(module) : torch::jit::optimize_for_inference(module);
  }
  void run(const float* images, float* logits) override {
    c10::InferenceMode guard;
    const node& in = net.input();
    arguments[0] = view(images, {batch, in.channels, in.height, in.width});
    const at::Tensor z = module.forward(arguments).toTensor().contiguous();
    std::copy_n(z.data_ptr<float>(), z.numel(), logits);
  }
};

template <layout Format, bool Mkldnn> std::unique_ptr<classifier> make_eager(const network& net, int batch) {
  return std::make_unique<eager>(net, batch, Format, Mkldnn);
}
template <bool Mobile> std::unique_ptr<classifier> make_script(const network& net, int batch) {
  return std::make_unique<script>(net, batch, Mobile);
}

} // namespace

const std::vector<classifying_peer> torch_classifying{
    {"libtorch", "eager", make_eager<layout::contiguous, true>},
    {"libtorch", "eager, channels last", make_eager<layout::channels_last, true>},
    {"libtorch", "eager, without oneDNN", make_eager<layout::contiguous, false>},
    {"libtorch", "eager, channels last, without oneDNN", make_eager<layout::channels_last, false>},
    {"libtorch", "eager, oneDNN's layout", make_eager<layout::mkldnn, true>},
    {"libtorch", "TorchScript, optimize_for_inference", make_script<false>},
    {"libtorch", "TorchScript, XNNPACK", make_script<true>}};

} // namespace peers::images
