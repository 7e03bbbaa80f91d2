// usage: 30_attention [FOLDER FOR THE FIGURE]
// Attention or recurrence: two ways to look back, on the same text.
//
// A GRU carries what it has read in a state, from character to character. A causal attention layer has no state: each
// step compares its query with the keys of all steps before it and takes their values in that proportion; where a
// character stands is told by waves added to its embedding. Both networks have 75,000 parameters and see the same
// windows of 32 characters, none more of them than the other. What to see: both learn, and the recurrent one learns
// faster: so small and on so little text, an order that is built in is worth more than freedom to look anywhere.
// Attention needs order too: without the waves it knows which characters there were, and barely where.
//
// A GRU writes as a stream. Attention to whole windows cannot be streamed: it writes by running the window of the last
// characters again for each one.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <deque>
#include <string>

#include <lamina/lamina.hpp>

#include "figure.hpp"

namespace la = lamina;

constexpr std::size_t alphabet = 65, steps = 32, features = 64;
using letters = la::embedding<features>;
using say = la::per_step<la::dense<alphabet>>;

/// A block of a transformer: attention and then a network for each step, either beside a shortcut.
struct block : la::network<la::input<steps, features>, la::residual<la::layer_norm, la::self_attention<4, la::causal>>,
                           la::residual<la::layer_norm, la::per_step<la::dense<2 * features>>, la::gelu,
                                        la::per_step<la::dense<features>>>> {};

struct attentive : la::network<la::token_input<steps, alphabet>, letters, la::positional_encoding, block, block,
                               la::layer_norm, say> {};
struct without_order : la::network<la::token_input<steps, alphabet>, letters, block, block, la::layer_norm, say> {};
struct recurrent : la::network<la::token_input<steps, alphabet>, letters, la::gru<116, la::return_sequence>, say> {};

/// A network of windows, called character by character as a stream is: it keeps the last ones and runs them all.
template <class Net> class running_window {
public:
  using scalar = float;
  static constexpr std::size_t outputs = alphabet;
  explicit running_window(const la::model<Net>& model) : model_{&model} {}

  void reset() { seen_.clear(); }
  std::array<float, outputs> operator()(float token) {
    if (seen_.size() == steps) seen_.pop_front();
    seen_.push_back(token);
    std::array<float, steps> window{}; // what stands behind the last character it does not look at
    std::copy(seen_.begin(), seen_.end(), window.begin());
    const auto logits = (*model_)(window);
    std::array<float, outputs> last;
    for (std::size_t i = 0; i < outputs; ++i) last[i] = logits(seen_.size() - 1, i);
    return last;
  }

private:
  const la::model<Net>* model_;
  std::deque<float> seen_;
};

/// Trains a network; draws and gives its losses on text that it has not read.
template <class Net>
la::history learn(const std::string& name, la::model<Net>& model, const auto& windows, figure& plot) {
  const auto [train, test] = windows.split([](std::size_t i) { return i % 20 != 0; });
  const double updates = 5 * double(train.size()) / 32;
  la::trainer trainer{model, la::softmax_cross_entropy{},
                      la::adam{.learning_rate = 3e-3} | la::clip_by_global_norm{1} |
                          la::linear_warmup{.steps = updates / 10} | la::cosine_annealing{.steps = 0.9 * updates}};
  const la::history past = trainer.fit(train, {.epochs = 5, .batch_size = 32, .validation = &test});
  for (const la::epoch_record& record : past) plot.row(name, record.epoch, record.validation_loss);
  std::printf("%-14s %6zu parameters   %5.2f s an epoch   %.3f nats for a character not seen before\n", name.c_str(),
              Net::parameter_count, past.back().seconds, past.back().validation_loss);
  return past;
}

int main(int argument_count, char** arguments) {
  figure plot{"30_attention", argument_count, arguments};
  const la::text text = la::load_text(LAMINA_TEXT);
  const la::vocabulary characters = la::characters(text);
  const auto windows = la::next_token_windows<steps>(characters.encode(text.first(200'000)));

  la::model<recurrent> gru{la::seed{1}};
  la::model<attentive> attention{la::seed{1}};
  la::model<without_order> blind{la::seed{1}};
  const double of_gru = learn("GRU", gru, windows, plot).back().validation_loss;
  const double of_attention = learn("attention", attention, windows, plot).back().validation_loss;
  const double of_blind = learn("without_order", blind, windows, plot).back().validation_loss;

  const la::generation how{.prompt = "ROMEO:", .length = 300, .temperature = 0.7, .seed = 1};
  la::stream<recurrent> stream{gru};
  running_window<attentive> window{attention};
  std::printf("\n--- the GRU\n%s\n", la::generate(stream, characters, how).c_str());
  std::printf("\n--- attention\n%s\n\n", la::generate(window, characters, how).c_str());

  plot.draw(R"gnuplot(
set xlabel "epochs"; set ylabel "nats for a character not seen before"; set xrange [0.8:5.2]; set xtics 1
plot $GRU with linespoints linetype 2 title "GRU", $attention with linespoints linetype 1 title "two blocks of attention", $without_order with linespoints linetype 6 title "… without positions")gnuplot",
            700, 430);
  return of_gru > 1.85 || of_attention > 2 || of_gru > of_attention || of_blind < of_attention + 0.1;
}
