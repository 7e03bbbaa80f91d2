// Small convolutional networks, float, one thread: inference and training steps of lamina against each peer that was
// found. A library that can do the work in several ways races with the fastest of them; which one, the table says.
//
// usage: images [--json FILE]
#include "champions.hpp"
#include "peers/images/peer.hpp"
#include <cmath>
#include <string>
#include <thread>
#if __has_include(<lamina/layer/conv2d.hpp>)
#include "images_lamina.hpp"
#else // until the layers are there: the peers among themselves
namespace images {
const std::vector<peers::images::classifying_peer> classifying;
const std::vector<peers::images::image_training_peer> training;
std::size_t arena_bytes(const peers::images::network&, std::size_t) { return 0; }
std::unique_ptr<peers::trainee> train_lenet_on(std::size_t, int) { return nullptr; }
} // namespace images
#endif

namespace {

using namespace peers::images;

template <class Peer> std::vector<Peer> joined(std::vector<Peer> first, const std::vector<Peer>& more) {
  first.insert(first.end(), more.begin(), more.end());
  return first;
}
const std::vector<classifying_peer>& everyone_classifying() {
  static const auto all = joined(images::classifying, classifying_peers());
  return all;
}
const std::vector<image_training_peer>& everyone_training() {
  static const auto all = joined(images::training, image_training_peers());
  return all;
}

/// Images of noise, a few batches that take turns; the labels run at another period, so that the gradients stay alive
/// however long the race lasts.
struct stream {
  static constexpr int batches = 4, label_period = 4099;
  int batch, inputs;
  std::vector<float> x;
  std::vector<int> y;
  stream(const network& net, int batch_)
      : batch{batch_}, inputs{net.inputs()}, x(static_cast<std::size_t>(batches * batch * inputs)),
        y(static_cast<std::size_t>(label_period + batch)) {
    unsigned s = 7;
    const auto draw = [&] { return (s = s * 1664525u + 1013904223u) >> 8; };
    for (float& v : x) v = static_cast<float>(draw()) / 8388608.f - 1;
    for (int& v : y) v = static_cast<int>(draw() % static_cast<unsigned>(net.classes()));
  }
  const float* input(long step) const { return x.data() + step % batches * batch * inputs; }
  const int* labels(long step) const { return y.data() + step * batch % label_period; }
};

struct inference_work {
  const char* name;
  const network& (*net)();
  int batch;
  double asked;
};
constexpr inference_work inference_works[] = {{"LeNet, one image", lenet, 1, 2.2},
                                              {"LeNet, batch 64", lenet, 64, 2},
                                              {"small ResNet, one image", small_resnet, 1, 1},
                                              {"small ResNet, batch 32", small_resnet, 32, 1}};
struct training_work {
  const char* name;
  const network& (*net)();
  int batch;
  update rule;
  double asked; // against libtorch
};
constexpr training_work training_works[] = {{"LeNet, SGD, batch 64", lenet, 64, update::sgd, 4},
                                            {"LeNet, Adam, batch 64", lenet, 64, update::adam, 4},
                                            {"ResNet, AdamW, batch 32", small_resnet, 32, update::adamw, 3}};

/// All must give what plain loops in double give, or the race compares different work.
bool agree(const inference_work& w) {
  const stream data{w.net(), w.batch};
  std::vector<float> right(static_cast<std::size_t>(w.batch * w.net().classes())), logits(right.size());
  reference_classifying.make(w.net(), w.batch)->run(data.input(0), right.data());
  bool good = true;
  for (const auto& peer : everyone_classifying()) {
    const auto classifier = peer.make(w.net(), w.batch);
    for (const long k : {1, 0}) classifier->run(data.input(k), logits.data());
    for (std::size_t i = 0; good && i < right.size(); ++i)
      if (!(std::abs(logits[i] - right[i]) < 1e-4f)) {
        std::printf("%s, %s: output %zu is %.6f, should be %.6f\n", w.name,
                    race::full_name(peer.library, peer.variant).c_str(), i, double(logits[i]), double(right[i]));
        good = false;
      }
  }
  return good;
}

/// The same for the losses of ten steps.
bool agree(const training_work& w) {
  const stream data{w.net(), w.batch};
  std::vector<float> right;
  const auto reference = reference_training.make(w.net(), w.batch, w.rule);
  for (long k = 0; k < 10; ++k) right.push_back(reference->step(data.input(k), data.labels(k)));
  bool good = true;
  for (const auto& peer : everyone_training()) {
    const auto trainee = peer.make(w.net(), w.batch, w.rule);
    for (std::size_t k = 0; k < right.size(); ++k) {
      const float loss = trainee->step(data.input(static_cast<long>(k)), data.labels(static_cast<long>(k)));
      if (std::abs(loss - right[k]) < 1e-3f * right[k]) continue;
      std::printf("%s, %s: loss %zu is %.6f, should be %.6f\n", w.name,
                  race::full_name(peer.library, peer.variant).c_str(), k, double(loss), double(right[k]));
      good = false;
      break;
    }
  }
  return good;
}

/// What each peer would do again and again on this work.
race::contender contender(const classifying_peer& peer, const inference_work& w, const stream& data) {
  return race::entry(peer.library,
                     [&data, step = 0L, classifier = std::shared_ptr<classifier>(peer.make(w.net(), w.batch)),
                      logits = std::vector<float>(static_cast<std::size_t>(w.batch * w.net().classes()))]() mutable {
                       classifier->run(data.input(step++), logits.data());
                     });
}
race::contender contender(const image_training_peer& peer, const training_work& w, const stream& data) {
  return race::entry(
      peer.library,
      [&data, step = 0L, trainee = std::shared_ptr<peers::trainee>(peer.make(w.net(), w.batch, w.rule))]() mutable {
        trainee->step(data.input(step), data.labels(step));
        ++step;
      });
}

template <class Peer, class Work>
race::champions_list champions(const std::vector<Peer>& all, const Work& w, const stream& data) {
  return race::champions(all, [&](const Peer& peer) { return contender(peer, w, data); });
}

/// Two threads against one, on the wall's clock.
void race_of_threads(race::report& report) {
  constexpr int batch = 64;
  if (std::thread::hardware_concurrency() < 2 || !images::train_lenet_on(1, batch)) return;
  const stream data{lenet(), batch};
  std::vector<race::contender> racing;
  for (const std::size_t threads : {2u, 1u})
    racing.push_back(
        race::entry(threads == 1 ? "one thread" : "two threads",
                    [&data, step = 0L,
                     trainee = std::shared_ptr<peers::trainee>(images::train_lenet_on(threads, batch))]() mutable {
                      trainee->step(data.input(step), data.labels(step));
                      ++step;
                    }));
  report.race("LeNet, SGD, batch 64", 1.6, racing, "on the wall's clock", {}, race::wall);
}

std::string training_memory([[maybe_unused]] const training_work& w) {
  std::string text;
  if (const std::size_t bytes = images::arena_bytes(w.net(), static_cast<std::size_t>(w.batch)))
    text += "arena " + std::to_string(bytes / 1024) + " KiB";
#if LAMINA_PEER_TORCH
  text += (text.empty() ? "" : ", ") + std::string{"libtorch's tensors of one step at most "} +
          std::to_string(torch_peak_bytes(w.net(), w.batch, w.rule) / 1024) + " KiB";
#endif
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
  bool good = true;
  for (const auto& w : inference_works) good &= agree(w);
  for (const auto& w : training_works) good &= agree(w);
  if (!good) return 2;

  const char* isa = std::getenv("DNNL_MAX_CPU_ISA");
  race::report report{std::string{"images, float, one thread, oneDNN with "} + (isa ? isa : "all instructions"), argc,
                      argv};
  for (const auto& w : inference_works) {
    const stream data{w.net(), w.batch};
    const auto [racing, names, times] = champions(everyone_classifying(), w, data);
    report.race(w.name, w.asked, racing);
    report.remark(names);
  }
  for (const auto& w : training_works) {
    const stream data{w.net(), w.batch};
    const auto [racing, names, times] = champions(everyone_training(), w, data);
    report.race(w.name, w.asked, racing, LAMINA_PEER_TORCH ? "against libtorch" : "",
                LAMINA_PEER_TORCH ? std::vector<std::string>{"libtorch"} : std::vector<std::string>{});
    report.remark(names + "; " + training_memory(w));
  }
  race_of_threads(report);
  return 0;
}
