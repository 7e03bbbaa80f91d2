// What one writes for these networks and no other: registers of eight numbers, all sums of a step in registers at once,
// sigmoids as rational functions of weights halved beforehand. A step waits for its chain of operations more than for
// their number, so whatever can be is computed beside it.
#include "peer.hpp"
#include <algorithm>
#include <xsimd/xsimd.hpp>

namespace peers::sequences {
namespace {

#ifdef __AVX512F__
using vector = xsimd::batch<float, xsimd::fma3<xsimd::avx2>>;
#else
using vector = xsimd::batch<float>;
#endif
constexpr int width = static_cast<int>(vector::size);

/// tanh(x) · factor, tanh as a rational function fitted for the least relative error.
[[gnu::always_inline]] inline vector tanh_times(vector x, vector factor) {
  constexpr float p[] = {0.999999941f, 0.129192292f, 0.0029207628f, 9.26743145e-06f, -1.2780477e-08f, 1.82553459e-11f};
  constexpr float q[] = {1.f, 0.462525131f, 0.0237631723f, 0.000228100345f};
  x = xsimd::max(xsimd::min(x, vector(9.f)), vector(-9.f));
  const vector t = x * x, t2 = t * t;
  const vector p01 = xsimd::fma(vector(p[1]), t, vector(p[0])), p23 = xsimd::fma(vector(p[3]), t, vector(p[2])),
               p45 = xsimd::fma(vector(p[5]), t, vector(p[4])), q01 = xsimd::fma(vector(q[1]), t, vector(q[0])),
               q23 = xsimd::fma(vector(q[3]), t, vector(q[2]));
  return x * factor * xsimd::fma(xsimd::fma(p45, t2, p23), t2, p01) / xsimd::fma(q23, t2, q01);
}
[[gnu::always_inline]] inline vector tanh(vector x) { return tanh_times(x, vector(1.f)); }
/// The sigmoid of twice x.
[[gnu::always_inline]] inline vector sigmoid_of_double(vector x) {
  return xsimd::fma(tanh(x), vector(.5f), vector(.5f));
}
inline float sum(vector v) {
#if XSIMD_VERSION_MAJOR >= 9
  return xsimd::reduce_add(v);
#else
  return xsimd::hadd(v);
#endif
}

/// Numbers `stride` apart.
vector gather(const float* from, int stride, float scale = 1) {
  alignas(64) float lanes[width];
  for (int i = 0; i < width; ++i) lanes[i] = scale * from[i * stride];
  return vector::load_aligned(lanes);
}

template <class Net> struct recurrent_model {
  using net = Net;
  static constexpr int H = Net::hidden, G = Net::gates, N = H / width;
  static_assert(H % width == 0 && Net::inputs == 1);
  static constexpr bool gru = G == 3;
  /// Walks with sums of their own, so that a small network does not wait for its additions.
  static constexpr int walks = G * N >= 8 ? 1 : 2;

  vector w[G][N], bias[G][N], u[H][G][N], bias_of_candidate[N], c[N], head[N];
  float head_bias = 0;
  alignas(64) float h[H]{};

  recurrent_model() {
    parameters p = Net::initial();
    for (int g = 0; g < G; ++g) {
      const float scale = g == 2 ? 1 : .5f;
      for (int i = 0; i < N; ++i) {
        const int row = g * H + i * width;
        w[g][i] = gather(p["0.weight_ih_l0"].data() + row, 1, scale);
        bias[g][i] = gather(p["0.bias_ih_l0"].data() + row, 1, scale);
        const vector second = gather(p["0.bias_hh_l0"].data() + row, 1, scale);
        if (gru && g == 2)
          bias_of_candidate[i] = second;
        else
          bias[g][i] += second;
        for (int k = 0; k < H; ++k) u[k][g][i] = gather(p["0.weight_hh_l0"].data() + row * H + k, H, scale);
      }
    }
    for (int i = 0; i < N; ++i) {
      c[i] = vector(0.f);
      if (Net::outputs == 1) head[i] = gather(p["1.weight"].data() + i * width, 1);
    }
    if (Net::outputs == 1) head_bias = p["1.bias"][0];
  }

  void step(const float* in, float* out) {
    const vector x(*in);
    vector a[walks][G][N];
    for (int g = 0; g < G; ++g)
      for (int i = 0; i < N; ++i) {
        a[0][g][i] = gru && g == 2 ? bias_of_candidate[i] : xsimd::fma(w[g][i], x, bias[g][i]);
        for (int s = 1; s < walks; ++s) a[s][g][i] = vector(0.f);
      }
#pragma GCC unroll 8
    for (int k = 0; k < H; k += walks)
      for (int s = 0; s < walks; ++s) {
        const vector state(h[k + s]);
        for (int g = 0; g < G; ++g)
          for (int i = 0; i < N; ++i) a[s][g][i] = xsimd::fma(state, u[k + s][g][i], a[s][g][i]);
      }
    vector y(0.f);
    for (int i = 0; i < N; ++i) {
      for (int s = 1; s < walks; ++s)
        for (int g = 0; g < G; ++g) a[0][g][i] += a[s][g][i];
      const auto &first = a[0][0], &second = a[0][1], &third = a[0][2];
      vector now;
      if constexpr (gru) { // what a gate multiplies is halved before the gate is there
        const vector half = vector(.5f) * third[i], from_input = xsimd::fma(w[2][i], x, bias[2][i]);
        const vector z = sigmoid_of_double(second[i]);
        now = xsimd::fma(z, vector::load_aligned(h + i * width),
                         tanh_times(xsimd::fma(tanh(first[i]), half, half + from_input), vector(1.f) - z));
      } else {
        c[i] = xsimd::fma(sigmoid_of_double(first[i]), tanh(third[i]), sigmoid_of_double(second[i]) * c[i]);
        now = tanh_times(c[i], sigmoid_of_double(a[0][G - 1][i]));
      }
      now.store_aligned(h + i * width);
      if (Net::outputs == 1)
        y = xsimd::fma(now, head[i], y);
      else
        now.store_unaligned(out + i * width);
    }
    if (Net::outputs == 1) *out = sum(y) + head_bias;
  }
};

/// Every step is written twice, so that those that count are at constant distances. (To shift the inputs by one place
/// instead makes loads wait for two stores at once: a third more time.)
struct convolution_model {
  using net = convolutions;
  static constexpr int F = net::filters, K = net::kernel, D = net::dilation, N = F / width, reach = (K - 1) * D + 1;
  vector w0[K][N], b0[N], w2[K][F][N], b2[N], w4[N];
  float b4, inputs[2 * reach]{};
  alignas(64) float hidden[2 * reach][F]{};
  int now = 0;

  convolution_model() {
    parameters p = net::initial();
    for (int i = 0; i < N; ++i) {
      const int n = i * width;
      b0[i] = gather(p["0.bias"].data() + n, 1), b2[i] = gather(p["2.bias"].data() + n, 1);
      w4[i] = gather(p["4.weight"].data() + n, 1);
      for (int k = 0; k < K; ++k) {
        w0[k][i] = gather(p["0.weight"].data() + n * K + k, K);
        for (int c = 0; c < F; ++c) w2[k][c][i] = gather(p["2.weight"].data() + (n * F + c) * K + k, F * K);
      }
    }
    b4 = p["4.bias"][0];
  }
  void step(const float* in, float* out) {
    inputs[now] = inputs[now + reach] = *in;
    for (int i = 0; i < N; ++i) {
      vector a = b0[i];
      for (int k = 0; k < K; ++k) a = xsimd::fma(w0[k][i], vector(inputs[now + reach - (K - 1) + k]), a);
      a = tanh(a);
      a.store_aligned(hidden[now] + i * width);
      a.store_aligned(hidden[now + reach] + i * width);
    }
    const auto* oldest = hidden + now + 1;
    vector a[K][N], y(0.f);
    for (int k = 0; k < K; ++k)
      for (int i = 0; i < N; ++i) a[k][i] = k ? vector(0.f) : b2[i];
#pragma GCC unroll 8
    for (int c = 0; c < F; ++c)
      for (int k = 0; k < K; ++k) {
        const vector x(oldest[k * D][c]);
        for (int i = 0; i < N; ++i) a[k][i] = xsimd::fma(x, w2[k][c][i], a[k][i]);
      }
    for (int i = 0; i < N; ++i) {
      for (int k = 1; k < K; ++k) a[0][i] += a[k][i];
      y = xsimd::fma(tanh(a[0][i]), w4[i], y);
    }
    *out = sum(y) + b4;
    now = now + 1 == reach ? 0 : now + 1;
  }
};

} // namespace

const std::vector<stream_peer> by_hand_streams{
    {"by hand", "", make_stream<recurrent_model<gru_24>>, make_stream<recurrent_model<lstm_32>>,
     make_stream<convolution_model>, make_stream<recurrent_model<lstm_8>>, make_stream<recurrent_model<gru_8>>}};

} // namespace peers::sequences
