// Networks on sequences, float, one thread: one time step after the other, a training step of a character model, and
// self-attention, of lamina against each peer that was found. What is written by hand for one network stands beside it,
// in no ratio. A library that can do the work in several ways races with the fastest of them; what each took, the table
// says.
//
// usage: sequences [--json FILE]
#include "champions.hpp"
#include "peers/sequences/peer.hpp"
#include <cmath>
#include <string>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#if __has_include(<lamina/model/stream.hpp>)
#include "sequences_lamina.hpp"
#else // until the layers are there: the peers among themselves
namespace sequences {
const std::vector<peers::sequences::stream_peer> streams, streams_in_blocks;
const std::vector<peers::sequences::text_peer> texts;
const std::vector<peers::sequences::attention_peer> attentions;
} // namespace sequences
#endif

namespace {

using namespace peers::sequences;

template <class Peer> std::vector<Peer> joined(std::vector<Peer> first, const std::vector<Peer>& more) {
  first.insert(first.end(), more.begin(), more.end());
  return first;
}

/// Numbers from -1 to 1, or whole ones from 0 up to `below`.
class noise {
public:
  float number() { return static_cast<float>(draw()) / 8388608.f - 1; }
  int whole(int below) { return static_cast<int>(draw() % static_cast<unsigned>(below)); }
  std::vector<float> numbers(int count) {
    std::vector<float> all(static_cast<std::size_t>(count));
    for (float& v : all) v = number();
    return all;
  }

private:
  unsigned draw() { return (state_ = state_ * 1664525u + 1013904223u) >> 8; }
  unsigned state_ = 7;
};

bool near(const std::string& work, const std::string& name, const std::vector<float>& found,
          const std::vector<float>& right, float tolerance) {
  for (std::size_t i = 0; i < right.size(); ++i)
    if (!(std::abs(found[i] - right[i]) <= tolerance)) {
      std::printf("%s, %s: number %zu is %.7f, should be %.7f\n", work.c_str(), name.c_str(), i, double(found[i]),
                  double(right[i]));
      return false;
    }
  return true;
}

// ---- one step after the other

struct stream_work {
  const char* name;
  stream_maker stream_peer::* make;
  int outputs;
  double asked;
};
constexpr stream_work stream_works[] = {{"GRU-24", &stream_peer::gru_24, gru_24::outputs, 1.3},
                                        {"LSTM-32", &stream_peer::lstm_32, lstm_32::outputs, 1.3},
                                        {"convolutions", &stream_peer::convolutions, convolutions::outputs, 2},
                                        {"LSTM-8 + dense", &stream_peer::lstm_8, lstm_8::outputs, 1.3},
                                        {"GRU-8 + dense", &stream_peer::gru_8, gru_8::outputs, 1.3}};
constexpr int block = 256;

/// How lamina is called: a step at a time, as all others are, or with blocks as a sound card hands them out. The others
/// have no such call; they take the steps of a block one after the other.
struct calls {
  const char* name;
  const std::vector<stream_peer>& ours;
};
const calls ways[] = {{", calls a step", sequences::streams}, {", blocks of 128", sequences::streams_in_blocks}};

std::vector<stream_peer> everyone_streaming(const calls& way) { return joined(way.ours, stream_peers()); }

/// All must give what plain loops in double give, or the race compares different work.
bool agree(const stream_work& w) {
  const std::vector<float> in = noise{}.numbers(2 * block);
  const auto outputs_of = [&](const stream_peer& peer) {
    std::vector<float> out(static_cast<std::size_t>(2 * block * w.outputs));
    const auto stream = (peer.*w.make)();
    stream->run(in.data(), out.data(), block - 1);
    stream->run(in.data() + block - 1, out.data() + (block - 1) * w.outputs, block + 1);
    return out;
  };
  const auto right = outputs_of(reference_streams);
  bool good = true;
  for (const auto& way : ways)
    for (const auto& peer : everyone_streaming(way))
      good &= near(w.name, race::full_name(peer.library, peer.variant), outputs_of(peer), right, 1e-5f);
  return good;
}

race::contender contender(const stream_peer& peer, const stream_work& w) {
  return {peer.library, [s = std::shared_ptr<stream>((peer.*w.make)()), in = noise{}.numbers(block),
                         out = std::vector<float>(static_cast<std::size_t>(block * w.outputs))](long n) mutable {
            for (; n > 0; n -= block) s->run(in.data(), out.data(), static_cast<int>(std::min<long>(n, block)));
          }};
}

// ---- the character model

/// A few batches that take turns; the targets run at another period, so that the gradients stay alive however long the
/// race lasts.
struct characters {
  static constexpr int batch = text::batch * text::steps, batches = 4, period = 4099;
  std::vector<int> tokens, targets;
  characters() {
    noise n;
    for (int i = 0; i < batches * batch; ++i) tokens.push_back(n.whole(text::vocabulary));
    for (int i = 0; i < period + batch; ++i) targets.push_back(n.whole(text::vocabulary));
  }
  float run(text_trainee& t, long step) const {
    return t.step(tokens.data() + step % batches * batch, targets.data() + step * batch % period);
  }
};

const std::vector<text_peer>& everyone_reading() {
  static const auto all = joined(sequences::texts, text_peers());
  return all;
}

bool agree(const characters& data) {
  const auto losses_of = [&](const text_peer& peer) {
    const auto trainee = peer.make();
    std::vector<float> losses;
    for (long k = 0; k < 10; ++k) losses.push_back(data.run(*trainee, k));
    return losses;
  };
  if (text_peers().empty()) return true;
  const auto right = losses_of(text_peers().front());
  bool good = true;
  for (const auto& peer : everyone_reading())
    good &= near("character model", race::full_name(peer.library, peer.variant), losses_of(peer), right, 2e-3f);
  return good;
}

// ---- attention

const std::vector<attention_peer>& everyone_attending() {
  static const auto all = joined(sequences::attentions, attention_peers());
  return all;
}
struct vectors {
  std::vector<float> x, target, y;
  vectors() : y(static_cast<std::size_t>(attention::numbers)) {
    noise n;
    x = n.numbers(attention::numbers);
    target = n.numbers(attention::numbers);
  }
};

bool agree(vectors& data) {
  if (attention_peers().empty()) return true;
  const auto outputs_of = [&](const attention_peer& peer) {
    peer.forward()->run(data.x.data(), data.y.data());
    return data.y;
  };
  const auto losses_of = [&](const attention_peer& peer) {
    const auto trainee = peer.training();
    std::vector<float> losses;
    for (int k = 0; k < 10; ++k) losses.push_back(trainee->step(data.x.data(), data.target.data()));
    return losses;
  };
  const auto right = outputs_of(attention_peers().front()), right_losses = losses_of(attention_peers().front());
  bool good = true;
  for (const auto& peer : everyone_attending()) {
    const auto name = race::full_name(peer.library, peer.variant);
    good &= near("attention", name, outputs_of(peer), right, 1e-5f);
    good &= near("attention, training", name, losses_of(peer), right_losses, 1e-4f);
  }
  return good;
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
#ifdef __GLIBC__ // tensors of megabytes come from the heap again, instead of from the system with every step
  mallopt(M_MMAP_THRESHOLD, 1 << 28);
  mallopt(M_TRIM_THRESHOLD, 1 << 29);
#endif
  const characters reading;
  vectors attending;
  bool good = agree(reading);
  good &= agree(attending);
  for (const auto& w : stream_works) good &= agree(w);
  if (!good) return 2;

  race::report report{"sequences, float, one thread", argc, argv};
  for (const auto& way : ways)
    for (const auto& w : stream_works) {
      const auto found =
          race::champions(everyone_streaming(way), [&](const stream_peer& p) { return contender(p, w); });
      report.race(std::string{w.name} + way.name, w.asked, found.racing, "",
                  {"RTNeural Eigen", "RTNeural xsimd", "Eigen", "xsimd", "libtorch"});
      report.remark(found.times);
    }
  const auto against = LAMINA_PEER_TORCH ? std::vector<std::string>{"libtorch"} : std::vector<std::string>{};
  const auto race_of = [&](const char* name, double asked, const race::champions_list& found) {
    if (found.racing.size() < 2) return;
    const bool alone = against.empty() || found.racing.front().name == against.front(); // peers among themselves
    report.race(name, asked, found.racing, alone ? "" : "against libtorch",
                alone ? std::vector<std::string>{} : against);
    report.remark(found.times);
  };
  race_of("characters, a batch", 2, race::champions(everyone_reading(), [&](const text_peer& peer) {
            return race::entry(peer.library,
                               [&reading, step = 0L, t = std::shared_ptr<text_trainee>(peer.make())]() mutable {
                                 reading.run(*t, step++);
                               });
          }));
  race_of("attention, forward", 1.5, race::champions(everyone_attending(), [&](const attention_peer& peer) {
            return race::entry(peer.library, [&attending, layer = std::shared_ptr<attention_layer>(peer.forward())] {
              layer->run(attending.x.data(), attending.y.data());
            });
          }));
  race_of("attention, training", 1.5, race::champions(everyone_attending(), [&](const attention_peer& peer) {
            return race::entry(peer.library, [&attending, t = std::shared_ptr<attention_trainee>(peer.training())] {
              t->step(attending.x.data(), attending.target.data());
            });
          }));
  return 0;
}
