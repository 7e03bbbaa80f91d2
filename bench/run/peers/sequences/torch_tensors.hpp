#pragma once
#include "network.hpp"
#include <torch/torch.h>

/// What libtorch's files share.
namespace peers::sequences {

inline at::Tensor view(const float* p, at::IntArrayRef shape) {
  return torch::from_blob(const_cast<float*>(p), shape, torch::kFloat32);
}
inline at::Tensor tensor(const parameters& p, const std::string& name, at::IntArrayRef shape) {
  return view(p.at(name).data(), shape).clone();
}
/// Into a module whose parameters have the names behind `prefix`.
template <class Module> void load(Module& module, const parameters& p, const std::string& prefix) {
  torch::NoGradGuard guard;
  for (auto& item : module->named_parameters())
    item.value().copy_(view(p.at(prefix + item.key()).data(), item.value().sizes()));
}

} // namespace peers::sequences
