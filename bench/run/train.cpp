// One training step of 784-128-10 (ReLU, softmax cross-entropy), float, one thread: lamina against each peer that was
// found.
//
// usage: train [--json FILE]
#include "peak.hpp"
#include "peers/intrinsics.hpp"
#include "peers/peer.hpp"
#include "race.hpp"
#include <cmath>
#include <lamina/lamina.hpp>
#include <string>

namespace la = lamina;

namespace {

/// Samples like digits (one number in five is not zero). A few batches take turns and the labels run at another period,
/// so that the gradients stay alive however long the race lasts.
struct stream {
  static constexpr int label_period = 4099;
  int batch, batches;
  std::vector<float> x;
  std::vector<int> y;
  explicit stream(int batch_)
      : batch{batch_}, batches{batch == 1 ? 16 : 4}, x(static_cast<std::size_t>(batch * batches * peers::inputs)),
        y(static_cast<std::size_t>(label_period + batch)) {
    unsigned s = 7;
    const auto draw = [&] { return (s = s * 1664525u + 1013904223u) >> 8; };
    for (float& v : x) v = draw() % 5 == 0 ? static_cast<float>(draw() % 256) / 255 : 0;
    for (int& v : y) v = static_cast<int>(draw() % peers::classes);
  }
  const float* input(long step) const { return x.data() + step % batches * batch * peers::inputs; }
  const int* labels(long step) const { return y.data() + step * batch % label_period; }
};

struct digits : la::network<la::input<784>, la::dense<128>, la::relu, la::dense<10>> {};

template <class Optimizer> struct ours final : peers::trainee {
  std::size_t batch;
  la::model<digits> model{la::seed{1}};
  decltype(la::trainer{std::declval<la::model<digits>&>(), la::softmax_cross_entropy{},
                       std::declval<Optimizer>()}) trainer;
  std::vector<la::label> label;

  ours(int batch_, Optimizer optimizer)
      : batch{static_cast<std::size_t>(batch_)}, trainer{model, la::softmax_cross_entropy{}, optimizer}, label(batch) {
    std::vector<float> all(peers::parameter_count);
    peers::initialize(all.data(), all.size());
    const float* from = all.data();
    const auto matrix = [&](const char* name, std::size_t n, std::size_t k) {
      auto view = model.parameter(name);
      for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < k; ++j) view(i, j) = *from++;
    };
    const auto vector = [&](const char* name, std::size_t n) {
      auto view = model.parameter(name);
      for (std::size_t i = 0; i < n; ++i) view(i) = *from++;
    };
    matrix("0.weight", 128, 784), vector("0.bias", 128), matrix("2.weight", 10, 128), vector("2.bias", 10);
  }
  float step(const float* x, const int* y) override {
    for (std::size_t i = 0; i < batch; ++i) label[i] = la::label(y[i]);
    return static_cast<float>(trainer.step(std::span<const float>{x, batch * 784}, std::span<const la::label>{label}));
  }
};

std::unique_ptr<peers::trainee> make_ours(int batch, bool adam) {
  if (adam) return std::make_unique<ours<la::adam>>(batch, la::adam{.learning_rate = peers::adam_rate});
  return std::make_unique<ours<la::sgd>>(batch, la::sgd{.learning_rate = peers::sgd_rate});
}

std::vector<peers::training_peer> everyone() {
  std::vector<peers::training_peer> all;
  all.push_back({"lamina", make_ours});
  const auto found = peers::training_peers();
  all.insert(all.end(), found.begin(), found.end());
  return all;
}

/// All must have come to the same loss after ten steps, or the race compares different work.
bool agree() {
  bool good = true;
  for (const bool adam : {false, true})
    for (const int batch : {1, 32, 64, 256}) {
      const stream data{batch};
      double first = 0;
      for (const auto& peer : everyone()) {
        const auto trainee = peer.make(batch, adam);
        double loss = 0;
        for (long k = 0; k < 10; ++k) loss += trainee->step(data.input(k), data.labels(k));
        if (first == 0) first = loss;
        if (!(std::abs(loss - first) < 2e-3 * first)) {
          std::printf("%s, batch %d, %s: losses sum to %.6f where %s has %.6f\n", adam ? "Adam" : "SGD", batch,
                      peer.name, loss, everyone()[0].name, first);
          good = false;
        }
      }
    }
  return good;
}

/// One sample is bound by the caches: what of it is the bare traffic? Forward reads the weights, the update reads and
/// writes them, Adam's means and squares too; here nothing else is done.
std::string traffic(bool adam, double nanoseconds) {
  constexpr std::size_t n = peers::parameter_count / 64 * 64, block = (n * sizeof(float) + 4095) / 4096 * 4096 + 576;
  const std::unique_ptr<char, void (*)(char*)> memory{
      static_cast<char*>(::operator new(3 * block, std::align_val_t{4096})),
      [](char* p) { ::operator delete(p, std::align_val_t{4096}); }};
  float* p[3];
  for (std::size_t i = 0; i < 3; ++i) std::fill_n(p[i] = reinterpret_cast<float*>(memory.get() + i * block), n, 1.f);
  volatile float sink = 0;
  const double alone = race::medians({race::entry("traffic", [&] {
    sink = by_hand::stream_1_0(p[0], n);
    adam ? by_hand::stream_3_3(p[0], p[1], p[2], n) : by_hand::stream_1_1(p[0], p[0], n);
  })})[0];
  const double bytes = (adam ? 7 : 3) * sizeof(float) * double(n);
  char text[200];
  std::snprintf(text, sizeof text,
                "%.2f MB touched a step, %.0f GB/s; the same traffic alone takes %.1f us: %.0f %% of the bandwidth",
                bytes * 1e-6, bytes / nanoseconds, alone * 1e-3, 100 * alone / nanoseconds);
  return text;
}

/// A batch is bound by multiplications: what part of the peak, and how much faster than the best peer would all of it
/// be?
std::string arithmetic(int batch, const race::result& r) {
  double peak = 0; // operations in a nanosecond
  for (int k = 0; k < 20; ++k) {
    const double start = race::now(), operations = bench::peak_operations<float>(20000);
    peak = std::max(peak, 1e-9 * operations / (race::now() - start));
  }
  const double work = 2. * batch * (2. * 784 * 128 + 3. * 128 * 10),
               least = work / peak; // forward, weights' gradient, one input's gradient
  char text[200];
  std::snprintf(text, sizeof text, "%.0f %% of the FMA peak (%.0f GFLOP/s), all of which would be a ratio of %.2f",
                100 * least / r.nanoseconds.front(), peak, r.ratio * r.nanoseconds.front() / least);
  return text;
}

} // namespace

int main(int argc, char** argv) {
  race::prepare(argv);
#if LAMINA_PEER_OPENBLAS
  peers::openblas_one_thread();
#endif
#if LAMINA_PEER_TORCH
  peers::torch_one_thread();
#endif
  if (!agree()) return 2;
  race::report report{"training step 784-128-10, float, one thread", argc, argv};
#if LAMINA_PEER_OPENBLAS
  std::printf("OpenBLAS kernels: %s\n", peers::openblas_core());
#endif
  struct entry {
    bool adam;
    int batch;
    double asked;
  };
  volatile float sink = 0;
  for (const auto [adam, batch, asked] : {entry{false, 1, 1.4},
                                          {false, 32, 1.4},
                                          {false, 64, 1.2},
                                          {false, 256, 1.1},
                                          {true, 1, 1.05},
                                          {true, 64, 1.2},
                                          {true, 256, 1.08}}) {
    const stream data{batch};
    std::vector<race::contender> racing;
    for (const auto& peer : everyone())
      racing.push_back(
          race::entry(peer.name, [&sink, &data, step = 0L,
                                  trainee = std::shared_ptr<peers::trainee>(peer.make(batch, adam))]() mutable {
            sink = trainee->step(data.input(step), data.labels(step));
            ++step;
          }));
    report.race(std::string(adam ? "Adam" : "SGD") + ", batch " + std::to_string(batch), asked, racing);
    report.remark(batch == 1 ? traffic(adam, report.last().nanoseconds.front()) : arithmetic(batch, report.last()));
  }
  return 0;
}
