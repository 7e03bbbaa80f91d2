// RTNeural's method on Eigen, written anew: a layer with fixed sizes keeps its state and its outputs. Each layer as the
// library publishes it, and, as "Eigen", with what one would change next.
#include "peer.hpp"
#include <Eigen/Dense>
#include <tuple>
#include <utility>

namespace peers::sequences {
namespace {

template <int R, int S = 1> using matrix = Eigen::Matrix<float, R, S>;

template <int R, int S> matrix<R, S> read(const std::vector<float>& from, int row = 0) {
  return Eigen::Map<const Eigen::Matrix<float, R, S, S == 1 ? Eigen::ColMajor : Eigen::RowMajor>>(from.data() +
                                                                                                  row * S);
}

/// Eigen's tanh is a rational function, which is faster than its exp.
template <class X> auto sigmoid(const X& x) { return (x.array() * .5f).tanh() * .5f + .5f; }

/// The biases are a further column of the weights, inputs and state have a one behind them.
template <int In, int H> struct published_gru {
  matrix<3 * H, In + 1> w;
  matrix<3 * H, H + 1> u;
  matrix<In + 1> x;
  matrix<H + 1> h;
  matrix<3 * H> a, b;
  matrix<2 * H> gates;
  matrix<H> c, outs;

  published_gru(parameters& p, const std::string& name) {
    w << read<3 * H, In>(p[name + ".weight_ih_l0"]), read<3 * H, 1>(p[name + ".bias_ih_l0"]);
    u << read<3 * H, H>(p[name + ".weight_hh_l0"]), read<3 * H, 1>(p[name + ".bias_hh_l0"]);
    x.setOnes();
    h.setZero();
    h(H) = 1;
  }
  void forward(const matrix<In>& in) {
    x.template head<In>() = in;
    a.noalias() = w * x;
    b.noalias() = u * h;
    gates = sigmoid(a.template head<2 * H>() + b.template head<2 * H>());
    c = (a.template tail<H>() + gates.template head<H>().cwiseProduct(b.template tail<H>())).array().tanh();
    h.template head<H>() = c + gates.template tail<H>().cwiseProduct(h.template head<H>() - c);
    outs = h.template head<H>();
  }
};

/// The biases stand apart, so that every column begins at a vector.
template <int In, int H> struct aligned_gru {
  matrix<3 * H, In> w;
  matrix<3 * H, H> u;
  matrix<3 * H> bias, a, b;
  matrix<H> bias_of_candidate, c, outs;

  aligned_gru(parameters& p, const std::string& name)
      : w{read<3 * H, In>(p[name + ".weight_ih_l0"])}, u{read<3 * H, H>(p[name + ".weight_hh_l0"])},
        bias{read<3 * H, 1>(p[name + ".bias_ih_l0"])} {
    const matrix<3 * H> hidden = read<3 * H, 1>(p[name + ".bias_hh_l0"]);
    bias.template head<2 * H>() += hidden.template head<2 * H>();
    bias_of_candidate = hidden.template tail<H>();
    outs.setZero();
  }
  void forward(const matrix<In>& in) {
    if constexpr (In == 1)
      a = w * in(0) + bias;
    else
      a.noalias() = w * in + bias;
    b.noalias() = u * outs;
    a.template head<2 * H>() = sigmoid(a.template head<2 * H>() + b.template head<2 * H>());
    c = (a.template tail<H>() + a.template head<H>().cwiseProduct(b.template tail<H>() + bias_of_candidate))
            .array()
            .tanh();
    outs = c + a.template segment<H>(H).cwiseProduct(outs - c);
  }
};

/// The four gates, those with a sigmoid beside each other, as one product with input, state and a one.
template <int In, int H> struct published_lstm {
  matrix<4 * H, In + H + 1> weight;
  matrix<In + H + 1> x;
  matrix<4 * H> a;
  matrix<3 * H> gates;
  matrix<H> candidate, c, outs;

  published_lstm(parameters& p, const std::string& name) {
    for (int place = 0; const int gate : {0, 1, 3, 2})
      weight.template middleRows<H>(H * place++) << read<H, In>(p[name + ".weight_ih_l0"], gate * H),
          read<H, H>(p[name + ".weight_hh_l0"], gate * H),
          read<H, 1>(p[name + ".bias_ih_l0"], gate * H) + read<H, 1>(p[name + ".bias_hh_l0"], gate * H);
    x.setZero();
    x(In + H) = 1;
    c.setZero();
  }
  void forward(const matrix<In>& in) {
    x.template head<In>() = in;
    a.noalias() = weight * x;
    gates = sigmoid(a.template head<3 * H>());
    candidate = a.template tail<H>().array().tanh();
    c = gates.template segment<H>(H).cwiseProduct(c) + gates.template head<H>().cwiseProduct(candidate);
    outs = c.array().tanh();
    outs = gates.template tail<H>().cwiseProduct(outs).eval();
    x.template segment<H>(In) = outs;
  }
};

/// The same with the bias apart.
template <int In, int H> struct aligned_lstm {
  matrix<4 * H, In> w;
  matrix<4 * H, H> u;
  matrix<4 * H> bias, a;
  matrix<H> c, outs;

  aligned_lstm(parameters& p, const std::string& name) {
    for (int place = 0; const int gate : {0, 1, 3, 2}) {
      w.template middleRows<H>(place * H) = read<H, In>(p[name + ".weight_ih_l0"], gate * H);
      u.template middleRows<H>(place * H) = read<H, H>(p[name + ".weight_hh_l0"], gate * H);
      bias.template segment<H>(place * H) =
          read<H, 1>(p[name + ".bias_ih_l0"], gate * H) + read<H, 1>(p[name + ".bias_hh_l0"], gate * H);
      ++place;
    }
    c.setZero();
    outs.setZero();
  }
  void forward(const matrix<In>& in) {
    if constexpr (In == 1)
      a = w * in(0) + bias;
    else
      a.noalias() = w * in + bias;
    a.noalias() += u * outs;
    a.template head<3 * H>() = sigmoid(a.template head<3 * H>());
    c = a.template segment<H>(H).cwiseProduct(c) +
        a.template head<H>().cwiseProduct(a.template tail<H>().array().tanh().matrix());
    outs = a.template segment<H>(2 * H).cwiseProduct(c.array().tanh().matrix());
  }
};

/// A circular buffer of columns; those that count are copied side by side.
template <int In, int Kernel, int Dilation> struct past {
  static constexpr int reach = (Kernel - 1) * Dilation + 1;
  matrix<In, reach> columns;
  matrix<In, Kernel> chosen;
  int now = 0;
  past() { columns.setZero(); }
  void push(const matrix<In>& in) {
    columns.col(now) = in;
    for (int k = 0; k < Kernel; ++k) chosen.col(k) = columns.col((now + reach - k * Dilation) % reach);
    now = now == reach - 1 ? 0 : now + 1;
  }
};

/// One sum of products for each filter.
template <int In, int Out, int Kernel, int Dilation> struct published_convolution {
  past<In, Kernel, Dilation> state;
  matrix<In, Kernel> weight[Out];
  matrix<Out> bias, outs;
  published_convolution(parameters& p, const std::string& name) : bias{read<Out, 1>(p[name + ".bias"])} {
    for (int n = 0; n < Out; ++n) weight[n] = read<In, Kernel>(p[name + ".weight"], n * In).rowwise().reverse();
  }
  void forward(const matrix<In>& in) {
    state.push(in);
    for (int n = 0; n < Out; ++n) outs(n) = state.chosen.cwiseProduct(weight[n]).sum() + bias(n);
  }
};

/// One product of all filters with the columns one below the other.
template <int In, int Out, int Kernel, int Dilation> struct product_convolution {
  past<In, Kernel, Dilation> state;
  matrix<Out, In * Kernel> weight;
  matrix<Out> bias, outs;
  product_convolution(parameters& p, const std::string& name) : bias{read<Out, 1>(p[name + ".bias"])} {
    const auto& from = p[name + ".weight"];
    for (int n = 0; n < Out; ++n)
      for (int c = 0; c < In; ++c)
        for (int k = 0; k < Kernel; ++k)
          weight(n, k * In + c) = from[static_cast<std::size_t>((n * In + c) * Kernel + Kernel - 1 - k)];
  }
  void forward(const matrix<In>& in) {
    state.push(in);
    outs = bias;
    outs.noalias() += weight * Eigen::Map<const matrix<In * Kernel>>(state.chosen.data());
  }
};

template <int N> struct tanh_layer {
  matrix<N> outs;
  tanh_layer(parameters&, const std::string&) {}
  void forward(const matrix<N>& in) { outs = in.array().tanh(); }
};
template <int In, int Out> struct dense {
  matrix<Out, In> weight;
  matrix<Out> bias, outs;
  dense(parameters& p, const std::string& name)
      : weight{read<Out, In>(p[name + ".weight"])}, bias{read<Out, 1>(p[name + ".bias"])} {}
  void forward(const matrix<In>& in) { outs.noalias() = weight * in + bias; }
};

template <class Net, class... Layers> struct model {
  using net = Net;
  std::tuple<Layers...> layers;

  model() : model{Net::initial(), std::index_sequence_for<Layers...>{}} {}
  template <std::size_t... I>
  model(parameters p, std::index_sequence<I...>) : layers{Layers{p, std::to_string(I)}...} {}

  void step(const float* in, float* out) {
    const matrix<Net::inputs> x = Eigen::Map<const matrix<Net::inputs>>{in};
    std::get<0>(layers).forward(x);
    [this]<std::size_t... I>(std::index_sequence<I...>) {
      (std::get<I + 1>(layers).forward(std::get<I>(layers).outs), ...);
    }(std::make_index_sequence<sizeof...(Layers) - 1>{});
    Eigen::Map<matrix<Net::outputs>>{out} = std::get<sizeof...(Layers) - 1>(layers).outs;
  }
};

template <template <int, int> class Gru, template <int, int> class Lstm,
          template <int, int, int, int> class Convolution>
constexpr stream_peer peer(const char* library) {
  return {library,
          "",
          make_stream<model<gru_24, Gru<1, 24>>>,
          make_stream<model<lstm_32, Lstm<1, 32>>>,
          make_stream<model<convolutions, Convolution<1, 8, 3, 1>, tanh_layer<8>, Convolution<8, 8, 3, 4>,
                            tanh_layer<8>, dense<8, 1>>>,
          make_stream<model<lstm_8, Lstm<1, 8>, dense<8, 1>>>,
          make_stream<model<gru_8, Gru<1, 8>, dense<8, 1>>>};
}

} // namespace

const std::vector<stream_peer> rtneural_eigen_streams{
    peer<published_gru, published_lstm, published_convolution>("RTNeural Eigen"),
    peer<aligned_gru, aligned_lstm, product_convolution>("Eigen")};

} // namespace peers::sequences
