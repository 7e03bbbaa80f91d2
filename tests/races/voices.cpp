// Voices on threads, watched by the thread sanitizer: four streams of one model, each on a thread of its own, while a
// fifth thread calls the model. Each gives what it gives alone.
#include <cmath>
#include <cstdio>
#include <lamina/lamina.hpp>
#include <thread>
#include <vector>

namespace la = lamina;

namespace {

struct effect
    : la::network<la::input<16, 1>, la::causal_conv1d<4, la::kernel<3>, la::dilation<2>>, la::tanh,
                  la::gru<8, la::return_sequence>, la::lstm<8, la::return_sequence>, la::per_step<la::dense<1>>> {};

constexpr std::size_t voices = 4, samples = 16 * 64;

std::vector<float> signal_of(std::size_t voice) {
  std::vector<float> all(samples);
  for (std::size_t i = 0; i < samples; ++i)
    all[i] = std::sin(0.02f * static_cast<float>(i * (voice + 1))) * static_cast<float>(voice + 1);
  return all;
}

/// A life of a stream: blocks, a snapshot, a reset, the snapshot again.
std::vector<float> played(la::stream<effect>& stream, std::vector<float> signal) {
  stream.reset();
  stream.process(signal, signal);
  const auto past = stream.snapshot();
  stream.reset();
  for (std::size_t i = 0; i < 16; ++i) signal.push_back(stream(signal[i])[0]);
  stream.restore(past);
  for (std::size_t i = 0; i < 16; ++i) signal.push_back(stream(signal[i])[0]);
  return signal;
}

} // namespace

int main() {
  const la::model<effect> model{la::seed{1}};
  std::vector<la::stream<effect>> streams(voices, la::stream<effect>{model});
  std::vector<std::vector<float>> expected, got(voices);
  for (std::size_t voice = 0; voice < voices; ++voice) expected.push_back(played(streams[voice], signal_of(voice)));

  std::vector<std::thread> threads;
  for (std::size_t voice = 0; voice < voices; ++voice)
    threads.emplace_back([&, voice] { got[voice] = played(streams[voice], signal_of(voice)); });
  float sum = 0;
  threads.emplace_back([&] {
    const std::vector<float> window(16, 0.5f);
    for (int i = 0; i < 100; ++i) sum += model(std::span<const float>{window})[3];
  });
  for (std::thread& thread : threads) thread.join();
  for (std::size_t voice = 0; voice < voices; ++voice)
    if (got[voice] != expected[voice]) return std::printf("voice %zu heard another one\n", voice), 1;
  return !std::isfinite(sum);
}
