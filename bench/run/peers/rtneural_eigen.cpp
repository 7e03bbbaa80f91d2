// RTNeural's method on Eigen: weights and bias in one matrix, the input with a one behind it; fixed sizes throughout.
#include "rtneural.hpp"
#include <Eigen/Dense>

namespace peers {
namespace {

template <int In, int Out> struct dense {
  Eigen::Matrix<float, Out, In> weight;
  Eigen::Matrix<float, Out, 1> bias, outs;
  void forward(const Eigen::Matrix<float, In, 1>& in) { outs.noalias() = weight * in + bias; }
  void load(const float*& p) {
    weight = Eigen::Map<const Eigen::Matrix<float, Out, In, Eigen::RowMajor>>(p);
    bias = Eigen::Map<const Eigen::Matrix<float, Out, 1>>(p + Out * In);
    p += Out * (In + 1);
  }
};
template <int N> struct tanh {
  Eigen::Matrix<float, N, 1> outs;
  void forward(const Eigen::Matrix<float, N, 1>& in) { outs = in.array().tanh(); }
};
template <int N> struct relu {
  Eigen::Matrix<float, N, 1> outs;
  void forward(const Eigen::Matrix<float, N, 1>& in) { outs = in.array().max(0.f); }
};

template <class Net, class Model, int In, int Out> void run(const float* in, float* out) {
  static Model& net = *[] {
    auto* m = new Model;
    m->template load<Net>();
    return m;
  }();
  const Eigen::Map<const Eigen::Matrix<float, In, 1>, Eigen::Aligned64> x(in);
  Eigen::Map<Eigen::Matrix<float, Out, 1>>{out} = net(x);
}

using rtneural::model;
using tiny_model = model<dense<8, 32>, tanh<32>, dense<32, 32>, tanh<32>, dense<32, 1>>;
using small_model = model<dense<16, 64>, tanh<64>, dense<64, 64>, tanh<64>, dense<64, 4>>;
using digits_model = model<dense<784, 128>, relu<128>, dense<128, 10>>;

} // namespace

extern const inference_peer rtneural_eigen_inference{
    "RTNeural Eigen", run<tiny, tiny_model, 8, 1>, run<small, small_model, 16, 4>, run<digits, digits_model, 784, 10>};

} // namespace peers
