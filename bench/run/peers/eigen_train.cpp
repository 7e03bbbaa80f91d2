// Eigen with fixed sizes. Samples are columns; the batch sizes of the table are known to the compiler as well.
#include "peer.hpp"
#include <Eigen/Dense>
#include <cmath>

namespace peers {
namespace {

template <int R, int S> using matrix = Eigen::Matrix<float, R, S>;
template <int R, int S> using row_major = Eigen::Matrix<float, R, S, Eigen::RowMajor>;

// Weights are stored so that the products run along columns.
template <int Batch> struct trainer final : trainee {
  static constexpr int K = inputs, H = hidden, C = classes;
  int batch;
  bool adam;
  long t = 0;
  using weight1 = std::conditional_t<Batch == 1, row_major<H, K>, matrix<H, K>>;
  weight1 w1, g1, m1, v1;
  matrix<C, H> w2, g2, m2, v2;
  matrix<H, 1> b1, gb1, mb1, vb1;
  matrix<C, 1> b2, gb2, mb2, vb2;
  matrix<H, Batch> h, dh;
  matrix<C, Batch> z;

  trainer(int batch_, bool adam_) : batch{batch_}, adam{adam_} {
    std::vector<float> all(parameter_count);
    initialize(all.data(), all.size());
    const float* p = all.data();
    w1 = Eigen::Map<const row_major<H, K>>(p);
    b1 = Eigen::Map<const matrix<H, 1>>(p += H * K);
    w2 = Eigen::Map<const row_major<C, H>>(p += H);
    b2 = Eigen::Map<const matrix<C, 1>>(p += C * H);
    m1.setZero(), v1.setZero(), m2.setZero(), v2.setZero(), mb1.setZero(), vb1.setZero(), mb2.setZero(), vb2.setZero();
  }

  template <class P, class G> static void update(P& p, P& m, P& v, const G& g, float rate, float c2) {
    m.array() = beta1 * m.array() + (1 - beta1) * g.array();
    v.array() = beta2 * v.array() + (1 - beta2) * g.array().square();
    p.array() -= rate * m.array() / ((v.array() * c2).sqrt() + epsilon);
  }

  float step(const float* input, const int* y) override {
    const Eigen::Map<const matrix<K, Batch>> x(input);
    h.noalias() = w1 * x;
    h = (h.colwise() + b1).cwiseMax(0.f);
    z.noalias() = w2 * h;
    z.colwise() += b2;
    z.rowwise() -= z.colwise().maxCoeff().eval();
    z = z.array().exp();
    z.array().rowwise() /= z.colwise().sum().eval().array();
    float loss = 0;
    for (int i = 0; i < batch; ++i) {
      loss -= std::log(z(y[i], i));
      z(y[i], i) -= 1;
    }
    const float scale = 1 / static_cast<float>(batch);
    z *= scale;
    dh.noalias() = w2.transpose() * z;
    dh = (h.array() > 0).select(dh, 0.f);
    if (!adam) {
      w2.noalias() -= (sgd_rate * z) * h.transpose();
      b2 -= sgd_rate * z.rowwise().sum();
      b1 -= sgd_rate * dh.rowwise().sum();
      dh *= sgd_rate;
      w1.noalias() -= dh * x.transpose();
      return loss * scale;
    }
    ++t;
    const float rate = adam_rate / (1 - std::pow(beta1, static_cast<float>(t)));
    const float c2 = 1 / (1 - std::pow(beta2, static_cast<float>(t)));
    g2.noalias() = z * h.transpose();
    update(w2, m2, v2, g2, rate, c2);
    gb2 = z.rowwise().sum();
    update(b2, mb2, vb2, gb2, rate, c2);
    gb1 = dh.rowwise().sum();
    update(b1, mb1, vb1, gb1, rate, c2);
    if constexpr (Batch == 1) { // row by row: the gradient is an expression and the row stays in the first cache
      for (int j = 0; j < H; ++j) {
        auto w = w1.row(j), m = m1.row(j), v = v1.row(j);
        const auto g = dh(j) * x.transpose();
        update(w, m, v, g, rate, c2);
      }
    } else {
      g1.noalias() = dh * x.transpose();
      for (int k = 0; k < K; k += 4) { // a few columns at a time: three passes, out of memory only once
        auto w = w1.template middleCols<4>(k), m = m1.template middleCols<4>(k), v = v1.template middleCols<4>(k);
        update(w, m, v, g1.template middleCols<4>(k), rate, c2);
      }
    }
    return loss * scale;
  }
};

} // namespace

std::unique_ptr<trainee> make_eigen(int batch, bool adam) {
  switch (batch) {
  case 1:
    return std::make_unique<trainer<1>>(batch, adam);
  case 32:
    return std::make_unique<trainer<32>>(batch, adam);
  case 64:
    return std::make_unique<trainer<64>>(batch, adam);
  case 256:
    return std::make_unique<trainer<256>>(batch, adam);
  default:
    return nullptr; // those of the table only: each is a program of its own
  }
}

} // namespace peers
