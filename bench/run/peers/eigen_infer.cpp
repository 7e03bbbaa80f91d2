// Eigen with fixed sizes, one sample.
#include "peer.hpp"
#include <Eigen/Dense>
#include <cmath>

namespace peers {
namespace {

template <int R, int S> using matrix = Eigen::Matrix<float, R, S>;
template <int R, int S> using row_major = Eigen::Matrix<float, R, S, Eigen::RowMajor>;

// One sample: matrices in Eigen's own order (columns), the activation in one expression with the bias.
template <int In, int Out> struct dense {
  matrix<Out, In> weight;
  matrix<Out, 1> bias;
  explicit dense(const float*& p) {
    weight = Eigen::Map<const row_major<Out, In>>(p);
    bias = Eigen::Map<const matrix<Out, 1>>(p += Out * In);
    p += Out;
  }
};

template <class Net, int In, int Hidden, int Out> void three(const float* in, float* out) {
  struct net {
    std::vector<float> all = parameters_of<Net>();
    const float* p = all.data();
    dense<In, Hidden> a{p};
    dense<Hidden, Hidden> b{p};
    dense<Hidden, Out> c{p};
  };
  static const net n;
  const Eigen::Map<const matrix<In, 1>, Eigen::Aligned64> x(in);
  matrix<Hidden, 1> h, k;
  h.noalias() = n.a.weight * x;
  h = (h + n.a.bias).array().tanh();
  k.noalias() = n.b.weight * h;
  k = (k + n.b.bias).array().tanh();
  Eigen::Map<matrix<Out, 1>> y(out);
  y.noalias() = n.c.weight * k;
  y += n.c.bias;
}

void two(const float* in, float* out) {
  struct net {
    std::vector<float> all = parameters_of<digits>();
    const float* p = all.data();
    dense<inputs, hidden> a{p};
    dense<hidden, classes> b{p};
  };
  static const net* n = new net;
  const Eigen::Map<const matrix<inputs, 1>, Eigen::Aligned64> x(in);
  matrix<hidden, 1> h;
  h.noalias() = n->a.weight * x;
  h = (h + n->a.bias).cwiseMax(0.f);
  Eigen::Map<matrix<classes, 1>> y(out);
  y.noalias() = n->b.weight * h;
  y += n->b.bias;
}

} // namespace

extern const inference_peer eigen_inference{"Eigen", three<tiny, 8, 32, 1>, three<small, 16, 64, 4>, two};

} // namespace peers
