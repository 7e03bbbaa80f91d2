// Plain loops in double, gradients by the chain rule as one writes it on paper: what the others must agree with.
#include "peer.hpp"
#include <algorithm>
#include <cmath>
#include <limits>

namespace peers::images {
namespace {

using numbers = std::vector<double>;

struct evaluation {
  const network& net;
  int batch;
  std::map<std::string, numbers> p, g;
  std::vector<numbers> y, dy; // (N, C, H, W), one for each node

  evaluation(const network& net_, int batch_) : net{net_}, batch{batch_}, y(net.nodes.size()), dy(net.nodes.size()) {
    for (const auto& [name, values] : initial(net)) p[name].assign(values.begin(), values.end());
  }

  static std::size_t at(const node& n, int sample, int channel, int row, int column) {
    return static_cast<std::size_t>(((sample * n.channels + channel) * n.height + row) * n.width + column);
  }
  template <class F> void each_output(const node& n, F f) const {
    for (int m = 0; m < batch; ++m)
      for (int c = 0; c < n.channels; ++c)
        for (int i = 0; i < n.height; ++i)
          for (int j = 0; j < n.width; ++j) f(m, c, i, j, at(n, m, c, i, j));
  }
  /// The pixels of `x` under the kernel: f(row, column, place in the kernel).
  template <class F> static void each_tap(const node& n, const node& x, int i, int j, F f) {
    for (int a = 0; a < n.kernel; ++a)
      for (int b = 0; b < n.kernel; ++b) {
        const int row = i * n.stride + a - n.padding, column = j * n.stride + b - n.padding;
        if (row >= 0 && row < x.height && column >= 0 && column < x.width) f(row, column, a * n.kernel + b);
      }
  }

  /// The statistics of a channel over the batch, or those that were remembered.
  void statistics(const node& n, const numbers& x, bool training, int channel, double& mean, double& variance) const {
    const auto c = static_cast<std::size_t>(channel);
    if (!training) return void((mean = p.at(n.name + ".running_mean")[c], variance = p.at(n.name + ".running_var")[c]));
    const double count = batch * n.height * n.width;
    mean = variance = 0;
    each_output(n, [&](int, int k, int, int, std::size_t o) { mean += k == channel ? x[o] / count : 0; });
    each_output(n, [&](int, int k, int, int, std::size_t o) {
      variance += k == channel ? (x[o] - mean) * (x[o] - mean) / count : 0;
    });
  }

  void forward(std::size_t index, bool training) {
    const node& n = net.nodes[index];
    const node& above = net.before(n);
    const numbers& x = y[static_cast<std::size_t>(n.from)];
    numbers& out = y[index];
    out.assign(static_cast<std::size_t>(batch * n.channels * n.height * n.width), 0.);
    const int window = n.kernel * n.kernel;
    if (n.kind == operation::convolution) {
      const numbers &w = p[n.name + ".weight"], &bias = p[n.name + ".bias"];
      each_output(n, [&](int m, int f, int i, int j, std::size_t o) {
        out[o] = bias[static_cast<std::size_t>(f)];
        for (int c = 0; c < above.channels; ++c)
          each_tap(n, above, i, j, [&](int row, int column, int k) {
            out[o] +=
                x[at(above, m, c, row, column)] * w[static_cast<std::size_t>((f * above.channels + c) * window + k)];
          });
      });
    } else if (n.kind == operation::batch_norm) {
      for (int c = 0; c < n.channels; ++c) {
        double mean, variance;
        statistics(n, x, training, c, mean, variance);
        const double scale = p[n.name + ".weight"][static_cast<std::size_t>(c)] / std::sqrt(variance + 1e-5);
        const double shift = p[n.name + ".bias"][static_cast<std::size_t>(c)];
        each_output(n, [&](int, int k, int, int, std::size_t o) {
          if (k == c) out[o] = (x[o] - mean) * scale + shift;
        });
      }
    } else if (n.kind == operation::relu) {
      each_output(n, [&](int, int, int, int, std::size_t o) { out[o] = std::max(0., x[o]); });
    } else if (n.kind == operation::max_pool) {
      each_output(n, [&](int m, int c, int i, int j, std::size_t o) {
        out[o] = -std::numeric_limits<double>::infinity();
        each_tap(n, above, i, j,
                 [&](int row, int column, int) { out[o] = std::max(out[o], x[at(above, m, c, row, column)]); });
      });
    } else if (n.kind == operation::global_average) {
      each_output(above, [&](int m, int c, int, int, std::size_t o) {
        out[at(n, m, c, 0, 0)] += x[o] / (above.height * above.width);
      });
    } else if (n.kind == operation::add) {
      const numbers& other = y[static_cast<std::size_t>(n.second)];
      each_output(n, [&](int, int, int, int, std::size_t o) { out[o] = x[o] + other[o]; });
    }
  }

  void backward(std::size_t index) {
    const node& n = net.nodes[index];
    const node& above = net.before(n);
    const numbers &x = y[static_cast<std::size_t>(n.from)], &d = dy[index];
    numbers& dx = dy[static_cast<std::size_t>(n.from)];
    const int window = n.kernel * n.kernel;
    if (n.kind == operation::convolution) {
      const numbers& w = p[n.name + ".weight"];
      numbers &dw = g[n.name + ".weight"], &dbias = g[n.name + ".bias"];
      dw.assign(w.size(), 0.), dbias.assign(static_cast<std::size_t>(n.channels), 0.);
      each_output(n, [&](int m, int f, int i, int j, std::size_t o) {
        dbias[static_cast<std::size_t>(f)] += d[o];
        for (int c = 0; c < above.channels; ++c)
          each_tap(n, above, i, j, [&](int row, int column, int k) {
            const auto place = static_cast<std::size_t>((f * above.channels + c) * window + k);
            dw[place] += d[o] * x[at(above, m, c, row, column)];
            dx[at(above, m, c, row, column)] += d[o] * w[place];
          });
      });
    } else if (n.kind == operation::batch_norm) {
      numbers &dgamma = g[n.name + ".weight"], &dbeta = g[n.name + ".bias"];
      dgamma.assign(static_cast<std::size_t>(n.channels), 0.), dbeta = dgamma;
      const double count = batch * n.height * n.width;
      for (int channel = 0; channel < n.channels; ++channel) {
        const auto c = static_cast<std::size_t>(channel);
        double mean, variance;
        statistics(n, x, true, channel, mean, variance);
        const double inverse = 1 / std::sqrt(variance + 1e-5), gamma = p[n.name + ".weight"][c];
        each_output(n, [&](int, int k, int, int, std::size_t o) {
          if (k == channel) dbeta[c] += d[o], dgamma[c] += d[o] * (x[o] - mean) * inverse;
        });
        each_output(n, [&](int, int k, int, int, std::size_t o) {
          if (k == channel)
            dx[o] += gamma * inverse * (d[o] - dbeta[c] / count - (x[o] - mean) * inverse * dgamma[c] / count);
        });
      }
    } else if (n.kind == operation::relu) {
      each_output(n, [&](int, int, int, int, std::size_t o) { dx[o] += x[o] > 0 ? d[o] : 0; });
    } else if (n.kind == operation::max_pool) {
      each_output(n, [&](int m, int c, int i, int j, std::size_t o) {
        bool found = false;
        each_tap(n, above, i, j, [&](int row, int column, int) {
          const std::size_t place = at(above, m, c, row, column);
          if (!found && x[place] == y[index][o]) dx[place] += d[o], found = true;
        });
      });
    } else if (n.kind == operation::global_average) {
      each_output(above, [&](int m, int c, int, int, std::size_t o) {
        dx[o] += d[at(n, m, c, 0, 0)] / (above.height * above.width);
      });
    } else if (n.kind == operation::add) {
      numbers& other = dy[static_cast<std::size_t>(n.second)];
      each_output(n, [&](int, int, int, int, std::size_t o) { dx[o] += d[o], other[o] += d[o]; });
    }
  }

  const numbers& run(const float* images, bool training) {
    y[0].assign(images, images + static_cast<std::size_t>(batch * net.inputs()));
    for (std::size_t i = 1; i < net.nodes.size(); ++i) forward(i, training);
    return y.back();
  }
};

struct plain_classifier final : classifier {
  evaluation e;
  plain_classifier(const network& net, int batch) : e{net, batch} {}
  void run(const float* images, float* logits) override {
    for (const double v : e.run(images, false)) *logits++ = static_cast<float>(v);
  }
};

struct plain_trainee final : trainee {
  evaluation e;
  update rule;
  long step_number = 0;
  std::map<std::string, numbers> m, v;
  plain_trainee(const network& net, int batch, update rule_) : e{net, batch}, rule{rule_} {}

  float step(const float* images, const int* labels) override {
    const numbers& z = e.run(images, true);
    for (std::size_t i = 0; i < e.y.size(); ++i) e.dy[i].assign(e.y[i].size(), 0.);
    const auto classes = static_cast<std::size_t>(e.net.classes());
    double loss = 0;
    for (int i = 0; i < e.batch; ++i) {
      const double* row = z.data() + static_cast<std::size_t>(i) * classes;
      double* d = e.dy.back().data() + static_cast<std::size_t>(i) * classes;
      double sum = 0;
      for (std::size_t c = 0; c < classes; ++c) sum += std::exp(row[c]);
      for (std::size_t c = 0; c < classes; ++c) d[c] = std::exp(row[c]) / sum / e.batch;
      d[labels[i]] -= 1. / e.batch;
      loss += (std::log(sum) - row[labels[i]]) / e.batch;
    }
    for (std::size_t i = e.net.nodes.size() - 1; i > 0; --i) e.backward(i);
    ++step_number;
    for (const std::string& name : trainable(e.net)) change(e.p[name], m[name], v[name], e.g[name]);
    return static_cast<float>(loss);
  }
  void change(numbers& p, numbers& mean, numbers& square, const numbers& g) const {
    mean.resize(p.size()), square.resize(p.size());
    const double rate = double{rule == update::sgd ? sgd_rate : rule == update::adam ? adam_rate : adamw_rate};
    const double b1 = double{beta1}, b2 = double{beta2}, t = static_cast<double>(step_number);
    for (std::size_t i = 0; i < p.size(); ++i) {
      if (rule == update::adamw) p[i] -= rate * double{adamw_decay} * p[i];
      mean[i] = b1 * mean[i] + (1 - b1) * g[i];
      square[i] = b2 * square[i] + (1 - b2) * g[i] * g[i];
      const double adapted = mean[i] / (1 - std::pow(b1, t)) / (std::sqrt(square[i] / (1 - std::pow(b2, t))) + 1e-8);
      p[i] -= rate * (rule == update::sgd ? g[i] : adapted);
    }
  }
};

} // namespace

const classifying_peer reference_classifying{"plain loops", "double", [](const network& net, int batch) {
                                               return std::unique_ptr<classifier>{new plain_classifier{net, batch}};
                                             }};
const image_training_peer reference_training{"plain loops", "double", [](const network& net, int batch, update rule) {
                                               return std::unique_ptr<trainee>{new plain_trainee{net, batch, rule}};
                                             }};

} // namespace peers::images
