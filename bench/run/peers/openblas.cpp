// OpenBLAS by hand: gemm calls and plain loops that the compiler vectorizes (compiled with -Ofast).
// `openblas` is what one writes first: gradients in a block of their own, then one loop for the update.
// `openblas_fused` is what one writes next: the update of SGD is the gemm's own beta = 1; Adam runs over a slice of the
// gradient while it is still in the cache; one sample takes gemv, and its rank-one gradient never exists in memory.
#include "adam_loop.hpp"
#include "peer.hpp"
#include <algorithm>
#include <cblas.h>
#include <cmath>

namespace peers {
namespace {

constexpr int K = inputs, H = hidden, C = classes;

/// Logits to (softmax - target) / batch in place; returns the sum of the losses.
float cross_entropy(float* z, const float* bias, const int* y, int batch) {
  float loss = 0;
  const float scale = 1 / static_cast<float>(batch);
  for (int i = 0; i < batch; ++i) {
    float *r = z + i * C, top = -1e30f, sum = 0;
    for (int j = 0; j < C; ++j) top = std::max(top, r[j] += bias[j]);
    for (int j = 0; j < C; ++j) sum += r[j] = std::exp(r[j] - top);
    const float inverse = 1 / sum;
    loss -= std::log(r[y[i]] * inverse);
    for (int j = 0; j < C; ++j) r[j] *= inverse * scale;
    r[y[i]] -= scale;
  }
  return loss;
}

/// Zeros, aligned to 64 bytes. `skew` keeps blocks that are walked together from starting at the same place of a page.
struct aligned {
  char* block;
  float* p;
  explicit aligned(std::size_t n, std::size_t skew = 0)
      : block{static_cast<char*>(::operator new(n * sizeof(float) + skew, std::align_val_t{4096}))},
        p{reinterpret_cast<float*>(block + skew)} {
    std::fill_n(p, n, 0.f);
  }
  aligned(const aligned&) = delete;
  ~aligned() { ::operator delete(block, std::align_val_t{4096}); }
  operator float*() const { return p; }
};

struct state : trainee {
  int batch;
  bool adam;
  long t = 0;
  aligned p, g, m, v, h, z, dh;
  float *w1 = p, *b1 = w1 + H * K, *w2 = b1 + H, *b2 = w2 + C * H;
  float *g1 = g, *gb1 = g1 + H * K, *g2 = gb1 + H, *gb2 = g2 + C * H;
  state(int batch_, bool adam_)
      : batch{batch_}, adam{adam_}, p{parameter_count}, g{parameter_count, 512}, m{parameter_count, 1024},
        v{parameter_count, 1536}, h(static_cast<std::size_t>(batch * H)), z(static_cast<std::size_t>(batch * C)),
        dh(static_cast<std::size_t>(batch * H)) {
    initialize(p, parameter_count);
  }
};

struct plain final : state {
  using state::state;
  float step(const float* x, const int* y) override {
    const int B = batch;
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, B, H, K, 1, x, K, w1, K, 0, h, H);
    for (int i = 0; i < B; ++i)
      for (int j = 0; j < H; ++j) h[i * H + j] = std::max(0.f, h[i * H + j] + b1[j]);
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, B, C, H, 1, h, H, w2, H, 0, z, C);
    const float loss = cross_entropy(z, b2, y, B);
    cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, C, H, B, 1, z, C, h, H, 0, g2, H);
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, B, H, C, 1, z, C, w2, H, 0, dh, H);
    std::fill_n(gb2, C, 0.f);
    for (int i = 0; i < B; ++i)
      for (int j = 0; j < C; ++j) gb2[j] += z[i * C + j];
    for (int i = 0; i < B * H; ++i) dh[i] = h[i] > 0 ? dh[i] : 0;
    cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, H, K, B, 1, dh, H, x, K, 0, g1, K);
    std::fill_n(gb1, H, 0.f);
    for (int i = 0; i < B; ++i)
      for (int j = 0; j < H; ++j) gb1[j] += dh[i * H + j];
    if (adam) {
      adam_step{++t}(p, m, v, g, parameter_count);
    } else {
      float* __restrict w = p, * __restrict d = g;
      for (std::size_t i = 0; i < parameter_count; ++i) w[i] -= sgd_rate * d[i];
    }
    return loss / static_cast<float>(B);
  }
};

struct fused final : state {
  using state::state;

  float one(const float* x, int y) {
    float* m1 = m;
    float* v1 = v;
    cblas_scopy(H, b1, 1, h, 1);
    cblas_sgemv(CblasRowMajor, CblasNoTrans, H, K, 1, w1, K, x, 1, 1, h, 1);
    for (int j = 0; j < H; ++j) h[j] = std::max(0.f, h[j]);
    for (int c = 0; c < C; ++c) {
      float sum = 0;
      for (int j = 0; j < H; ++j) sum += w2[c * H + j] * h[j];
      z[c] = sum;
    }
    const float loss = cross_entropy(z, b2, &y, 1);
    std::fill_n(dh.p, H, 0.f);
    for (int c = 0; c < C; ++c)
      for (int j = 0; j < H; ++j) dh[j] += z[c] * w2[c * H + j];
    for (int j = 0; j < H; ++j) dh[j] = h[j] > 0 ? dh[j] : 0;
    if (!adam) {
      cblas_sger(CblasRowMajor, C, H, -sgd_rate, z, 1, h, 1, w2, H);
      for (int c = 0; c < C; ++c) b2[c] -= sgd_rate * z[c];
      for (int j = 0; j < H; ++j) b1[j] -= sgd_rate * dh[j];
      cblas_sger(CblasRowMajor, H, K, -sgd_rate, dh, 1, x, 1, w1, K);
      return loss;
    }
    const adam_step update{++t};
    for (int j = 0; j < H; ++j) update.outer(w1 + j * K, m1 + j * K, v1 + j * K, x, dh[j], K);
    const std::ptrdiff_t o1 = b1 - p, o2 = w2 - p, o3 = b2 - p;
    update(b1, m + o1, v + o1, dh, H);
    for (int c = 0; c < C; ++c) update.outer(w2 + c * H, m + (o2 + c * H), v + (o2 + c * H), h, z[c], H);
    update(b2, m + o3, v + o3, z, C);
    return loss;
  }

  float step(const float* x, const int* y) override {
    const int B = batch;
    if (B == 1) return one(x, *y);
    for (int i = 0; i < B; ++i) std::copy_n(b1, H, h + i * H); // the bias goes in by beta = 1
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, B, H, K, 1, x, K, w1, K, 1, h, H);
    for (int i = 0; i < B * H; ++i) h[i] = std::max(0.f, h[i]);
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, B, C, H, 1, h, H, w2, H, 0, z, C);
    const float loss = cross_entropy(z, b2, y, B);
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, B, H, C, 1, z, C, w2, H, 0, dh, H);
    std::fill_n(gb1, H, 0.f);
    for (int i = 0; i < B; ++i)
      for (int j = 0; j < H; ++j) gb1[j] += dh[i * H + j] = h[i * H + j] > 0 ? dh[i * H + j] : 0;
    std::fill_n(gb2, C, 0.f);
    for (int i = 0; i < B; ++i)
      for (int j = 0; j < C; ++j) gb2[j] += z[i * C + j];
    if (!adam) {
      cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, C, H, B, -sgd_rate, z, C, h, H, 1, w2, H);
      cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, H, K, B, -sgd_rate, dh, H, x, K, 1, w1, K);
      for (int j = 0; j < H; ++j) b1[j] -= sgd_rate * gb1[j];
      for (int c = 0; c < C; ++c) b2[c] -= sgd_rate * gb2[c];
    } else {
      cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, C, H, B, 1, z, C, h, H, 0, g2, H);
      const adam_step update{++t};
      const int slice = B > 64 ? K : 112; // columns whose gradient stays in the cache
      for (int k = 0; k < K; k += slice) {
        cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, H, slice, B, 1, dh, H, x + k, K, 0, g1, slice);
        for (int j = 0; j < H; ++j)
          update(w1 + j * K + k, m + j * K + k, v + j * K + k, g1 + j * slice, static_cast<std::size_t>(slice));
      }
      const std::ptrdiff_t rest = b1 - p;
      update(b1, m + rest, v + rest, gb1, parameter_count - static_cast<std::size_t>(rest));
    }
    return loss / static_cast<float>(B);
  }
};

} // namespace

std::unique_ptr<trainee> make_openblas(int batch, bool adam) { return std::make_unique<plain>(batch, adam); }
std::unique_ptr<trainee> make_openblas_fused(int batch, bool adam) { return std::make_unique<fused>(batch, adam); }
void openblas_one_thread() { openblas_set_num_threads(1); }
const char* openblas_core() { return openblas_get_corename(); }

} // namespace peers
