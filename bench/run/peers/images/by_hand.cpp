// By hand with OpenBLAS: im2col and sgemm, plain loops that the compiler vectorizes (compiled with -Ofast). Activations
// are (C, N, H, W): a convolution is one product for several images, a batch norm runs over contiguous numbers, and a
// dense layer is a convolution as well. A few images at a time, so that their columns stay in the cache.
#include "update.hpp"
#include <algorithm>
#include <cblas.h>
#include <cmath>

namespace peers::images {
namespace {

constexpr int columns_in_cache = 32 * 1024; // numbers
constexpr float lowest = -1e30f;

struct evaluation {
  network net;
  int batch;
  std::map<std::string, trained> p;
  std::vector<std::vector<float>> y, dy;
  std::vector<float> columns;
  std::vector<std::vector<float>> mean, inverse; // of batch norms

  evaluation(network net_, const parameters& values, int batch_)
      : net{std::move(net_)}, batch{batch_}, y(net.nodes.size()), dy(net.nodes.size()), mean(net.nodes.size()),
        inverse(net.nodes.size()) {
    for (const auto& [name, from] : values) {
      trained& to = p.emplace(name, trained{from.size()}).first->second;
      std::copy(from.begin(), from.end(), to.value());
    }
    for (std::size_t i = 0; i < y.size(); ++i) {
      y[i].assign(static_cast<std::size_t>(batch * net.nodes[i].channels * pixels(net.nodes[i])), 0.f);
      dy[i] = y[i];
      if (net.nodes[i].kind == operation::convolution)
        columns.resize(std::max(columns.size(), static_cast<std::size_t>(net.depth(net.nodes[i]) * chunk(net.nodes[i]) *
                                                                         pixels(net.nodes[i]))));
      mean[i].resize(static_cast<std::size_t>(net.nodes[i].channels)), inverse[i] = mean[i];
    }
  }

  static int pixels(const node& n) { return n.height * n.width; }
  float* value(const node& n, const char* part) { return p.at(n.name + part).value(); }
  float* gradient(const node& n, const char* part) { return p.at(n.name + part).gradient(); }
  int chunk(const node& n) const { return std::clamp(columns_in_cache / (net.depth(n) * pixels(n)), 1, batch); }
  static bool pointwise(const node& n) { return n.kernel == 1 && n.stride == 1; }

  /// f(column of the matrix's row, place in x) for all pixels of one image that a place of the kernel meets.
  template <class F>
  static void each_row(const node& n, const node& above, int a, int b, F f) { // f(out row, first, end, in row)
    const int first = std::max(0, (n.padding - b + n.stride - 1) / n.stride);
    const int end = std::min(n.width, (above.width - 1 + n.padding - b) / n.stride + 1);
    for (int i = 0; i < n.height; ++i) f(i, first, end, i * n.stride + a - n.padding);
  }
  void to_columns(const node& n, int start, int images) {
    const node& above = net.before(n);
    const float* x = y[static_cast<std::size_t>(n.from)].data();
    float* to = columns.data();
    const int area = pixels(above);
    for (int c = 0; c < above.channels; ++c)
      for (int a = 0; a < n.kernel; ++a)
        for (int b = 0; b < n.kernel; ++b)
          if (pixels(n) == 1) {
            const float* from = x + (c * batch + start) * area + a * above.width + b;
            for (int m = 0; m < images; ++m) *to++ = from[m * area];
          } else {
            for (int m = 0; m < images; ++m, to += pixels(n))
              each_row(n, above, a, b, [&](int i, int first, int end, int row) {
                float* out = to + i * n.width;
                if (row < 0 || row >= above.height) return void(std::fill_n(out, n.width, 0.f));
                const float* from = x + (c * batch + start + m) * area + row * above.width + b - n.padding;
                for (int j = 0; j < first; ++j) out[j] = 0;
                if (n.stride == 1)
                  for (int j = first; j < end; ++j) out[j] = from[j];
                else
                  for (int j = first; j < end; ++j) out[j] = from[j * n.stride];
                for (int j = end; j < n.width; ++j) out[j] = 0;
              });
          }
  }
  void from_columns(const node& n, int start, int images) {
    const node& above = net.before(n);
    float* dx = dy[static_cast<std::size_t>(n.from)].data();
    const float* from = columns.data();
    const int area = pixels(above);
    for (int c = 0; c < above.channels; ++c)
      for (int a = 0; a < n.kernel; ++a)
        for (int b = 0; b < n.kernel; ++b)
          if (pixels(n) == 1) {
            float* to = dx + (c * batch + start) * area + a * above.width + b;
            for (int m = 0; m < images; ++m) to[m * area] += *from++;
          } else {
            for (int m = 0; m < images; ++m, from += pixels(n))
              each_row(n, above, a, b, [&](int i, int first, int end, int row) {
                if (row < 0 || row >= above.height) return;
                const float* in = from + i * n.width;
                float* to = dx + (c * batch + start + m) * area + row * above.width + b - n.padding;
                if (n.stride == 1)
                  for (int j = first; j < end; ++j) to[j] += in[j];
                else
                  for (int j = first; j < end; ++j) to[j * n.stride] += in[j];
              });
          }
  }

  void convolution(const node& n, const float* x, float* out) {
    const int depth = net.depth(n), all = batch * pixels(n), step = chunk(n);
    const float *w = value(n, ".weight"), *bias = value(n, ".bias");
    for (int start = 0; start < batch; start += step) {
      const int images = std::min(step, batch - start), count = images * pixels(n);
      float* to = out + start * pixels(n);
      if (!pointwise(n)) to_columns(n, start, images);
      if (all == 1)
        cblas_sgemv(CblasRowMajor, CblasNoTrans, n.channels, depth, 1, w, depth, pointwise(n) ? x : columns.data(), 1,
                    0, to, 1);
      else
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n.channels, count, depth, 1, w, depth,
                    pointwise(n) ? x + start * pixels(n) : columns.data(), pointwise(n) ? all : count, 0, to, all);
      const float low = n.relu ? 0.f : lowest;
      for (int f = 0; f < n.channels; ++f)
        for (int j = 0; j < count; ++j) to[f * all + j] = std::max(low, to[f * all + j] + bias[f]);
    }
  }
  /// `d` is the gradient at the sum, dx is there already where it must be added to.
  void convolution_backward(const node& n, const float* x, const float* d, float* dx) {
    const int depth = net.depth(n), all = batch * pixels(n), step = chunk(n);
    const float* w = value(n, ".weight");
    float *dw = gradient(n, ".weight"), *dbias = gradient(n, ".bias");
    for (int f = 0; f < n.channels; ++f) {
      float sum = 0;
      for (int j = 0; j < all; ++j) sum += d[f * all + j];
      dbias[f] = sum;
    }
    for (int start = 0; start < batch; start += step) {
      const int images = std::min(step, batch - start), count = images * pixels(n), skip = start * pixels(n);
      if (!pointwise(n)) to_columns(n, start, images);
      cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, n.channels, depth, count, 1, d + skip, all,
                  pointwise(n) ? x + skip : columns.data(), pointwise(n) ? all : count, start ? 1 : 0, dw, depth);
      if (n.from == 0) continue;
      cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, depth, count, n.channels, 1, w, depth, d + skip, all,
                  pointwise(n) ? 1 : 0, pointwise(n) ? dx + skip : columns.data(), pointwise(n) ? all : count);
      if (!pointwise(n)) from_columns(n, start, images);
    }
  }

  void norm(std::size_t index, const float* x, float* out) {
    const node& n = net.nodes[index];
    const int all = batch * pixels(n);
    const float *gamma = value(n, ".weight"), *beta = value(n, ".bias");
    float *running_mean = value(n, ".running_mean"), *running_var = value(n, ".running_var");
    const float count = static_cast<float>(all), low = n.relu ? 0.f : lowest;
    for (int c = 0; c < n.channels; ++c, x += all, out += all) {
      float sum = 0, square = 0;
      for (int j = 0; j < all; ++j) sum += x[j];
      const float m = sum / count;
      for (int j = 0; j < all; ++j) square += (x[j] - m) * (x[j] - m);
      const float inv = 1 / std::sqrt(square / count + norm_epsilon), scale = gamma[c] * inv, shift = beta[c];
      for (int j = 0; j < all; ++j) out[j] = std::max(low, (x[j] - m) * scale + shift);
      mean[index][static_cast<std::size_t>(c)] = m, inverse[index][static_cast<std::size_t>(c)] = inv;
      running_mean[c] += norm_momentum * (m - running_mean[c]);
      running_var[c] += norm_momentum * (square / (count - 1) - running_var[c]);
    }
  }
  void norm_backward(std::size_t index, const float* x, const float* d, float* dx) {
    const node& n = net.nodes[index];
    const int all = batch * pixels(n);
    const float* gamma = value(n, ".weight");
    float *dgamma = gradient(n, ".weight"), *dbeta = gradient(n, ".bias");
    for (int c = 0; c < n.channels; ++c, x += all, d += all, dx += all) {
      const float m = mean[index][static_cast<std::size_t>(c)], inv = inverse[index][static_cast<std::size_t>(c)];
      float sum = 0, product = 0;
      for (int j = 0; j < all; ++j) sum += d[j], product += d[j] * (x[j] - m);
      dbeta[c] = sum, dgamma[c] = product * inv;
      const float scale = gamma[c] * inv, a = sum / static_cast<float>(all),
                  b = product * inv * inv / static_cast<float>(all);
      for (int j = 0; j < all; ++j) dx[j] += scale * (d[j] - a - (x[j] - m) * b);
    }
  }

  void max_pool(const node& n, const float* x, float* out) const {
    const node& above = net.before(n);
    for (int image = 0; image < n.channels * batch; ++image)
      for (int i = 0; i < n.height; ++i, out += n.width) {
        const float *top = x + image * pixels(above) + 2 * i * above.width, *bottom = top + above.width;
        for (int j = 0; j < n.width; ++j)
          out[j] = std::max(std::max(top[2 * j], top[2 * j + 1]), std::max(bottom[2 * j], bottom[2 * j + 1]));
      }
  }
  void max_pool_backward(const node& n, const float* x, const float* out, const float* d, float* dx) const {
    const node& above = net.before(n);
    for (int image = 0; image < n.channels * batch; ++image)
      for (int i = 0; i < n.height; ++i, out += n.width, d += n.width) {
        const int at = image * pixels(above) + 2 * i * above.width;
        const float *top = x + at, *bottom = top + above.width;
        float* __restrict dtop = dx + at;
        float* __restrict dbottom = dtop + above.width;
        for (int j = 0; j < n.width; ++j) {
          const bool a = top[2 * j] == out[j], b = !a & (top[2 * j + 1] == out[j]),
                     c = !a & !b & (bottom[2 * j] == out[j]), e = !a & !b & !c;
          dtop[2 * j] = a ? d[j] : 0;
          dtop[2 * j + 1] = b ? d[j] : 0;
          dbottom[2 * j] = c ? d[j] : 0;
          dbottom[2 * j + 1] = e ? d[j] : 0;
        }
      }
  }

  const float* forward(const float* images) {
    const node& in = net.input();
    for (int m = 0; m < batch; ++m)
      for (int c = 0; c < in.channels; ++c)
        std::copy_n(images + (m * in.channels + c) * pixels(in), pixels(in),
                    y[0].data() + (c * batch + m) * pixels(in));
    for (std::size_t i = 1; i < y.size(); ++i) {
      const node& n = net.nodes[i];
      const float* x = y[static_cast<std::size_t>(n.from)].data();
      float* out = y[i].data();
      if (n.kind == operation::convolution) convolution(n, x, out);
      if (n.kind == operation::batch_norm) norm(i, x, out);
      if (n.kind == operation::max_pool) max_pool(n, x, out);
      if (n.kind == operation::global_average)
        for (int r = 0; r < n.channels * batch; ++r) {
          float sum = 0;
          for (int j = 0; j < pixels(net.before(n)); ++j) sum += x[r * pixels(net.before(n)) + j];
          out[r] = sum / static_cast<float>(pixels(net.before(n)));
        }
      if (n.kind == operation::add) {
        const float *other = y[static_cast<std::size_t>(n.second)].data(), low = n.relu ? 0.f : lowest;
        for (std::size_t j = 0; j < y[i].size(); ++j) out[j] = std::max(low, x[j] + other[j]);
      }
    }
    return y.back().data();
  }
  void backward() {
    for (std::size_t i = 0; i + 1 < dy.size(); ++i) std::fill(dy[i].begin(), dy[i].end(), 0.f);
    for (std::size_t i = y.size() - 1; i > 0; --i) {
      const node& n = net.nodes[i];
      const float *x = y[static_cast<std::size_t>(n.from)].data(), *out = y[i].data();
      float *d = dy[i].data(), *dx = dy[static_cast<std::size_t>(n.from)].data();
      if (n.relu)
        for (std::size_t j = 0; j < y[i].size(); ++j) d[j] = out[j] > 0 ? d[j] : 0;
      if (n.kind == operation::convolution) convolution_backward(n, x, d, dx);
      if (n.kind == operation::batch_norm) norm_backward(i, x, d, dx);
      if (n.kind == operation::max_pool) max_pool_backward(n, x, out, d, dx);
      if (n.kind == operation::global_average)
        for (int r = 0; r < n.channels * batch; ++r)
          for (int j = 0, area = pixels(net.before(n)); j < area; ++j)
            dx[r * area + j] += d[r] / static_cast<float>(area);
      if (n.kind == operation::add) {
        float* other = dy[static_cast<std::size_t>(n.second)].data();
        for (std::size_t j = 0; j < y[i].size(); ++j) dx[j] += d[j], other[j] += d[j];
      }
    }
  }
};

struct fast_classifier final : classifier {
  evaluation e;
  fast_classifier(const network& net, int batch) : e{make(net, batch)} {}
  static evaluation make(const network& net, int batch) {
    parameters p = initial(net);
    const network folded = fold(net, p);
    return {folded, p, batch};
  }
  void run(const float* images, float* logits) override {
    const float* z = e.forward(images);
    for (int m = 0; m < e.batch; ++m)
      for (int c = 0; c < e.net.classes(); ++c) *logits++ = z[c * e.batch + m];
  }
};

struct fast_trainee final : trainee {
  evaluation e;
  update_loop rule;
  std::vector<std::string> names;
  fast_trainee(const network& net, int batch, update rule_)
      : e{fuse(net), initial(net), batch}, rule{rule_}, names{trainable(net)} {}

  float step(const float* images, const int* labels) override {
    const float* z = e.forward(images);
    float* d = e.dy.back().data();
    const int B = e.batch, C = e.net.classes();
    float loss = 0;
    for (int m = 0; m < B; ++m) {
      float top = lowest, sum = 0;
      for (int c = 0; c < C; ++c) top = std::max(top, z[c * B + m]);
      for (int c = 0; c < C; ++c) sum += d[c * B + m] = std::exp(z[c * B + m] - top);
      const float scale = 1 / (sum * static_cast<float>(B));
      loss += std::log(sum) + top - z[labels[m] * B + m];
      for (int c = 0; c < C; ++c) d[c * B + m] *= scale;
      d[labels[m] * B + m] -= 1 / static_cast<float>(B);
    }
    e.backward();
    rule.advance();
    for (const std::string& name : names) e.p.at(name).apply(rule);
    return loss / static_cast<float>(B);
  }
};

} // namespace

const std::vector<classifying_peer> by_hand_classifying{
    {"by hand", "im2col, OpenBLAS",
     [](const network& net, int batch) { return std::unique_ptr<classifier>{new fast_classifier{net, batch}}; }}};
const std::vector<image_training_peer> by_hand_training{
    {"by hand", "im2col, OpenBLAS", [](const network& net, int batch, update rule) {
       return std::unique_ptr<trainee>{new fast_trainee{net, batch, rule}};
     }}};

} // namespace peers::images
