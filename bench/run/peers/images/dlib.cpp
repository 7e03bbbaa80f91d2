// dlib's dnn.h, driven directly (without dnn_trainer's thread): for inference with batch norms folded, for training
// gradients and then the solvers.
#include "update.hpp"
#include <array>
#include <dlib/dnn.h>

namespace peers::images {
namespace {

template <long Filters, int Kernel, int Stride, int Padding, class Below>
using convolution = dlib::add_layer<dlib::con_<Filters, Kernel, Kernel, Stride, Stride, Padding, Padding>, Below>;
template <class Below> using pool = dlib::max_pool<2, 2, 2, 2, Below>;
template <class Below> using folded = Below;

using lenet_body = dlib::fc<
    10, dlib::relu<dlib::fc<
            128, pool<dlib::relu<convolution<
                     16, 5, 1, 0,
                     pool<dlib::relu<convolution<8, 5, 1, 0, dlib::input<std::array<dlib::matrix<float>, 1>>>>>>>>>>>;

template <template <class> class Norm, class Below>
using block =
    dlib::add_prev1<Norm<convolution<8, 3, 1, 1, dlib::relu<Norm<convolution<8, 3, 1, 1, dlib::tag1<Below>>>>>>>;
template <template <class> class Norm, class Below>
using down = dlib::add_prev2<
    convolution<16, 1, 2, 0, dlib::skip1<dlib::tag2<Norm<convolution<16, 3, 2, 1, dlib::tag1<Below>>>>>>>;
template <template <class> class Norm>
using small_resnet_body = dlib::fc<
    4, dlib::avg_pool_everything<dlib::relu<down<
           Norm, dlib::relu<block<
                     Norm, dlib::relu<convolution<8, 3, 1, 1, dlib::input<std::array<dlib::matrix<float>, 3>>>>>>>>>>;

/// Fills the layers in the order in which dlib visits them, from the output to the input.
class loader {
public:
  loader(const network& net, const parameters& p) : net_{net}, p_{p} {}

  template <class Layer> void operator()(Layer&) {}
  template <unsigned long N> void operator()(dlib::fc_<N, dlib::FC_HAS_BIAS>& layer) { // (K, N), then the bias
    const auto &weight = next(".weight"), &bias = p_.at(name_ + ".bias");
    float* to = layer.get_layer_params().host();
    const std::size_t n = bias.size(), k = weight.size() / n;
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < k; ++j) to[j * n + i] = weight[i * k + j];
    std::copy(bias.begin(), bias.end(), to + n * k);
  }
  template <long F, long H, long W, int Y, int X, int PY, int PX>
  void operator()(dlib::con_<F, H, W, Y, X, PY, PX>& layer) {
    both(layer);
  }
  void operator()(dlib::bn_<dlib::CONV_MODE>& layer) { both(layer); }

private:
  template <class Layer> void both(Layer& layer) {
    const auto &weight = next(".weight"), &bias = p_.at(name_ + ".bias");
    float* to = layer.get_layer_params().host();
    std::copy(bias.begin(), bias.end(), std::copy(weight.begin(), weight.end(), to));
  }
  const std::vector<float>& next(const char* part) {
    static const std::vector<std::string> lenet_names{"9", "7", "3", "0"},
        resnet_names{"7", "4.shortcut.0", "4.1", "4.0", "2.4", "2.3", "2.1", "2.0", "stem"};
    const auto& names = net_.classes() == 10 ? lenet_names : resnet_names;
    const auto exists = [&](const node& n) { return n.name == names[at_]; };
    while (std::none_of(net_.nodes.begin(), net_.nodes.end(), exists)) ++at_; // folded away
    return p_.at((name_ = names[at_++]) + part);
  }
  const network& net_;
  const parameters& p_;
  std::string name_;
  std::size_t at_ = 0;
};

template <class Net> void blank(Net& net, dlib::resizable_tensor& x, const network& shape, int batch) {
  typename Net::input_type image;
  for (auto& plane : image) plane = dlib::zeros_matrix<float>(shape.input().height, shape.input().width);
  const std::vector<typename Net::input_type> all(static_cast<std::size_t>(batch), image);
  net.to_tensor(all.begin(), all.end(), x);
}

template <class Body> struct inference final : classifier {
  Body net;
  dlib::resizable_tensor x;
  inference(const network& given, int batch) {
    parameters p = initial(given);
    const network folded = fold(given, p);
    blank(net, x, folded, batch);
    net.forward(x); // allocates the parameters
    dlib::visit_computational_layers(net, [load = loader{folded, p}](auto& layer) mutable { load(layer); });
  }
  void run(const float* images, float* logits) override {
    std::copy_n(images, x.size(), x.host_write_only());
    const dlib::tensor& z = net.forward(x);
    std::copy_n(z.host(), z.size(), logits);
  }
};

/// dlib has none.
struct adamw {
  update_loop loop{update::adamw};
  std::vector<float> m, v;
  dlib::resizable_tensor change;

  template <class Layer> const dlib::tensor& operator()(float, const Layer& layer, const dlib::tensor& gradient) {
    const dlib::tensor& p = layer.get_layer_params();
    m.resize(p.size()), v.resize(p.size());
    change.copy_size(p);
    std::copy_n(p.host(), p.size(), change.host_write_only());
    loop.advance();
    loop(change.host(), m.data(), v.data(), gradient.host(), p.size());
    for (std::size_t i = 0; i < p.size(); ++i) change.host()[i] -= p.host()[i];
    return change;
  }
};

template <class Body, class Solver> struct training final : trainee {
  dlib::loss_multiclass_log<Body> net;
  std::vector<Solver> solvers;
  dlib::resizable_tensor x;
  std::vector<unsigned long> labels;
  double rate;

  training(const network& given, int batch, Solver solver, double rate_)
      : labels(static_cast<std::size_t>(batch)), rate{rate_} {
    solvers.assign(decltype(net)::num_computational_layers, solver);
    dlib::visit_computational_layers(net, [](auto& layer) {
      if constexpr (std::is_same_v<std::decay_t<decltype(layer)>, dlib::bn_<dlib::CONV_MODE>>)
        layer = dlib::bn_<dlib::CONV_MODE>(100, double{norm_epsilon});
    });
    blank(net, x, given, batch);
    net.compute_loss(x, labels.begin()); // allocates the parameters
    const parameters p = initial(given);
    dlib::visit_computational_layers(net, [load = loader{given, p}](auto& layer) mutable { load(layer); });
  }
  float step(const float* images, const int* y) override {
    std::copy_n(images, x.size(), x.host_write_only());
    for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = static_cast<unsigned long>(y[i]);
    const double loss = net.compute_parameter_gradients(x, labels.begin());
    net.update_parameters(solvers, rate);
    return static_cast<float>(loss);
  }
};

template <class Body> std::unique_ptr<trainee> train(const network& net, int batch, update rule) {
  if (rule == update::sgd)
    return std::make_unique<training<Body, dlib::sgd>>(net, batch, dlib::sgd(0, 0), double{sgd_rate});
  if (rule == update::adam)
    return std::make_unique<training<Body, dlib::adam>>(net, batch, dlib::adam(0, beta1, beta2), double{adam_rate});
  return std::make_unique<training<Body, adamw>>(net, batch, adamw{}, 1.);
}

} // namespace

const std::vector<classifying_peer> dlib_classifying{
    {"dlib", "", [](const network& net, int batch) -> std::unique_ptr<classifier> {
       if (&net == &lenet()) return std::make_unique<inference<lenet_body>>(net, batch);
       return std::make_unique<inference<small_resnet_body<folded>>>(net, batch);
     }}};
const std::vector<image_training_peer> dlib_training{
    {"dlib", "", [](const network& net, int batch, update rule) {
       return &net == &lenet() ? train<lenet_body>(net, batch, rule)
                               : train<small_resnet_body<dlib::bn_con>>(net, batch, rule);
     }}};

} // namespace peers::images
