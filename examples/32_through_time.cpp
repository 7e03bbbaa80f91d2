// usage: 32_through_time [FOLDER FOR THE FIGURE]
// What is left of a gradient after sixty steps back through time, and what that means for a memory.
//
// A recurrent layer is as deep as its sequence is long, with the same weights at every step: on the way back the
// gradient is multiplied by the same matrix again and again. An LSTM's state is multiplied by its forget gate alone; a
// bias there opens the gate from the start. What to see: the gradient by a step's input falls exponentially with its
// age, for an Elman network by ten to the minus fifteen in sixty steps. So it cannot learn to remember a symbol for
// long, whereas the LSTM with a bias of its forget gate can.
//
// Gradients are by parameters. An embedding is one: in a sequence of the tokens 0, 1, 2, … row t of its table is the
// input of step t, and the gradient by that row is what is looked for.
#include <cmath>
#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include <lamina/lamina.hpp>

#include "figure.hpp"

namespace la = lamina;

constexpr std::size_t units = 16, seeds = 6;

template <std::size_t Steps, std::size_t Tokens, class Layer>
struct remembering : la::network<la::token_input<Steps, Tokens>, la::embedding<8>, Layer, la::dense<1>> {};

/// A kind of network: its name, and the bias its forget gates start with.
struct kind {
  const char* name;
  float forget_bias;
};

/// Opens the forget gates: rows H to 2H of what is added to an LSTM's gates.
template <class Model> void open_forget_gates(Model& model, float bias) {
  auto all = model.parameter("1.bias_ih_l0");
  for (std::size_t h = units; h < 2 * units && h < all.size(); ++h) all(h) = bias;
}

/// Draws the length of the gradient by the input of every step, a geometric mean over several starts; gives how much of
/// the last one's is left at the first.
template <class Layer> double draw_gradients(const kind& of, figure& plot) {
  constexpr std::size_t steps = 60;
  std::vector<float> tokens(steps);
  for (std::size_t t = 0; t < steps; ++t) tokens[t] = float(t);
  std::vector<double> logarithms(steps);
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    la::model<remembering<steps, steps, Layer>> model{la::seed{seed}};
    open_forget_gates(model, of.forget_bias);
    la::trainer trainer{model, la::binary_cross_entropy{}, la::sgd{}};
    const auto gradient = trainer.gradient(tokens, std::vector<float>{1});
    const auto by_inputs = gradient("0.weight");
    for (std::size_t t = 0; t < steps; ++t) {
      double squares = 0;
      for (std::size_t i = 0; i < 8; ++i) squares += std::pow(double(by_inputs(t, i)), 2);
      logarithms[t] += std::log10(squares) / 2 / seeds;
    }
  }
  for (std::size_t t = 0; t < steps; ++t) plot.row(std::string(of.name) + "_gradient", t + 1, logarithms[t]);
  return std::pow(10, logarithms.front() - logarithms.back());
}

/// Sequences that begin with one of two symbols, all else being chance: which one was it?
template <std::size_t Steps> la::dataset<la::values> first_symbols(std::size_t count, unsigned seed) {
  std::mt19937 random{seed};
  la::dataset<la::values> all{Steps, 1};
  std::vector<float> tokens(Steps);
  for (std::size_t i = 0; i < count; ++i) {
    for (float& token : tokens) token = float(2 + random() % 4);
    tokens[0] = float(random() % 2);
    all.push_back(tokens, {tokens[0]});
  }
  return all;
}

/// Draws how many of several starts learn to remember over so many steps; gives that share.
template <std::size_t Steps, class Layer> double learn(const kind& of, figure& plot) {
  static const auto train = first_symbols<Steps>(1024, 1), test = first_symbols<Steps>(500, 2);
  double learned = 0;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    la::model<remembering<Steps, 6, Layer>> model{la::seed{seed}};
    open_forget_gates(model, of.forget_bias);
    la::trainer trainer{model, la::binary_cross_entropy{},
                        la::adam{.learning_rate = 3e-3} | la::clip_by_global_norm{1}};
    trainer.fit(train, {.epochs = 12, .batch_size = 32});
    int right = 0;
    for (const auto& [input, target] : test) right += (model(input)[0] > 0) == (target[0] > 0);
    learned += right > 475 ? 1.0 / seeds : 0;
  }
  plot.row(std::string(of.name) + "_learned", Steps, 100 * learned);
  return learned;
}

struct outcome {
  double left, over_10, over_20, over_40;
};
template <class Layer> outcome look_at(const kind& of, figure& plot) {
  const outcome o{draw_gradients<Layer>(of, plot), learn<10, Layer>(of, plot), learn<20, Layer>(of, plot),
                  learn<40, Layer>(of, plot)};
  std::printf(
      "%-12s gradient at the first of 60 steps: %7.1e of the last one's   remembers over 10, 20, 40 steps: %3.0f %3.0f "
      "%3.0f %%\n",
      of.name, o.left, 100 * o.over_10, 100 * o.over_20, 100 * o.over_40);
  return o;
}

int main(int argument_count, char** arguments) {
  figure plot{"32_through_time", argument_count, arguments};
  const outcome elman = look_at<la::rnn<units>>({"Elman", 0}, plot);
  look_at<la::lstm<units>>({"LSTM_0", 0}, plot);
  const outcome lstm = look_at<la::lstm<units>>({"LSTM_1", 1}, plot);
  look_at<la::lstm<units>>({"LSTM_3", 3}, plot);

  plot.draw(R"gnuplot(
set multiplot layout 1,2
set title "before training"; set xlabel "step t"; set ylabel "length of the gradient by x_t"; set format y "10^{%g}"; set xrange [0:61]
set key bottom right
plot $LSTM_3_gradient with lines linetype 3 title "LSTM, forget bias 3", $LSTM_1_gradient with lines linetype 1 title "LSTM, forget bias 1", $LSTM_0_gradient with lines linetype 6 title "LSTM, forget bias 0", \
     $Elman_gradient with lines linetype 2 title "Elman"
set title "what can be learned"; set xlabel "steps to remember the first symbol over"; set ylabel "starts that learn it, %"; set format y "%g"; set yrange [-4:104]; set xrange [8:44]; set xtics (10, 20, 40)
set key bottom left
plot $LSTM_3_learned with linespoints linetype 3, $LSTM_1_learned with linespoints linetype 1, $LSTM_0_learned with linespoints linetype 6, $Elman_learned with linespoints linetype 2
unset multiplot)gnuplot",
            900, 430);
  return elman.left > 1e-9 || lstm.left < 1e4 * elman.left || lstm.over_20 < elman.over_20 + 0.3;
}
