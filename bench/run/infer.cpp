// One sample through a small network, float: the latency of lamina against each peer that was found. Each call waits
// for the one before.
//
// usage: infer [--json FILE]
#include "peers/peer.hpp"
#include "race.hpp"
#include <cmath>
#include <lamina/lamina.hpp>
#include <string>
namespace la = lamina;

namespace {

struct tiny : la::network<la::input<8>, la::dense<32>, la::tanh, la::dense<32>, la::tanh, la::dense<1>> {};
struct small : la::network<la::input<16>, la::dense<64>, la::tanh, la::dense<64>, la::tanh, la::dense<4>> {};
struct digits : la::network<la::input<784>, la::dense<128>, la::relu, la::dense<10>> {};

/// The same parameters as the peers'.
template <class Net, class Peer> const la::model<Net>& model() {
  static const la::model<Net> loaded = [] {
    la::model<Net> m{la::seed{1}};
    const std::vector<float> all = peers::parameters_of<Peer>();
    const float* from = all.data();
    for (std::size_t i = 0; i + 1 < std::size(Peer::sizes); ++i) {
      auto weight = m.parameter(std::to_string(2 * i) + ".weight");
      auto bias = m.parameter(std::to_string(2 * i) + ".bias");
      const auto k = static_cast<std::size_t>(Peer::sizes[i]), n = static_cast<std::size_t>(Peer::sizes[i + 1]);
      for (std::size_t a = 0; a < n; ++a)
        for (std::size_t b = 0; b < k; ++b) weight(a, b) = *from++;
      for (std::size_t a = 0; a < n; ++a) bias(a) = *from++;
    }
    return m;
  }();
  return loaded;
}

/// Behind a pointer like everyone else: what the compiler could gain by seeing through the call is not measured here.
template <class Net, class Peer> void run(const float* in, float* out) {
  constexpr std::size_t n = Net::input_shape.size();
  const auto y = model<Net, Peer>()(std::span<const float, n>{in, n});
  for (std::size_t i = 0; i < y.size(); ++i) out[i] = y[i];
}
const peers::inference_peer ours{"lamina", run<tiny, peers::tiny>, run<small, peers::small>,
                                 run<digits, peers::digits>};

std::vector<peers::inference_peer> everyone() {
  std::vector<peers::inference_peer> all;
  all.push_back(ours);
  const auto found = peers::inference_peers();
  all.insert(all.end(), found.begin(), found.end());
  return all;
}

struct work {
  const char* name;
  peers::inference_function peers::inference_peer::* function;
  int inputs, outputs;
  double asked;
};
constexpr work works[] = {{"8-32-32-1 tanh", &peers::inference_peer::tiny, 8, 1, 1.3},
                          {"16-64-64-4 tanh", &peers::inference_peer::small, 16, 4, 1.4},
                          {"784-128-10 relu", &peers::inference_peer::digits, 784, 10, 1.05}};

struct sample {
  alignas(64) float in[784], out[64];
  explicit sample(const work& w) {
    for (int i = 0; i < w.inputs; ++i) in[i] = .5f * std::sin(static_cast<float>(i + 1));
  }
};

bool agree() {
  bool good = true;
  for (const work& w : works) {
    sample first{w}, other{w};
    (everyone()[0].*w.function)(first.in, first.out);
    for (const auto& peer : everyone()) {
      (peer.*w.function)(other.in, other.out);
      for (int i = 0; i < w.outputs; ++i)
        if (!(std::abs(other.out[i] - first.out[i]) < 1e-5f)) {
          std::printf("%s, %s: output %d is %.7f where %s has %.7f\n", w.name, peer.name, i, double(other.out[i]),
                      everyone()[0].name, double(first.out[i]));
          good = false;
        }
    }
  }
  return good;
}

} // namespace

int main(int argc, char** argv) {
  race::prepare(argv);
#if LAMINA_PEER_TORCH
  peers::torch_one_thread();
#endif
  if (!agree()) return 2;
  race::report report{"one sample, float, latency", argc, argv};
  volatile float sink = 0;
  for (const work& w : works) {
    std::vector<race::contender> racing;
    for (const auto& peer : everyone())
      racing.push_back(race::entry(peer.name, [&sink, f = peer.*w.function, s = sample{w}]() mutable {
        s.in[3] = sink * 1e-9f;
        f(s.in, s.out);
        sink = s.out[0];
      }));
    report.race(w.name, w.asked, racing);
  }
  return 0;
}
