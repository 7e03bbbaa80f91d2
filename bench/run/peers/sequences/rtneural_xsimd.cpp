// RTNeural's method on xsimd, written anew: a vector of features is an array of registers, a matrix is kept by input,
// and input k times that column is added to all outputs. Each layer as the library publishes it, and with all gates in
// one walk over the inputs; both with the widest registers and with those of eight numbers, which fit these sizes
// better.
#include "peer.hpp"
#include <algorithm>
#include <tuple>
#include <utility>
#include <xsimd/xsimd.hpp>

namespace peers::sequences {
namespace {

using widest = xsimd::batch<float>;
#ifdef __AVX512F__
using eight = xsimd::batch<float, xsimd::fma3<xsimd::avx2>>;
#else
using eight = widest;
#endif

template <class V> constexpr int vectors(int n) {
  return (n + static_cast<int>(V::size) - 1) / static_cast<int>(V::size);
}
template <class V, int N> struct row {
  V v[vectors<V>(N)];
  row() { std::fill(std::begin(v), std::end(v), V(0.f)); }
  V& operator[](int i) { return v[i]; }
  const V& operator[](int i) const { return v[i]; }
  /// Every `stride`-th number.
  void load(const float* from, int stride = 1) {
    alignas(64) float padded[vectors<V>(N) * V::size]{};
    for (int i = 0; i < N; ++i) padded[i] = from[i * stride];
    for (int i = 0; i < vectors<V>(N); ++i) v[i] = V::load_aligned(padded + i * V::size);
  }
};

template <class V> V sigmoid(V x) { return V(1.f) / (V(1.f) + xsimd::exp(-x)); }
template <class V> float sum(V v) {
#if XSIMD_VERSION_MAJOR >= 9
  return xsimd::reduce_add(v);
#else
  return xsimd::hadd(v);
#endif
}

/// N outputs of K inputs, by input.
template <class V, int K, int N> struct matrix {
  row<V, N> column[K];
  void load(const float* from) {
    for (int k = 0; k < K; ++k) column[k].load(from + k, K);
  }
  /// The library's walk: a register of inputs at a time.
  row<V, N> operator*(const row<V, K>& x) const {
    constexpr int width = static_cast<int>(V::size);
    row<V, N> y;
    alignas(64) float scalar[V::size];
    for (int k = 0; k < vectors<V>(K); ++k) {
      x[k].store_aligned(scalar);
      for (int i = 0; i < vectors<V>(N); ++i)
        for (int j = 0; j < width && k * width + j < K; ++j) y[i] += scalar[j] * column[k * width + j][i];
    }
    return y;
  }
};

template <class V, int N> row<V, N> read(const std::vector<float>& from, int gate = 0) {
  row<V, N> r;
  r.load(from.data() + gate * N);
  return r;
}

/// What a gate adds to the product of the state: bias and the input's product, which for one input is a scaled row.
template <class V, int In, int H> struct gate {
  matrix<V, In, H> w;
  matrix<V, H, H> u;
  row<V, H> bias_of_input, bias_of_state;
  gate(parameters& p, const std::string& name, int which)
      : bias_of_input{read<V, H>(p[name + ".bias_ih_l0"], which)},
        bias_of_state{read<V, H>(p[name + ".bias_hh_l0"], which)} {
    w.load(p[name + ".weight_ih_l0"].data() + which * H * In);
    u.load(p[name + ".weight_hh_l0"].data() + which * H * H);
  }
  /// Both biases as one.
  void merge() {
    for (int i = 0; i < vectors<V>(H); ++i) bias_of_input[i] += bias_of_state[i];
  }
  row<V, H> from_input(const row<V, In>& x) const {
    if constexpr (In > 1) {
      row<V, H> y = w * x;
      for (int i = 0; i < vectors<V>(H); ++i) y[i] += bias_of_input[i];
      return y;
    } else {
      row<V, H> y;
      for (int i = 0; i < vectors<V>(H); ++i) y[i] = xsimd::fma(w.column[0][i], x[0], bias_of_input[i]);
      return y;
    }
  }
};

// ---- as published: gate by gate

template <class V, int In, int H> struct published_gru {
  gate<V, In, H> r, z, n;
  row<V, H> outs;
  published_gru(parameters& p, const std::string& name) : r{p, name, 0}, z{p, name, 1}, n{p, name, 2} {
    r.merge(), z.merge();
  }
  void forward(const row<V, In>& x) {
    row<V, H> a = z.u * outs, b = z.from_input(x);
    for (int i = 0; i < vectors<V>(H); ++i) a[i] = sigmoid(a[i] + b[i]);
    row<V, H> c = r.u * outs;
    b = r.from_input(x);
    for (int i = 0; i < vectors<V>(H); ++i) c[i] = sigmoid(c[i] + b[i]);
    row<V, H> d = n.u * outs;
    b = n.from_input(x);
    for (int i = 0; i < vectors<V>(H); ++i) d[i] = xsimd::tanh(xsimd::fma(c[i], d[i] + n.bias_of_state[i], b[i]));
    for (int i = 0; i < vectors<V>(H); ++i) outs[i] = xsimd::fma(V(1.f) - a[i], d[i], a[i] * outs[i]);
  }
};

template <class V, int In, int H> struct published_lstm {
  gate<V, In, H> input, forget, candidate, output;
  row<V, H> c, outs;
  published_lstm(parameters& p, const std::string& name)
      : input{p, name, 0}, forget{p, name, 1}, candidate{p, name, 2}, output{p, name, 3} {
    input.merge(), forget.merge(), candidate.merge(), output.merge();
  }
  static row<V, H> value(const gate<V, In, H>& g, const row<V, In>& x, const row<V, H>& h) {
    row<V, H> a = g.u * h;
    const row<V, H> b = g.from_input(x);
    for (int i = 0; i < vectors<V>(H); ++i) a[i] += b[i];
    return a;
  }
  void forward(const row<V, In>& x) {
    row<V, H> f = value(forget, x, outs), a = value(input, x, outs), o = value(output, x, outs);
    for (int i = 0; i < vectors<V>(H); ++i) f[i] = sigmoid(f[i]), a[i] = sigmoid(a[i]), o[i] = sigmoid(o[i]);
    const row<V, H> t = value(candidate, x, outs);
    for (int i = 0; i < vectors<V>(H); ++i) c[i] = xsimd::fma(a[i], xsimd::tanh(t[i]), f[i] * c[i]);
    for (int i = 0; i < vectors<V>(H); ++i) outs[i] = o[i] * xsimd::tanh(c[i]);
  }
};

// ---- all gates in one walk: the sums stay in registers, the state is read from memory number by number

template <class V, int In, int H, int Gates> struct gates {
  struct column {
    row<V, H> of[Gates];
  } w[In], u[H], bias;
  row<V, H> bias_of_candidate; // of the GRU, which multiplies it by a gate
  gates(parameters& p, const std::string& name) {
    for (int g = 0; g < Gates; ++g) {
      const float *from_input = p[name + ".weight_ih_l0"].data() + g * H * In,
                  *from_state = p[name + ".weight_hh_l0"].data() + g * H * H;
      for (int k = 0; k < In; ++k) w[k].of[g].load(from_input + k, In);
      for (int k = 0; k < H; ++k) u[k].of[g].load(from_state + k, H);
      bias.of[g] = read<V, H>(p[name + ".bias_ih_l0"], g);
      const auto second = read<V, H>(p[name + ".bias_hh_l0"], g);
      if (Gates == 3 && g == 2)
        bias_of_candidate = second;
      else
        for (int i = 0; i < vectors<V>(H); ++i) bias.of[g][i] += second[i];
    }
  }
  column of_input(const row<V, In>& x) const {
    alignas(64) float scalar[vectors<V>(In) * V::size];
    for (int i = 0; i < vectors<V>(In); ++i) x[i].store_aligned(scalar + i * V::size);
    column a = bias;
    add(a, w, scalar);
    return a;
  }
  template <std::size_t K> static void add(column& a, const column (&m)[K], const float* x) {
#pragma GCC unroll 4
    for (std::size_t k = 0; k < K; ++k) {
      const V s(x[k]);
      for (int g = 0; g < Gates; ++g)
        for (int i = 0; i < vectors<V>(H); ++i) a.of[g][i] = xsimd::fma(s, m[k].of[g][i], a.of[g][i]);
    }
  }
};

template <class V, int In, int H> struct combined_gru {
  gates<V, In, H, 3> all;
  row<V, H> outs;
  combined_gru(parameters& p, const std::string& name) : all{p, name} {}
  void forward(const row<V, In>& x) {
    alignas(64) float state[vectors<V>(H) * V::size];
    for (int i = 0; i < vectors<V>(H); ++i) outs[i].store_aligned(state + i * V::size);
    auto a = all.of_input(x);
    const row<V, H> candidate = a.of[2];
    a.of[2] = all.bias_of_candidate;
    all.add(a, all.u, state);
    for (int i = 0; i < vectors<V>(H); ++i) {
      const V r = sigmoid(a.of[0][i]), z = sigmoid(a.of[1][i]),
              n = xsimd::tanh(xsimd::fma(r, a.of[2][i], candidate[i]));
      outs[i] = xsimd::fma(z, outs[i] - n, n);
    }
  }
};

template <class V, int In, int H> struct combined_lstm {
  gates<V, In, H, 4> all;
  row<V, H> c, outs;
  combined_lstm(parameters& p, const std::string& name) : all{p, name} {}
  void forward(const row<V, In>& x) {
    alignas(64) float state[vectors<V>(H) * V::size];
    for (int i = 0; i < vectors<V>(H); ++i) outs[i].store_aligned(state + i * V::size);
    auto a = all.of_input(x);
    all.add(a, all.u, state);
    for (int i = 0; i < vectors<V>(H); ++i) {
      c[i] = xsimd::fma(sigmoid(a.of[0][i]), xsimd::tanh(a.of[2][i]), sigmoid(a.of[1][i]) * c[i]);
      outs[i] = sigmoid(a.of[3][i]) * xsimd::tanh(c[i]);
    }
  }
};

// ---- convolutions: a circular buffer of steps

template <class V, int In, int Kernel, int Dilation> struct past {
  static constexpr int reach = (Kernel - 1) * Dilation + 1;
  row<V, In> steps[reach], chosen[Kernel];
  int now = 0;
  void push(const row<V, In>& x) {
    steps[now] = x;
    for (int k = 0; k < Kernel; ++k) chosen[k] = steps[(now + reach - k * Dilation) % reach];
    now = now == reach - 1 ? 0 : now + 1;
  }
};

/// A sum over registers for each filter.
template <class V, int In, int Out, int Kernel, int Dilation> struct published_convolution {
  past<V, In, Kernel, Dilation> state;
  row<V, In> weight[Out][Kernel];
  row<V, Out> bias, outs;
  published_convolution(parameters& p, const std::string& name) : bias{read<V, Out>(p[name + ".bias"])} {
    for (int n = 0; n < Out; ++n)
      for (int k = 0; k < Kernel; ++k)
        weight[n][k].load(p[name + ".weight"].data() + n * In * Kernel + Kernel - 1 - k, Kernel);
  }
  void forward(const row<V, In>& x) {
    state.push(x);
    constexpr int width = static_cast<int>(V::size);
    for (int i = 0; i < vectors<V>(Out); ++i) {
      alignas(64) float sums[V::size]{};
      for (int j = 0; j < width && i * width + j < Out; ++j) {
        V all(0.f);
        for (int k = 0; k < Kernel; ++k)
          for (int c = 0; c < vectors<V>(In); ++c) all += weight[i * width + j][k][c] * state.chosen[k][c];
        sums[j] = sum(all);
      }
      outs[i] = V::load_aligned(sums) + bias[i];
    }
  }
};

/// By input, as the library's other layers are.
template <class V, int In, int Out, int Kernel, int Dilation> struct column_convolution {
  past<V, In, Kernel, Dilation> state;
  matrix<V, In, Out> weight[Kernel];
  row<V, Out> bias, outs;
  column_convolution(parameters& p, const std::string& name) : bias{read<V, Out>(p[name + ".bias"])} {
    for (int k = 0; k < Kernel; ++k)
      for (int c = 0; c < In; ++c)
        weight[k].column[c].load(p[name + ".weight"].data() + c * Kernel + Kernel - 1 - k, In * Kernel);
  }
  void forward(const row<V, In>& x) {
    state.push(x);
    row<V, Out> y = bias;
    for (int k = 0; k < Kernel; ++k) {
      const row<V, Out> part = weight[k] * state.chosen[k];
      for (int i = 0; i < vectors<V>(Out); ++i) y[i] += part[i];
    }
    outs = y;
  }
};

template <class V, int N> struct tanh_layer {
  row<V, N> outs;
  tanh_layer(parameters&, const std::string&) {}
  void forward(const row<V, N>& x) {
    for (int i = 0; i < vectors<V>(N); ++i) outs[i] = xsimd::tanh(x[i]);
  }
};

/// To one number: a product and one sum over the register.
template <class V, int In> struct dense_to_one {
  row<V, In> weight;
  float bias;
  row<V, 1> outs;
  dense_to_one(parameters& p, const std::string& name)
      : weight{read<V, In>(p[name + ".weight"])}, bias{p[name + ".bias"][0]} {}
  void forward(const row<V, In>& x) {
    V y(0.f);
    for (int i = 0; i < vectors<V>(In); ++i) y += x[i] * weight[i];
    outs[0] = V(sum(y) + bias);
  }
};

template <class V, class Net, class... Layers> struct model {
  using net = Net;
  std::tuple<Layers...> layers;

  model() : model{Net::initial(), std::index_sequence_for<Layers...>{}} {}
  template <std::size_t... I>
  model(parameters p, std::index_sequence<I...>) : layers{Layers{p, std::to_string(I)}...} {}

  void step(const float* in, float* out) {
    static_assert(Net::inputs == 1);
    row<V, 1> x;
    x[0] = V(*in);
    std::get<0>(layers).forward(x);
    [this]<std::size_t... I>(std::index_sequence<I...>) {
      (std::get<I + 1>(layers).forward(std::get<I>(layers).outs), ...);
    }(std::make_index_sequence<sizeof...(Layers) - 1>{});
    const auto& y = std::get<sizeof...(Layers) - 1>(layers).outs;
    constexpr int width = static_cast<int>(V::size), whole = Net::outputs / width;
    for (int i = 0; i < whole; ++i) y[i].store_unaligned(out + i * width);
    if constexpr (Net::outputs == 1) {
      *out = y[0].get(0);
    } else if constexpr (Net::outputs % width != 0) {
      alignas(64) float rest[V::size];
      y[whole].store_aligned(rest);
      std::copy_n(rest, Net::outputs % width, out + whole * width);
    }
  }
};

template <class V, template <class, int, int> class Gru, template <class, int, int> class Lstm,
          template <class, int, int, int, int> class Convolution>
constexpr stream_peer peer(const char* library, const char* variant) {
  return {library,
          variant,
          make_stream<model<V, gru_24, Gru<V, 1, 24>>>,
          make_stream<model<V, lstm_32, Lstm<V, 1, 32>>>,
          make_stream<model<V, convolutions, Convolution<V, 1, 8, 3, 1>, tanh_layer<V, 8>, Convolution<V, 8, 8, 3, 4>,
                            tanh_layer<V, 8>, dense_to_one<V, 8>>>,
          make_stream<model<V, lstm_8, Lstm<V, 1, 8>, dense_to_one<V, 8>>>,
          make_stream<model<V, gru_8, Gru<V, 1, 8>, dense_to_one<V, 8>>>};
}

} // namespace

const std::vector<stream_peer> rtneural_xsimd_streams{
    peer<widest, published_gru, published_lstm, published_convolution>("RTNeural xsimd", "widest"),
    peer<eight, published_gru, published_lstm, published_convolution>("RTNeural xsimd", "8 lanes"),
    peer<widest, combined_gru, combined_lstm, column_convolution>("xsimd", "widest"),
    peer<eight, combined_gru, combined_lstm, column_convolution>("xsimd", "8 lanes")};

} // namespace peers::sequences
