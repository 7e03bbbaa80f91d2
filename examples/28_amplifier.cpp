// usage: 28_amplifier [FOLDER FOR THE FIGURE AND THE SOUNDS [INPUT.wav]]
// A guitar amplifier learned by ear, and played through block by block.
//
// The amplifier is a small machine here: a filter that dulls, then a curve that bends one half of a wave more than the
// other. The network hears what goes in and what comes out, in windows of 256 samples. Then it stands in the
// amplifier's place as it would in a plug-in: blocks of 128 samples come and have to be back before the next ones do,
// and what one block leaves in the network's memory is there for the next (`la::stream`; one for each channel). What to
// see: the error is far below a hundredth of the signal's power; blocks take a small part of the time that they
// sound, and nearly all of them the same; what sticks out is the operating system's.
//
// Without a file of yours, it plays a melody of its own. What goes in and what comes out are WAV files in the folder.
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <random>
#include <span>
#include <string>
#include <vector>

#include <lamina/lamina.hpp>
#include <lamina/sound.hpp>

#include "figure.hpp"

namespace la = lamina;
using clock_type = std::chrono::steady_clock;

constexpr std::size_t window = 256, block = 128;
constexpr unsigned rate = 44'100;

struct amplifier : la::network<la::input<window, 1>, la::causal_conv1d<8, la::kernel<3>>, la::tanh,
                               la::causal_conv1d<8, la::kernel<3>, la::dilation<4>>, la::tanh,
                               la::gru<16, la::return_sequence>, la::per_step<la::dense<1>>> {};

/// What is to be learned.
class machine {
public:
  float operator()(float x) {
    dull_ += 0.2f * (x - dull_); // of first order: half the power is left at 1.6 kHz
    return 0.6f * (std::tanh(10 * dull_ + 0.5f) - std::tanh(0.5f));
  }

private:
  float dull_ = 0;
};

/// Adds a plucked string, from one sample on to the end: a loop that starts with noise and loses its edges on every
/// round (Karplus and Strong 1983).
void pluck(std::span<float> sound, double pitch, float loudness, std::mt19937& random) {
  std::vector<float> string(std::size_t(rate / pitch));
  for (float& point : string) point = float(random() % 2001) / 1000 - 1;
  for (std::size_t i = 0; i < sound.size(); ++i) {
    float& point = string[i % string.size()];
    point = 0.498f * (point + string[(i + 1) % string.size()]);
    sound[i] += loudness * point;
  }
}

/// Tones one after the other, a quarter of a second each, that ring on for a second.
std::vector<float> melody(const std::vector<int>& semitones, unsigned seed) {
  const auto quarter = std::size_t{rate / 4};
  std::vector<float> sound((semitones.size() + 3) * quarter);
  std::mt19937 random{seed};
  for (std::size_t i = 0; i < semitones.size(); ++i)
    pluck(std::span(sound).subspan(i * quarter, 4 * quarter), 82.41 * std::pow(2, semitones[i] / 12.0),
          1 + 0.3f * float(i % 4), random);
  float loudest = 0;
  for (const float x : sound) loudest = std::max(loudest, std::abs(x));
  for (float& x : sound) x *= 0.9f / loudest;
  return sound;
}

std::vector<float> through_machine(std::span<const float> in) {
  machine real;
  std::vector<float> out;
  for (const float x : in) out.push_back(real(x));
  return out;
}

/// Trains a network on what goes in and comes out.
void train(la::model<amplifier>& model, figure& plot) {
  const std::vector<float> in = melody({0, 19, 7, 31, 3, 24, 12, 36, 5, 15, 10, 28}, 1), out = through_machine(in);
  la::dataset<la::values> windows{window, window};
  for (std::size_t first = 0; first + window <= in.size(); first += window)
    windows.push_back(std::span(in).subspan(first, window), std::span(out).subspan(first, window));
  constexpr std::size_t epochs = 80, batch = 16;
  la::trainer trainer{model, la::mean_squared_error{},
                      la::adam{.learning_rate = 5e-3} | la::clip_by_global_norm{1} |
                          la::cosine_annealing{.steps = double(epochs * windows.size() / batch)}};
  for (const la::epoch_record& record : trainer.fit(windows, {.epochs = epochs, .batch_size = batch}))
    plot.row("learning", record.epoch, record.training_loss);
}

/// Plays a channel through the network, block by block; notes how many microseconds each block took.
std::vector<float> play(const la::model<amplifier>& model, std::span<const float> in, std::vector<double>& latencies) {
  std::vector<float> out(in.size());
  la::stream<amplifier> stream{model};
  for (std::size_t first = 0; first < in.size(); first += block) {
    const std::size_t count = std::min(block, in.size() - first); // the last block may be a part of one
    const auto began = clock_type::now();
    stream.process(in.subspan(first, count), std::span(out).subspan(first, count));
    latencies.push_back(std::chrono::duration<double, std::micro>(clock_type::now() - began).count());
  }
  return out;
}

/// The power of what is wrong over the power of what is right.
double error_to_signal(std::span<const float> right, std::span<const float> got) {
  double error = 0, signal = 0;
  for (std::size_t i = 0; i < right.size(); ++i) {
    error += std::pow(double(right[i]) - double(got[i]), 2);
    signal += std::pow(double(right[i]), 2);
  }
  return error / signal;
}

/// The sound to play: the file, or a melody that is not the one of the training, by way of a file too.
la::sound input(int argument_count, char** arguments, const figure& plot) {
  if (argument_count > 2) {
    la::sound loaded = la::load_wav(arguments[2]);
    if (loaded.length() > 0) return loaded;
    throw la::file_error(la::expected_got(arguments[2], "at least one sample", "none"));
  }
  const std::string path = plot.file("_in.wav").string();
  la::save_wav(
      {.rate = rate,
       .samples = melody({0, 12, 7, 12, 3, 15, 7, 15, 5, 17, 8, 17, 10, 7, 3, 0, 24, 22, 19, 17, 15, 12, 0}, 2)},
      path);
  return la::load_wav(path);
}

/// Learns, plays, and tells how well and how fast.
bool demonstrate(const la::sound& dry, figure& plot) {
  la::model<amplifier> model{la::seed{2}};
  train(model, plot);

  la::sound wet{.rate = dry.rate, .channels = dry.channels};
  std::vector<float> right;
  std::vector<double> latencies;
  for (std::size_t c = 0; c < dry.channels; ++c) {
    const auto played = play(model, dry.channel(c), latencies), real = through_machine(dry.channel(c));
    wet.samples.insert(wet.samples.end(), played.begin(), played.end());
    right.insert(right.end(), real.begin(), real.end());
  }
  la::save_wav(wet, plot.file("_out.wav").string());

  double computing = 0;
  for (const double latency : latencies) computing += 1e-6 * latency;
  std::sort(latencies.begin(), latencies.end());
  const auto percentile = [&](std::size_t p) { return latencies.at(latencies.size() * p / 100); };
  const double error = error_to_signal(right, wet.samples), deadline = 1e6 * block / dry.rate;
  std::printf("%zu parameters; %.1f s of sound, %zu channel(s), in blocks of %zu: %.0f times as fast as it sounds\n"
              "a block sounds for %.0f us and takes p50 %.1f us, p99 %.1f us, at worst %.1f us\n"
              "error to signal %.5f (%.1f dB)\nsound: %s\n",
              amplifier::parameter_count, double(dry.length()) / dry.rate, dry.channels, block,
              double(dry.samples.size()) / dry.rate / computing, deadline, percentile(50), percentile(99),
              latencies.back(), error, 10 * std::log10(error), plot.file("_out.wav").string().c_str());

  const std::size_t shown = dry.length() / 8 * 7;
  for (std::size_t i = shown; i < std::min(shown + 900, dry.length()); ++i)
    plot.row("wave", 1000 * double(i - shown) / dry.rate, dry.samples[i], right[i], wet.samples[i]);
  constexpr std::size_t bins = 60;
  const double low = 0.9 * latencies.front(), ratio = std::log(1.1 * std::max(latencies.back(), deadline) / low) / bins;
  std::array<std::size_t, bins> histogram{};
  for (const double latency : latencies) ++histogram[std::size_t(std::log(latency / low) / ratio)];
  for (std::size_t b = 0; b < bins; ++b)
    plot.row("latency", low * std::exp(double(b) * ratio), low * std::exp(double(b + 1) * ratio), histogram[b]);
  plot.row("deadline", deadline);
  plot.draw(R"gnuplot(
set multiplot
set lmargin at screen 0.08; set rmargin at screen 0.97; set tmargin at screen 0.93; set bmargin at screen 0.55
set title "a string, the amplifier, and the network in its place"; set xlabel "ms"; set xrange [0:20.4]; set yrange [-1.1:0.6]
set key bottom right horizontal
plot $wave using 1:3 with lines linewidth 6 linecolor '#d8d8d8' title "amplifier", $wave using 1:2 with lines linetype 6 linewidth 1 title "what goes in", $wave using 1:4 with lines linetype 2 title "network"
set rmargin at screen 0.47; set tmargin at screen 0.41; set bmargin at screen 0.11
set title "learning"; set xlabel "epochs"; set ylabel "mean squared error"; set logscale y; set format y "10^{%T}"; set xrange [0:*]; set yrange [*:*]
plot $learning with lines linetype 1
set lmargin at screen 0.57; set rmargin at screen 0.97
set title "time of a block of 128 samples"; set xlabel "µs"; set ylabel "blocks"; set logscale x; set format y "%g"; set xrange [*:*] noextend; set yrange [0.5:20000]
plot $latency using 1:(0.5):1:2:(0.5):3 with boxxyerror linecolor '#0072b2', $deadline using 1:(0.5):(0):(6000) with vectors nohead linewidth 1.5 linecolor '#d55e00',      $deadline using 1:(10000):("as long as it sounds ") with labels right textcolor '#d55e00'
unset multiplot)gnuplot",
            900, 600);
  return error < 0.01 && percentile(50) < deadline / 10;
}

int main(int argument_count, char** arguments) {
  try {
    figure plot{"28_amplifier", argument_count, arguments};
    return !demonstrate(input(argument_count, arguments, plot), plot);
  } catch (const la::error& mistake) {
    std::fprintf(stderr, "%s\n", mistake.what());
    return 1;
  }
}
