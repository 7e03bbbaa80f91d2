// libtorch step by step, one thread, without gradients: its modules with a sequence of one step, its cells, and
// products of tensors.
#include "peer.hpp"
#include "torch_tensors.hpp"
#include <algorithm>
#include <vector>

namespace peers::sequences {
namespace {

template <class Net> struct head {
  at::Tensor weight, bias;
  explicit head(const parameters& p) {
    if (Net::outputs == Net::hidden) return;
    weight = tensor(p, "1.weight", {Net::outputs, Net::hidden}).t();
    bias = tensor(p, "1.bias", {Net::outputs});
  }
  void operator()(const at::Tensor& h, float* out) const {
    if (Net::outputs == Net::hidden)
      std::copy_n(h.data_ptr<float>(), Net::outputs, out);
    else
      std::copy_n(at::addmm(bias, h, weight).template data_ptr<float>(), Net::outputs, out);
  }
};

template <class Net> struct module_model {
  using net = Net;
  using layer = std::conditional_t<Net::gates == 3, torch::nn::GRU, torch::nn::LSTM>;
  using options = std::conditional_t<Net::gates == 3, torch::nn::GRUOptions, torch::nn::LSTMOptions>;
  parameters p = Net::initial();
  layer recurrent{options(Net::inputs, Net::hidden)};
  head<Net> last{p};
  at::Tensor h = at::zeros({1, 1, Net::hidden}), c = at::zeros({1, 1, Net::hidden});

  module_model() { load(recurrent, p, "0."); }
  void step(const float* in, float* out) {
    c10::InferenceMode no_gradients;
    const at::Tensor x = view(in, {1, 1, Net::inputs});
    if constexpr (Net::gates == 3) {
      std::tie(std::ignore, h) = recurrent->forward(x, h);
    } else {
      auto next = recurrent->forward(x, std::make_tuple(h, c));
      std::tie(h, c) = std::get<1>(next);
    }
    last(h[0], out);
  }
};

template <class Net> struct cell_model {
  using net = Net;
  static constexpr int H = Net::hidden, rows = Net::gates * H;
  parameters p = Net::initial();
  at::Tensor w = tensor(p, "0.weight_ih_l0", {rows, Net::inputs}), u = tensor(p, "0.weight_hh_l0", {rows, H}),
             b = tensor(p, "0.bias_ih_l0", {rows}), d = tensor(p, "0.bias_hh_l0", {rows});
  head<Net> last{p};
  at::Tensor h = at::zeros({1, H}), c = at::zeros({1, H});

  void step(const float* in, float* out) {
    c10::InferenceMode no_gradients;
    const at::Tensor x = view(in, {1, Net::inputs});
    if constexpr (Net::gates == 3)
      h = at::gru_cell(x, h, w, u, b, d);
    else
      std::tie(h, c) = at::lstm_cell(x, {h, c}, w, u, b, d);
    last(h, out);
  }
};

/// The steps that count side by side, and one product.
struct convolution_model {
  using net = convolutions;
  static constexpr int F = net::filters, K = net::kernel, D = net::dilation, reach = (K - 1) * D + 1;
  parameters p = net::initial();
  at::Tensor w0 = tensor(p, "0.weight", {F, K}).t(), b0 = tensor(p, "0.bias", {F}),
             w2 = tensor(p, "2.weight", {F, F, K}).permute({2, 1, 0}).contiguous().view({K * F, F}),
             b2 = tensor(p, "2.bias", {F}), w4 = tensor(p, "4.weight", {1, F}).t(), b4 = tensor(p, "4.bias", {1});
  float inputs[K]{};
  std::vector<at::Tensor> hidden = std::vector<at::Tensor>(reach, at::zeros({1, F}));
  int now = 0;

  void step(const float* in, float* out) {
    c10::InferenceMode no_gradients;
    for (int k = 0; k + 1 < K; ++k) inputs[k] = inputs[k + 1];
    inputs[K - 1] = *in;
    const auto at_time = [&](int t) -> at::Tensor& { return hidden[static_cast<std::size_t>(t % reach)]; };
    at_time(now) = at::addmm(b0, view(inputs, {1, K}), w0).tanh_();
    const at::Tensor x = at::cat({at_time(now + 1), at_time(now + 1 + D), at_time(now)}, 1);
    *out = at::addmm(b4, at::addmm(b2, x, w2).tanh_(), w4).item<float>();
    ++now;
  }
};

/// conv1d over the steps that are in reach.
struct conv1d_model {
  using net = convolutions;
  static constexpr int F = net::filters, K = net::kernel, D = net::dilation;
  parameters p = net::initial();
  at::Tensor w0 = tensor(p, "0.weight", {F, 1, K}), b0 = tensor(p, "0.bias", {F}),
             w2 = tensor(p, "2.weight", {F, F, K}), b2 = tensor(p, "2.bias", {F}),
             w4 = tensor(p, "4.weight", {1, F, 1}), b4 = tensor(p, "4.bias", {1});
  at::Tensor inputs = at::zeros({1, 1, K - 1}), hidden = at::zeros({1, F, (K - 1) * D});

  void step(const float* in, float* out) {
    c10::InferenceMode no_gradients;
    at::Tensor x = at::cat({inputs, view(in, {1, 1, 1})}, 2);
    inputs = x.narrow(2, 1, K - 1);
    at::Tensor h = at::cat({hidden, at::conv1d(x, w0, b0).tanh_()}, 2);
    hidden = h.narrow(2, 1, (K - 1) * D);
    *out = at::conv1d(at::conv1d(h, w2, b2, at::IntArrayRef{1}, at::IntArrayRef{0}, at::IntArrayRef{D}).tanh_(), w4, b4)
               .item<float>();
  }
};

} // namespace

const std::vector<stream_peer> torch_streams{
    {"libtorch", "modules", make_stream<module_model<gru_24>>, make_stream<module_model<lstm_32>>,
     make_stream<conv1d_model>, make_stream<module_model<lstm_8>>, make_stream<module_model<gru_8>>},
    {"libtorch", "cells and products", make_stream<cell_model<gru_24>>, make_stream<cell_model<lstm_32>>,
     make_stream<convolution_model>, make_stream<cell_model<lstm_8>>, make_stream<cell_model<gru_8>>}};

} // namespace peers::sequences
