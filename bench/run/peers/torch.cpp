// libtorch, one thread: the C++ API as its documentation writes it, and the same step with raw tensor operations,
// gradients by hand.
#include "peer.hpp"
#include <torch/torch.h>

namespace peers {
namespace {

constexpr int K = inputs, H = hidden, C = classes;

at::Tensor view(const float* p, at::IntArrayRef shape) {
  return torch::from_blob(const_cast<float*>(p), shape, torch::kFloat32);
}

struct sequential final : trainee {
  torch::nn::Sequential net{torch::nn::Linear(K, H), torch::nn::ReLU(), torch::nn::Linear(H, C)};
  std::unique_ptr<torch::optim::Optimizer> optimizer;
  at::Tensor labels;
  int batch;

  sequential(int batch_, bool adam) : labels{torch::empty({batch_}, torch::kInt64)}, batch{batch_} {
    torch::NoGradGuard guard;
    std::vector<float> all(parameter_count);
    initialize(all.data(), all.size());
    const float* from = all.data();
    for (auto& p : net->parameters()) {
      p.copy_(view(from, p.sizes()));
      from += p.numel();
    }
    if (adam)
      optimizer = std::make_unique<torch::optim::Adam>(net->parameters(), torch::optim::AdamOptions(double{adam_rate}));
    else
      optimizer = std::make_unique<torch::optim::SGD>(net->parameters(), torch::optim::SGDOptions(double{sgd_rate}));
  }
  float step(const float* x, const int* y) override {
    auto* l = labels.data_ptr<std::int64_t>();
    for (int i = 0; i < batch; ++i) l[i] = y[i];
    optimizer->zero_grad();
    const at::Tensor loss = torch::nn::functional::cross_entropy(net->forward(view(x, {batch, K})), labels);
    loss.backward();
    optimizer->step();
    return loss.item<float>();
  }
};

struct raw final : trainee {
  std::vector<at::Tensor> p, g, m, v, s;
  at::Tensor w1t, w2t, labels, z1, h, z, dz, dh;
  int batch;
  bool adam;
  long t = 0;

  raw(int batch_, bool adam_) : labels{at::empty({batch_, 1}, at::kLong)}, batch{batch_}, adam{adam_} {
    c10::InferenceMode guard;
    std::vector<float> all(parameter_count);
    initialize(all.data(), all.size());
    const float* from = all.data();
    for (const auto& shape : {std::vector<std::int64_t>{H, K}, {H}, {C, H}, {C}}) {
      p.push_back(view(from, shape).clone());
      from += p.back().numel();
      for (auto* list : {&g, &m, &v, &s}) list->push_back(at::zeros(shape));
    }
    w1t = p[0].t(), w2t = p[2].t();
    z1 = at::empty({batch, H}), h = at::empty({batch, H}), dh = at::empty({batch, H}), z = at::empty({batch, C}),
    dz = at::empty({batch, C});
  }
  float step(const float* in, const int* y) override {
    c10::InferenceMode guard;
    auto* l = labels.data_ptr<std::int64_t>();
    for (int i = 0; i < batch; ++i) l[i] = y[i];
    const at::Tensor x = view(in, {batch, K});
    at::addmm_out(h, p[1], x, w1t);
    h.relu_();
    at::addmm_out(z, p[3], h, w2t);
    at::_log_softmax_out(dz, z, 1, false);
    const at::Tensor picked = dz.gather(1, labels);
    dz.exp_();
    dz.scatter_add_(1, labels, at::full({batch, 1}, -1.f));
    dz.mul_(1.f / static_cast<float>(batch));
    at::mm_out(z1, dz, p[2]);
    at::threshold_backward_out(dh, z1, h, 0);
    if (!adam) {
      p[2].addmm_(dz.t(), h, 1, -sgd_rate);
      p[3].sub_(dz.sum(0), sgd_rate);
      p[0].addmm_(dh.t(), x, 1, -sgd_rate);
      p[1].sub_(dh.sum(0), sgd_rate);
    } else {
      at::mm_out(g[2], dz.t(), h);
      at::sum_out(g[3], dz, 0);
      at::mm_out(g[0], dh.t(), x);
      at::sum_out(g[1], dh, 0);
      ++t;
      const double c1 = 1 - std::pow(double{beta1}, double(t)), c2 = 1 - std::pow(double{beta2}, double(t));
      for (std::size_t i = 0; i < p.size(); ++i) {
        m[i].mul_(beta1).add_(g[i], 1 - beta1);
        v[i].mul_(beta2).addcmul_(g[i], g[i], 1 - beta2);
        at::sqrt_out(s[i], v[i]);
        s[i].mul_(1 / std::sqrt(c2)).add_(epsilon);
        p[i].addcdiv_(m[i], s[i], -adam_rate / c1);
      }
    }
    return -picked.mean().item<float>();
  }
};

template <class Net> struct layers {
  std::vector<float> all = parameters_of<Net>();
  std::vector<at::Tensor> weight, bias; // weight as (K, N), seen through a transposition
  layers() {
    const float* from = all.data();
    for (std::size_t i = 0; i + 1 < std::size(Net::sizes); ++i) {
      const int k = Net::sizes[i], n = Net::sizes[i + 1];
      weight.push_back(view(from, {n, k}).t());
      bias.push_back(view(from + n * k, {n}));
      from += n * (k + 1);
    }
  }
};

template <class Net> void lean(const float* in, float* out) {
  c10::InferenceMode guard;
  static const layers<Net> net;
  constexpr bool relu = std::size(Net::sizes) == 3;
  at::Tensor h = view(in, {1, Net::sizes[0]});
  for (std::size_t i = 0; i < net.weight.size(); ++i) {
    h = at::addmm(net.bias[i], h, net.weight[i]);
    if (i + 1 < net.weight.size()) relu ? h.relu_() : h.tanh_();
  }
  std::copy_n(h.data_ptr<float>(), h.numel(), out);
}

template <class Net> void api(const float* in, float* out) {
  c10::InferenceMode guard;
  static torch::nn::Sequential net = [] {
    constexpr bool relu = std::size(Net::sizes) == 3;
    torch::nn::Sequential built;
    const std::vector<float> all = parameters_of<Net>();
    const float* from = all.data();
    for (std::size_t i = 0; i + 1 < std::size(Net::sizes); ++i) {
      if (i && relu) built->push_back(torch::nn::ReLU());
      if (i && !relu) built->push_back(torch::nn::Tanh());
      torch::nn::Linear layer(Net::sizes[i], Net::sizes[i + 1]);
      for (auto& p : layer->parameters()) {
        p.copy_(view(from, p.sizes()));
        from += p.numel();
      }
      built->push_back(layer);
    }
    return built;
  }();
  const at::Tensor y = net->forward(view(in, {1, Net::sizes[0]}));
  std::copy_n(y.data_ptr<float>(), y.numel(), out);
}

} // namespace

std::unique_ptr<trainee> make_torch(int batch, bool adam) { return std::make_unique<sequential>(batch, adam); }
std::unique_ptr<trainee> make_aten(int batch, bool adam) { return std::make_unique<raw>(batch, adam); }
void torch_one_thread() { at::set_num_threads(1); }
extern const inference_peer torch_inference{"libtorch", api<tiny>, api<small>, api<digits>};
extern const inference_peer aten_inference{"ATen", lean<tiny>, lean<small>, lean<digits>};

} // namespace peers
