// dlib's dnn.h, driven directly (without dnn_trainer's thread): gradients, then the solvers.
#include "peer.hpp"
#include <dlib/dnn.h>

namespace peers {
namespace {

using sample = dlib::matrix<float, 0, 1>;
template <long N, class Below> using dense = dlib::fc<N, Below>;
using digits_body = dense<classes, dlib::relu<dense<hidden, dlib::input<sample>>>>;
using digits_training = dlib::loss_multiclass_log<digits_body>;
template <int H, int Out>
using three_body = dense<Out, dlib::htan<dense<H, dlib::htan<dense<H, dlib::input<sample>>>>>>;

/// dlib keeps a fully connected layer as (K, N), the bias in one more row.
template <class Layer> void copy_layer(Layer& layer, const float*& from, long k, long n) {
  float* to = layer.layer_details().get_layer_params().host();
  for (long i = 0; i < n; ++i)
    for (long j = 0; j < k; ++j) to[j * n + i] = from[i * k + j];
  std::copy_n(from + n * k, n, to + k * n);
  from += n * (k + 1);
}

template <class Solver> struct trainer final : trainee {
  digits_training net;
  std::vector<Solver> solvers;
  dlib::resizable_tensor x;
  std::vector<unsigned long> labels;
  double rate;

  trainer(int batch, Solver solver, double rate_) : labels(static_cast<std::size_t>(batch)), rate{rate_} {
    solvers.assign(digits_training::num_computational_layers, solver);
    const std::vector<sample> blank(labels.size(), dlib::zeros_matrix<float>(inputs, 1));
    net.to_tensor(blank.begin(), blank.end(), x);
    net.compute_loss(x, labels.begin()); // allocates the parameters
    std::vector<float> all(parameter_count);
    initialize(all.data(), all.size());
    const float* from = all.data();
    copy_layer(dlib::layer<3>(net), from, inputs, hidden);
    copy_layer(dlib::layer<1>(net), from, hidden, classes);
  }
  float step(const float* in, const int* y) override {
    std::copy_n(in, x.size(), x.host_write_only());
    for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = static_cast<unsigned long>(y[i]);
    const double loss = net.compute_parameter_gradients(x, labels.begin());
    net.update_parameters(solvers, rate);
    return static_cast<float>(loss);
  }
};

template <class Body, class Net> struct inference {
  Body net;
  dlib::resizable_tensor x;
  inference() {
    const sample blank = dlib::zeros_matrix<float>(Net::sizes[0], 1);
    net.to_tensor(&blank, &blank + 1, x);
    net.forward(x);
    const std::vector<float> all = parameters_of<Net>();
    const float* from = all.data();
    if constexpr (std::size(Net::sizes) == 4) {
      copy_layer(dlib::layer<4>(net), from, Net::sizes[0], Net::sizes[1]);
      copy_layer(dlib::layer<2>(net), from, Net::sizes[1], Net::sizes[2]);
      copy_layer(dlib::layer<0>(net), from, Net::sizes[2], Net::sizes[3]);
    } else {
      copy_layer(dlib::layer<2>(net), from, Net::sizes[0], Net::sizes[1]);
      copy_layer(dlib::layer<0>(net), from, Net::sizes[1], Net::sizes[2]);
    }
  }
};

template <class Body, class Net> void run(const float* in, float* out) {
  static inference<Body, Net> i;
  std::copy_n(in, i.x.size(), i.x.host_write_only());
  const dlib::tensor& y = i.net.forward(i.x);
  std::copy_n(y.host(), y.size(), out);
}

} // namespace

std::unique_ptr<trainee> make_dlib(int batch, bool adam) {
  if (adam) return std::make_unique<trainer<dlib::adam>>(batch, dlib::adam(0, beta1, beta2), double{adam_rate});
  return std::make_unique<trainer<dlib::sgd>>(batch, dlib::sgd(0, 0), double{sgd_rate});
}
extern const inference_peer dlib_inference{"dlib", run<three_body<32, 1>, tiny>, run<three_body<64, 4>, small>,
                                           run<digits_body, digits>};

} // namespace peers
