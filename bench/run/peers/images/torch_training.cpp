// libtorch's training step, one thread: autograd, both memory formats; the optimizer as its documentation writes it, or
// over one tensor that holds all parameters.
#include "peer.hpp"
#include <c10/core/Allocator.h>
#include <torch/torch.h>

namespace peers::images {
namespace {

struct autograd final : trainee {
  network net;
  int batch;
  bool channels_last;
  std::vector<at::Tensor> weight, bias, mean, variance, y, all;
  at::Tensor flat; // undefined where each parameter is a tensor of its own
  at::Tensor labels;
  std::unique_ptr<torch::optim::Optimizer> optimizer;

  autograd(const network& given, int batch_, update rule, bool channels_last_, bool flatten)
      : net{fuse(given)}, batch{batch_}, channels_last{channels_last_}, labels{torch::empty({batch_}, torch::kInt64)} {
    const parameters p = initial(net);
    y.resize(net.nodes.size()), weight = bias = mean = variance = y;
    std::int64_t count = 0;
    for (const auto& name : trainable(net)) count += static_cast<std::int64_t>(p.at(name).size());
    if (flatten) {
      flat = torch::zeros({count}).requires_grad_();
      flat.mutable_grad() = torch::zeros({count});
    }
    std::int64_t offset = 0;
    const auto parameter = [&](const std::string& name, at::IntArrayRef shape) {
      torch::NoGradGuard guard;
      at::Tensor t = torch::from_blob(const_cast<float*>(p.at(name).data()), shape, torch::kFloat32).clone();
      if (channels_last && t.dim() == 4) t = t.contiguous(at::MemoryFormat::ChannelsLast);
      if (flatten) {
        const at::Tensor place = flat.detach().as_strided(shape, t.strides(), offset);
        place.copy_(t);
        at::Tensor leaf = place.detach().requires_grad_();
        leaf.mutable_grad() = flat.grad().as_strided(shape, t.strides(), offset);
        t = leaf;
      }
      offset += t.numel();
      all.push_back(t.requires_grad_());
      return t;
    };
    for (std::size_t i = 1; i < y.size(); ++i) {
      const node& n = net.nodes[i];
      if (n.name.empty()) continue;
      const int depth = n.kind == operation::convolution ? net.depth(n) : 0;
      if (n.kind == operation::batch_norm)
        weight[i] = parameter(n.name + ".weight", {n.channels});
      else if (net.dense(n))
        weight[i] = parameter(n.name + ".weight", {n.channels, depth});
      else
        weight[i] = parameter(n.name + ".weight", {n.channels, net.before(n).channels, n.kernel, n.kernel});
      bias[i] = parameter(n.name + ".bias", {n.channels});
      mean[i] = torch::zeros({n.channels}), variance[i] = torch::ones({n.channels});
    }
    if (flatten) all = {flat};
    if (rule == update::sgd)
      optimizer = std::make_unique<torch::optim::SGD>(all, torch::optim::SGDOptions(double{sgd_rate}));
    else if (rule == update::adam)
      optimizer = std::make_unique<torch::optim::Adam>(all, torch::optim::AdamOptions(double{adam_rate}));
    else
      optimizer = std::make_unique<torch::optim::AdamW>(
          all, torch::optim::AdamWOptions(double{adamw_rate}).weight_decay(double{adamw_decay}));
  }

  float step(const float* images, const int* given) override {
    auto* l = labels.data_ptr<std::int64_t>();
    for (int i = 0; i < batch; ++i) l[i] = given[i];
    if (flat.defined())
      flat.grad().zero_();
    else
      optimizer->zero_grad();
    const node& in = net.input();
    y[0] = torch::from_blob(const_cast<float*>(images), {batch, in.channels, in.height, in.width}, torch::kFloat32);
    if (channels_last) y[0] = y[0].contiguous(at::MemoryFormat::ChannelsLast);
    for (std::size_t i = 1; i < y.size(); ++i) {
      const node& n = net.nodes[i];
      const at::Tensor& x = y[static_cast<std::size_t>(n.from)];
      if (n.kind == operation::convolution && net.dense(n))
        y[i] = torch::linear(x.dim() == 2 ? x : x.flatten(1), weight[i], bias[i]);
      else if (n.kind == operation::convolution)
        y[i] = torch::conv2d(x, weight[i], bias[i], n.stride, n.padding);
      else if (n.kind == operation::batch_norm)
        y[i] = torch::batch_norm(x, weight[i], bias[i], mean[i], variance[i], true, double{norm_momentum},
                                 double{norm_epsilon}, true);
      else if (n.kind == operation::max_pool)
        y[i] = torch::max_pool2d(x, n.kernel);
      else if (n.kind == operation::global_average)
        y[i] = torch::adaptive_avg_pool2d(x, {1, 1});
      else if (n.kind == operation::add)
        y[i] = torch::add(x, y[static_cast<std::size_t>(n.second)]);
      if (n.relu) y[i].relu_();
    }
    const at::Tensor loss = torch::nn::functional::cross_entropy(y.back(), labels);
    for (at::Tensor& t : y) t.reset(); // as a function's local variables would be
    loss.backward();
    optimizer->step();
    return loss.item<float>();
  }
};

template <bool ChannelsLast, bool Flatten> std::unique_ptr<trainee> make(const network& net, int batch, update rule) {
  return std::make_unique<autograd>(net, batch, rule, ChannelsLast, Flatten);
}

/// libtorch tells of each allocation of a tensor while this is in force.
struct counter final : c10::MemoryReportingInfoBase {
  std::ptrdiff_t now = 0, peak = 0;
  void reportMemoryUsage(void*, std::int64_t bytes, std::int64_t, std::int64_t, c10::Device) override {
    now += bytes;
    peak = std::max(peak, now);
  }
  bool memoryProfilingEnabled() const override { return true; }
};

} // namespace

std::size_t torch_peak_bytes(const network& net, int batch, update rule) {
  const auto trainee = make<false, false>(net, batch, rule);
  const std::vector<float> x(static_cast<std::size_t>(batch * net.inputs()), .5f);
  const std::vector<int> y(static_cast<std::size_t>(batch), 1);
  trainee->step(x.data(), y.data()); // gradients and moments are there from now on
  const auto count = std::make_shared<counter>();
  const c10::DebugInfoGuard guard(c10::DebugInfoKind::PROFILER_STATE, count);
  trainee->step(x.data(), y.data());
  return static_cast<std::size_t>(count->peak);
}

const std::vector<image_training_peer> torch_training{
    {"libtorch", "as documented", make<false, false>},
    {"libtorch", "one tensor of parameters", make<false, true>},
    {"libtorch", "channels last", make<true, false>},
    {"libtorch", "channels last, one tensor of parameters", make<true, true>}};

} // namespace peers::images
