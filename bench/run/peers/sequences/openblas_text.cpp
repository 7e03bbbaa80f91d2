// The character model by hand: OpenBLAS for every product over all steps at once, and one a step for what the state
// needs; the gates as loops that the compiler vectorizes (compiled with -Ofast).
#include "../adam_loop.hpp"
#include "peer.hpp"
#include <algorithm>
#include <cblas.h>
#include <cmath>

namespace peers::sequences {
namespace {

constexpr int V = text::vocabulary, E = text::embedding, H = text::hidden, B = text::batch, T = text::steps,
              rows = T * B, G = 3 * H;

/// c (m, n) = a (m, k) b (n, k)ᵀ
void times_transposed(int m, int n, int k, const float* a, const float* b, float* c) {
  cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, m, n, k, 1, a, k, b, k, 0, c, n);
}
/// c (m, n) = beta c + a (m, k) b (k, n)
void times(int m, int n, int k, const float* a, const float* b, float beta, float* c) {
  cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, m, n, k, 1, a, k, b, n, beta, c, n);
}
/// c (m, n) = a (k, m)ᵀ b (k, n)
void transposed_times(int m, int n, int k, const float* a, const float* b, float* c) {
  cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, m, n, k, 1, a, m, b, n, 0, c, n);
}
void sum_rows(const float* __restrict a, int n, float* __restrict sum) {
  std::fill_n(sum, n, 0.f);
  for (int i = 0; i < rows; ++i)
    for (int j = 0; j < n; ++j) sum[j] += a[i * n + j];
}
float sigmoid(float x) { return 1 / (1 + std::exp(-x)); }

/// Where the parameters stand in a block of all of them.
struct places {
  float *embedding, *w, *u, *b, *d, *out, *bias;
  explicit places(float* p)
      : embedding{p}, w{p + V * E}, u{w + G * E}, b{u + G * H}, d{b + G}, out{d + G}, bias{out + V * H} {}
};
constexpr int count = V * E + G * E + G * H + 2 * G + V * H + V;

/// Rows are samples of one step beside each other, step after step.
struct characters final : text_trainee {
  std::vector<float> parameters = std::vector<float>(count), gradients = parameters, m = parameters, v = parameters;
  places p{parameters.data()}, g{gradients.data()};
  std::vector<float> x = block(E), dx = x, from_input = block(G), from_state = block(G), gates = block(G),
                     d_input = block(G), d_state = block(G), h = std::vector<float>((T + 1) * B * H), dh = block(H),
                     logits = block(V), carry = std::vector<float>(B * H);
  std::vector<int> token = std::vector<int>(rows), target = token;
  long updates = 0;

  static std::vector<float> block(int width) { return std::vector<float>(static_cast<std::size_t>(rows * width)); }
  characters() {
    const auto initial = initial_text();
    float* to = p.embedding;
    for (const char* name :
         {"0.weight", "1.weight_ih_l0", "1.weight_hh_l0", "1.bias_ih_l0", "1.bias_hh_l0", "2.weight", "2.bias"})
      to = std::copy(initial.at(name).begin(), initial.at(name).end(), to);
  }

  void forward_gates(int t) {
    const float* __restrict before = h.data() + t * B * H, * __restrict bias = p.b, * __restrict hidden_bias = p.d;
    float* __restrict now = h.data() + (t + 1) * B * H;
    for (int i = 0; i < B; ++i) {
      const float* __restrict a = from_input.data() + (t * B + i) * G;
      float* __restrict s = from_state.data() + (t * B + i) * G, * __restrict y = gates.data() + (t * B + i) * G;
      for (int j = 0; j < 2 * H; ++j) y[j] = sigmoid(a[j] + s[j] + bias[j] + hidden_bias[j]);
      for (int j = 0; j < H; ++j) {
        s[2 * H + j] += hidden_bias[2 * H + j];
        y[2 * H + j] = std::tanh(a[2 * H + j] + bias[2 * H + j] + y[j] * s[2 * H + j]);
        now[i * H + j] = y[2 * H + j] + y[H + j] * (before[i * H + j] - y[2 * H + j]);
      }
    }
  }
  void backward_gates(int t) {
    const float* __restrict before = h.data() + t * B * H;
    float* __restrict back = carry.data();
    for (int i = 0; i < B; ++i) {
      const int row = t * B + i;
      const float* __restrict y = gates.data() + row * G, * __restrict s = from_state.data() + row * G, * __restrict up = dh.data() + row * H;
      float* __restrict di = d_input.data() + row * G, * __restrict ds = d_state.data() + row * G;
      for (int j = 0; j < H; ++j) {
        const float d = up[j] + back[i * H + j], r = y[j], z = y[H + j], n = y[2 * H + j];
        const float dn = d * (1 - z) * (1 - n * n), dz = d * (before[i * H + j] - n) * z * (1 - z),
                    dr = dn * s[2 * H + j] * r * (1 - r);
        di[j] = ds[j] = dr;
        di[H + j] = ds[H + j] = dz;
        di[2 * H + j] = dn;
        ds[2 * H + j] = dn * r;
        back[i * H + j] = d * z;
      }
    }
  }
  /// Logits become gradients.
  float cross_entropy() {
    float loss = 0;
    for (int i = 0; i < rows; ++i) {
      float* __restrict z = logits.data() + i * V, top = -1e30f, sum = 0;
      for (int j = 0; j < V; ++j) top = std::max(top, z[j] += p.bias[j]);
      for (int j = 0; j < V; ++j) sum += z[j] = std::exp(z[j] - top);
      const float inverse = 1 / sum;
      loss -= std::log(z[target[static_cast<std::size_t>(i)]] * inverse);
      for (int j = 0; j < V; ++j) z[j] *= inverse / rows;
      z[target[static_cast<std::size_t>(i)]] -= 1.f / rows;
    }
    return loss / rows;
  }

  float step(const int* tokens, const int* targets) override {
    for (int i = 0; i < B; ++i)
      for (int t = 0; t < T; ++t) {
        token[static_cast<std::size_t>(t * B + i)] = tokens[i * T + t];
        target[static_cast<std::size_t>(t * B + i)] = targets[i * T + t];
      }
    for (int i = 0; i < rows; ++i)
      std::copy_n(p.embedding + token[static_cast<std::size_t>(i)] * E, E, x.data() + i * E);
    times_transposed(rows, G, E, x.data(), p.w, from_input.data());
    for (int t = 0; t < T; ++t) {
      times_transposed(B, G, H, h.data() + t * B * H, p.u, from_state.data() + t * B * G);
      forward_gates(t);
    }
    const float* states = h.data() + B * H;
    times_transposed(rows, V, H, states, p.out, logits.data());
    const float loss = cross_entropy();

    transposed_times(V, H, rows, logits.data(), states, g.out);
    sum_rows(logits.data(), V, g.bias);
    times(rows, H, V, logits.data(), p.out, 0, dh.data());
    std::fill(carry.begin(), carry.end(), 0.f);
    for (int t = T - 1; t >= 0; --t) {
      backward_gates(t);
      times(B, H, G, d_state.data() + t * B * G, p.u, 1, carry.data());
    }
    transposed_times(G, H, rows, d_state.data(), h.data(), g.u);
    transposed_times(G, E, rows, d_input.data(), x.data(), g.w);
    sum_rows(d_input.data(), G, g.b);
    sum_rows(d_state.data(), G, g.d);
    times(rows, E, G, d_input.data(), p.w, 0, dx.data());
    std::fill_n(g.embedding, V * E, 0.f);
    for (int i = 0; i < rows; ++i) {
      float* to = g.embedding + token[static_cast<std::size_t>(i)] * E;
      for (int j = 0; j < E; ++j) to[j] += dx[static_cast<std::size_t>(i * E + j)];
    }

    float square = 0;
    for (const float d : gradients) square += d * d;
    if (const float norm = std::sqrt(square); norm > text::largest_norm)
      for (float& d : gradients) d *= text::largest_norm / (norm + 1e-6f);
    adam_step update{++updates};
    update.rate *= text::rate / adam_rate;
    update(parameters.data(), m.data(), v.data(), gradients.data(), count);
    return loss;
  }
};

} // namespace

const std::vector<text_peer> openblas_text{
    {"OpenBLAS", "", [] { return std::unique_ptr<text_trainee>(new characters); }}};

} // namespace peers::sequences
