// Plain loops in double.
#include "peer.hpp"
#include <cmath>
#include <deque>

namespace peers::sequences {
namespace {

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

/// row of a matrix times a vector, plus a bias
double affine(const std::vector<float>& weight, const std::vector<float>& bias, int row, const std::vector<double>& x) {
  double sum = bias[static_cast<std::size_t>(row)];
  const float* w = weight.data() + row * static_cast<long>(x.size());
  for (const double v : x) sum += *w++ * v;
  return sum;
}

template <class Net> struct recurrent_model {
  using net = Net;
  static constexpr int H = Net::hidden;
  parameters p = Net::initial();
  std::vector<double> h = std::vector<double>(H), c = h;

  void step(const float* in, float* out) {
    const std::vector<double> x(in, in + Net::inputs), before = h;
    const auto from_input = [&](int gate, int j) {
      return affine(p["0.weight_ih_l0"], p["0.bias_ih_l0"], gate * H + j, x);
    };
    const auto from_hidden = [&](int gate, int j) {
      return affine(p["0.weight_hh_l0"], p["0.bias_hh_l0"], gate * H + j, before);
    };
    const auto both = [&](int gate, int j) { return from_input(gate, j) + from_hidden(gate, j); };
    for (int j = 0; j < H; ++j) {
      auto& now = h[static_cast<std::size_t>(j)];
      auto& cell = c[static_cast<std::size_t>(j)];
      if constexpr (Net::gates == 3) {
        const double r = sigmoid(both(0, j)), z = sigmoid(both(1, j));
        now = (1 - z) * std::tanh(from_input(2, j) + r * from_hidden(2, j)) + z * now;
      } else {
        cell = sigmoid(both(1, j)) * cell + sigmoid(both(0, j)) * std::tanh(both(2, j));
        now = sigmoid(both(3, j)) * std::tanh(cell);
      }
    }
    for (int j = 0; j < Net::outputs; ++j)
      out[j] = static_cast<float>(Net::outputs == H ? h[static_cast<std::size_t>(j)]
                                                    : affine(p["1.weight"], p["1.bias"], j, h));
  }
};

struct convolution_model {
  using net = convolutions;
  parameters p = net::initial();
  std::deque<std::vector<double>> inputs, hidden; // the newest first

  std::vector<double> convolve(const std::string& name, std::deque<std::vector<double>>& past, int dilation) {
    const auto &weight = p[name + ".weight"], &bias = p[name + ".bias"];
    past.resize(static_cast<std::size_t>((net::kernel - 1) * dilation + 1), std::vector<double>(past.front().size()));
    std::vector<double> y;
    const float* w = weight.data();
    for (const float b : bias) {
      double sum = b;
      for (std::size_t c = 0; c < past.front().size(); ++c)
        for (int k = net::kernel - 1; k >= 0; --k) sum += *w++ * past[static_cast<std::size_t>(k * dilation)][c];
      y.push_back(std::tanh(sum));
    }
    return y;
  }
  void step(const float* in, float* out) {
    inputs.push_front({*in});
    hidden.push_front(convolve("0", inputs, 1));
    *out = static_cast<float>(affine(p["4.weight"], p["4.bias"], 0, convolve("2", hidden, net::dilation)));
  }
};

} // namespace

const stream_peer reference_streams{
    "reference",
    "",
    make_stream<recurrent_model<gru_24>>,
    make_stream<recurrent_model<lstm_32>>,
    make_stream<convolution_model>,
    make_stream<recurrent_model<lstm_8>>,
    make_stream<recurrent_model<gru_8>>,
};

} // namespace peers::sequences
