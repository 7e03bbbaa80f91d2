// libtorch's 784-256-128-10 with dropout, layer or batch norm and AdamW, as its documentation writes it.
#include "peer.hpp"
#include <torch/torch.h>

namespace peers {
namespace {

struct regularized final : trainee {
  torch::nn::Sequential net;
  std::unique_ptr<torch::optim::AdamW> optimizer;
  at::Tensor labels;
  int batch;

  regularized(int batch_, bool batch_norm) : labels{torch::empty({batch_}, torch::kInt64)}, batch{batch_} {
    const auto norm = [&](int features) {
      if (batch_norm)
        net->push_back(torch::nn::BatchNorm1d(features));
      else
        net->push_back(torch::nn::LayerNorm(torch::nn::LayerNormOptions({features})));
    };
    net->push_back(torch::nn::Linear(784, 256));
    norm(256);
    net->push_back(torch::nn::ReLU());
    net->push_back(torch::nn::Dropout(0.2));
    net->push_back(torch::nn::Linear(256, 128));
    norm(128);
    net->push_back(torch::nn::ReLU());
    net->push_back(torch::nn::Dropout(0.2));
    net->push_back(torch::nn::Linear(128, 10));
    optimizer = std::make_unique<torch::optim::AdamW>(net->parameters(), torch::optim::AdamWOptions(1e-3));
  }
  float step(const float* x, const int* y) override {
    auto* l = labels.data_ptr<std::int64_t>();
    for (int i = 0; i < batch; ++i) l[i] = y[i];
    optimizer->zero_grad();
    const at::Tensor in = torch::from_blob(const_cast<float*>(x), {batch, 784}, torch::kFloat32);
    const at::Tensor loss = torch::nn::functional::cross_entropy(net->forward(in), labels);
    loss.backward();
    optimizer->step();
    return loss.item<float>();
  }
};

} // namespace

std::unique_ptr<trainee> torch_regularized(int batch, bool batch_norm) {
  return std::make_unique<regularized>(batch, batch_norm);
}

} // namespace peers
