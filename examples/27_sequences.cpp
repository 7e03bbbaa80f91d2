// usage: 27_sequences [FOLDER FOR THE FIGURE]
// Four recurrent layers and two small tasks: what it takes to remember.
//
// An Elman layer sees its own last state, a Jordan layer the output it gave last; LSTM and GRU decide by gates what to
// keep. The first task is exclusive or in time: a string of random bits goes in, and at every step the answer is the
// exclusive or of the two bits before this one, which no layer without a memory can know. The second is to say how a
// sine goes on: trained to tell one step ahead, each network then runs freely, its own output being its next input.
// What to see: all four learn both; the sine goes on although nobody shows it any more. They were trained on windows in
// batches, and run as a stream: it is one declaration, with the layer as its parameter.
#include <cmath>
#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include <lamina/lamina.hpp>

#include "figure.hpp"

namespace la = lamina;

constexpr std::size_t steps = 32, units = 12;

template <class Layer> struct in_time : la::network<la::input<steps, 1>, Layer, la::per_step<la::dense<1>>> {};

/// Random bits, −1 or 1, and at every step whether the last two before it differ.
struct bits {
  std::mt19937 random;
  bool now = false, before = false, earlier = false;
  float next() {
    earlier = before, before = now, now = random() % 2 == 1;
    return now ? 1.0f : -1.0f;
  }
  bool answer() const { return before != earlier; }
};

/// Trains a network to answer; gives how many of a thousand bits of a stream it answers wrongly.
template <class Layer> int learn_exclusive_or(const std::string& name, figure& plot) {
  static const auto windows = [] {
    la::dataset<la::values> all{steps, steps};
    std::vector<float> in(steps), out(steps);
    bits source{std::mt19937{1}};
    for (int window = 0; window < 640; ++window) {
      source = {source.random};
      source.next(), source.next();
      for (std::size_t t = 0; t < steps; ++t) in[t] = source.next(), out[t] = source.answer();
      // Of the bits before the window the network knows nothing: what they decide stays at one half.
      out[0] = out[1] = 0.5f;
      all.push_back(in, out);
    }
    return all;
  }();
  la::model<in_time<Layer>> model{la::seed{1}};
  la::trainer trainer{model, la::binary_cross_entropy{}, la::adam{.learning_rate = 1e-2} | la::clip_by_global_norm{1}};
  for (const la::epoch_record& record : trainer.fit(windows, {.epochs = 30, .batch_size = 32}))
    plot.row(name + "_xor", record.epoch, record.training_loss);

  la::stream<in_time<Layer>> stream{model};
  bits source{std::mt19937{2}};
  int wrong = 0;
  for (int t = 0; t < 1002; ++t) {
    const bool said = stream(source.next())[0] > 0;
    if (t >= 2) wrong += said != source.answer();
  }
  return wrong;
}

constexpr double period = 20;
double sine(double t) { return std::sin(2 * 3.14159265358979 * t / period); }

struct free_run {
  double error;     ///< root of the mean squared error over the first ten periods
  double amplitude; ///< of the last of a hundred periods
};

/// Trains a network to tell the next value, shows it two periods, and lets it go on alone.
template <class Layer> free_run continue_sine(const std::string& name, figure& plot) {
  static const auto windows = [] {
    la::dataset<la::values> all{steps, steps};
    std::mt19937 random{1};
    std::uniform_real_distribution<double> start{0, period};
    std::normal_distribution<float> noise{0, 0.05f}; // teaches it to come back to the sine from beside it
    std::vector<float> in(steps), out(steps);
    for (int window = 0; window < 640; ++window) {
      const double first = start(random);
      for (std::size_t t = 0; t < steps; ++t) {
        in[t] = float(sine(first + double(t))) + noise(random);
        out[t] = float(sine(first + double(t + 1)));
      }
      all.push_back(in, out);
    }
    return all;
  }();
  la::model<in_time<Layer>> model{la::seed{1}};
  la::trainer trainer{model, la::mean_squared_error{},
                      la::adam{.learning_rate = 1e-2} | la::clip_by_global_norm{1} |
                          la::cosine_annealing{.steps = 800}};
  for (const la::epoch_record& record : trainer.fit(windows, {.epochs = 40, .batch_size = 32}))
    plot.row(name + "_sine", record.epoch, record.training_loss);

  la::stream<in_time<Layer>> stream{model};
  float value = 0;
  for (int t = -int(2 * period); t <= 0; ++t) value = stream(float(sine(t)))[0];
  free_run result{0, 0};
  for (int t = 1; t <= int(100 * period); ++t, value = stream(value)[0]) {
    if (t <= int(4 * period)) plot.row(name + "_free", t, value);
    if (t <= int(10 * period)) result.error += std::pow(double(value) - sine(t), 2) / (10 * period);
    if (t > int(99 * period)) result.amplitude = std::max(result.amplitude, std::abs(double(value)));
  }
  result.error = std::sqrt(result.error);
  return result;
}

/// Both tasks; whether the layer learned them.
template <class Layer> bool learns(const std::string& name, figure& plot) {
  const int wrong = learn_exclusive_or<Layer>(name, plot);
  const free_run run = continue_sine<Layer>(name, plot);
  std::printf("%-7s %5zu parameters   exclusive or: %3d of 1000 wrong   sine: error %.3f over ten periods, amplitude "
              "%.2f after a hundred\n",
              name.c_str(), in_time<Layer>::parameter_count, wrong, run.error, run.amplitude);
  return wrong == 0 && run.amplitude > 0.8 && run.amplitude < 1.25;
}

int main(int argument_count, char** arguments) {
  figure plot{"27_sequences", argument_count, arguments};
  bool all = learns<la::rnn<units, la::return_sequence>>("Elman", plot);
  all &= learns<la::jordan_rnn<units, la::return_sequence>>("Jordan", plot);
  all &= learns<la::lstm<units, la::return_sequence>>("LSTM", plot);
  all &= learns<la::gru<units, la::return_sequence>>("GRU", plot);

  for (int t = -40; t <= int(4 * period); ++t) plot.row("truth", t, sine(t));
  plot.draw(R"gnuplot(
set multiplot
set lmargin at screen 0.07; set rmargin at screen 0.48; set tmargin at screen 0.92; set bmargin at screen 0.58
set title "exclusive or of the last two bits"; set xlabel "epochs"; set ylabel "loss" offset 1; set yrange [0:0.75]
plot $Elman_xor with lines title "Elman", $Jordan_xor with lines title "Jordan", $LSTM_xor with lines title "LSTM", $GRU_xor with lines title "GRU"
set lmargin at screen 0.57; set rmargin at screen 0.98
set title "a sine, one step ahead"; set ylabel "loss"; set logscale y; set yrange [*:*]; set format y "10^{%T}"
plot $Elman_sine with lines, $Jordan_sine with lines, $LSTM_sine with lines, $GRU_sine with lines
set lmargin at screen 0.07; set rmargin at screen 0.98; set tmargin at screen 0.42; set bmargin at screen 0.10
set title "shown two periods, then on its own"; set xlabel "steps"; unset ylabel; unset logscale; set format y "%g"; set yrange [-1.3:1.3]; set xrange [-40:80]
set arrow from 0,-1.3 to 0,1.3 nohead linecolor '#808080' dashtype 2
plot $truth with lines linewidth 6 linecolor '#d8d8d8' title "sine", $Elman_free with lines linetype 1, $Jordan_free with lines linetype 2, $LSTM_free with lines linetype 3, $GRU_free with lines linetype 4
unset multiplot)gnuplot",
            900, 620);
  return !all;
}
