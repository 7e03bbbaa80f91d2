// libtorch's training steps, one thread: its modules as the documentation writes them; parameters as tensors of their
// own, or all in one, so that clipping and the optimizer are one pass each.
#include "peer.hpp"
#include "torch_tensors.hpp"
#include <cmath>

namespace peers::sequences {
namespace {

/// Parameters, and their gradients, become views of two tensors.
at::Tensor flatten(std::vector<at::Tensor> all) {
  std::int64_t count = 0, offset = 0;
  for (const auto& t : all) count += t.numel();
  at::Tensor flat = torch::zeros({count}).requires_grad_();
  flat.mutable_grad() = torch::zeros({count});
  torch::NoGradGuard guard;
  for (auto& t : all) {
    const at::Tensor place = flat.detach().narrow(0, offset, t.numel()).view(t.sizes());
    place.copy_(t);
    t.set_data(place);
    t.mutable_grad() = flat.grad().narrow(0, offset, t.numel()).view(t.sizes());
    offset += t.numel();
  }
  return flat;
}

template <bool Flat> struct characters final : text_trainee {
  static constexpr int V = text::vocabulary, E = text::embedding, H = text::hidden;
  torch::nn::Embedding embedding{V, E};
  torch::nn::GRU gru{torch::nn::GRUOptions(E, H).batch_first(true)};
  torch::nn::Linear linear{H, V};
  std::vector<at::Tensor> all;
  at::Tensor flat;
  std::unique_ptr<torch::optim::Adam> optimizer;

  characters() {
    const parameters p = initial_text();
    load(embedding, p, "0.");
    load(gru, p, "1.");
    load(linear, p, "2.");
    for (const auto& list : {embedding->parameters(), gru->parameters(), linear->parameters()})
      all.insert(all.end(), list.begin(), list.end());
    if (Flat) all = {flat = flatten(all)};
    optimizer = std::make_unique<torch::optim::Adam>(all, torch::optim::AdamOptions(double{text::rate}));
  }
  float step(const int* tokens, const int* targets) override {
    if (Flat)
      flat.grad().zero_();
    else
      optimizer->zero_grad();
    const auto whole = [](const int* from) {
      return torch::from_blob(const_cast<int*>(from), {text::batch, text::steps}, torch::kInt32).to(torch::kInt64);
    };
    const at::Tensor hidden = std::get<0>(gru->forward(embedding->forward(whole(tokens))));
    const at::Tensor loss =
        torch::nn::functional::cross_entropy(linear->forward(hidden).flatten(0, 1), whole(targets).flatten());
    loss.backward();
    torch::nn::utils::clip_grad_norm_(all, double{text::largest_norm});
    optimizer->step();
    return loss.item<float>();
  }
};

// ---- attention

constexpr int B = attention::batch, L = attention::steps, D = attention::features, N = attention::heads,
              W = attention::head;

/// What is added to the scores.
at::Tensor mask() { return at::full({L, L}, -INFINITY).triu(1); }

/// nn::MultiheadAttention (which adds a mask of bools as zeros and ones).
struct module_attention {
  torch::nn::MultiheadAttention layer{D, N};
  at::Tensor later = mask();
  module_attention() { load(layer, initial_attention(), "0."); }
  std::vector<at::Tensor> parameters() const { return layer->parameters(); }
  at::Tensor operator()(const at::Tensor& x) {
    const at::Tensor t = x.transpose(0, 1);
    return std::get<0>(layer->forward(t, t, t, {}, false, later)).transpose(0, 1);
  }
};

/// The same from operations: one product for queries, keys and values, softmax over masked scores. `Own` is libtorch's
/// function for what is between the two products of parameters.
template <bool Own> struct operations_attention {
  at::Tensor w, b, v, c, later = mask();
  operations_attention() {
    const sequences::parameters p = initial_attention();
    w = tensor(p, "0.in_proj_weight", {3 * D, D}).requires_grad_();
    b = tensor(p, "0.in_proj_bias", {3 * D}).requires_grad_();
    v = tensor(p, "0.out_proj.weight", {D, D}).requires_grad_();
    c = tensor(p, "0.out_proj.bias", {D}).requires_grad_();
  }
  std::vector<at::Tensor> parameters() const { return {w, b, v, c}; }
  at::Tensor operator()(const at::Tensor& x) {
    const auto parts = at::linear(x, w, b).view({B, L, 3, N, W}).permute({2, 0, 3, 1, 4}).unbind(0);
    if (Own) {
      const at::Tensor y =
          std::get<0>(at::_scaled_dot_product_attention(parts[0], parts[1], parts[2], {}, 0., false, true));
      return at::linear(y.transpose(1, 2).reshape({B, L, D}), v, c);
    }
    const at::Tensor q = parts[0].reshape({B * N, L, W}), k = parts[1].reshape({B * N, L, W}),
                     a = parts[2].reshape({B * N, L, W});
    const at::Tensor scores = at::baddbmm(later, q, k.transpose(1, 2), 1, 1 / std::sqrt(double{W}));
    const at::Tensor y = at::bmm(scores.softmax(-1), a).view({B, N, L, W}).transpose(1, 2);
    return at::linear(y.reshape({B, L, D}), v, c);
  }
};

template <class Layer> struct forward final : attention_layer {
  Layer layer;
  void run(const float* x, float* y) override {
    torch::NoGradGuard guard;
    view(y, {B, L, D}).copy_(layer(view(x, {B, L, D})));
  }
};
template <class Layer> struct training final : attention_trainee {
  Layer layer;
  torch::optim::SGD optimizer{layer.parameters(), torch::optim::SGDOptions(double{attention::rate})};
  float step(const float* x, const float* target) override {
    optimizer.zero_grad();
    const at::Tensor loss = torch::nn::functional::mse_loss(layer(view(x, {B, L, D})), view(target, {B, L, D}));
    loss.backward();
    optimizer.step();
    return loss.item<float>();
  }
};

template <class Layer> constexpr attention_peer attention_by(const char* variant) {
  return {"libtorch", variant, [] { return std::unique_ptr<attention_layer>(new forward<Layer>); },
          [] { return std::unique_ptr<attention_trainee>(new training<Layer>); }};
}
template <bool Flat> std::unique_ptr<text_trainee> make_characters() { return std::make_unique<characters<Flat>>(); }

} // namespace

const std::vector<text_peer> torch_text{{"libtorch", "as documented", make_characters<false>},
                                        {"libtorch", "one tensor of parameters", make_characters<true>}};
const std::vector<attention_peer> torch_attention{
    attention_by<module_attention>("module"), attention_by<operations_attention<false>>("operations"),
    attention_by<operations_attention<true>>("scaled_dot_product_attention")};

} // namespace peers::sequences
