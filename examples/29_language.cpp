// usage: 29_language [FOLDER FOR THE FIGURE]
// Which character comes next? Two networks read Shakespeare, and write.
//
// A sample is 32 characters, its target the 32 that stand one later; at every step the network says how likely each of
// the 65 characters is to be the next. After training it writes: a character is drawn by these likelihoods and goes in
// as the next one. The temperature divides the logits first. What to see: LSTM and GRU of one size learn alike, from
// the 4.2 nats a character that are chance down to 1.6; the GRU is a little ahead, so early. Cold text says the same
// safe words again and again, hot text invents words that are none.
#include <cmath>
#include <cstdio>
#include <string>

#include <lamina/lamina.hpp>

#include "figure.hpp"

namespace la = lamina;

constexpr std::size_t alphabet = 65, steps = 32;

template <class Layer>
struct language
    : la::network<la::token_input<steps, alphabet>, la::embedding<24>, Layer, la::per_step<la::dense<alphabet>>> {};

/// The share of a text's words, in percent, that are words of the vocabulary.
double words_in(const la::vocabulary& known, const std::string& text) {
  const la::vocabulary written = la::words(text);
  double all = 0, found = 0;
  for (const la::vocabulary_entry& word : written.entries()) {
    all += double(word.count);
    if (known.contains(word.name)) found += double(word.count);
  }
  return 100 * found / all;
}

struct outcome {
  double loss, words_when_cold, words_when_hot;
};

/// Trains a network, draws its losses and lets it write at three temperatures.
template <class Layer> outcome read_and_write(const std::string& name, const la::text& text, figure& plot) {
  const la::vocabulary characters = la::characters(text), words = la::words(text);
  const auto [train, test] =
      la::next_token_windows<steps>(characters.encode(text.first(400'000))).split([](std::size_t i) {
        return i % 20 != 0;
      });
  la::model<language<Layer>> model{la::seed{1}};
  la::trainer trainer{model, la::softmax_cross_entropy{},
                      la::adam{.learning_rate = 5e-3} | la::clip_by_global_norm{1} |
                          la::cosine_annealing{.steps = 6 * 371}};
  const auto draw = [&](const la::epoch_record& r) { plot.row(name, r.epoch, r.training_loss, r.validation_loss); };
  const la::history past = trainer.fit(train, {.epochs = 6, .batch_size = 32, .validation = &test}, draw);
  std::printf("\n%s: %zu parameters, %.0f thousand characters a second, %.3f nats for a character not seen before\n",
              name.c_str(), language<Layer>::parameter_count, 1e-3 * steps * past.back().samples_per_second,
              past.back().validation_loss);

  la::stream<language<Layer>> stream{model};
  const auto write = [&](double temperature) {
    const std::string written =
        la::generate(stream, characters, {.prompt = "ROMEO:", .length = 2000, .temperature = temperature, .seed = 1});
    const double share = words_in(words, written);
    std::printf("\n--- temperature %.1f: %.0f %% of the words are Shakespeare's\n%s\n", temperature, share,
                written.substr(0, 320).c_str());
    return share;
  };
  const double cold = write(0.3);
  write(0.7);
  return {past.back().validation_loss, cold, write(1.3)};
}

int main(int argument_count, char** arguments) {
  figure plot{"29_language", argument_count, arguments};
  const la::text text = la::load_text(LAMINA_TEXT);
  const outcome lstm = read_and_write<la::lstm<96, la::return_sequence>>("LSTM", text, plot);
  const outcome gru = read_and_write<la::gru<112, la::return_sequence>>("GRU", text, plot);

  plot.draw(R"gnuplot(
set xlabel "epochs over 380,000 characters"; set ylabel "nats for a character"; set xrange [0.8:6.2]
plot $LSTM using 1:3 with linespoints linetype 1 title "LSTM", $LSTM using 1:2 with lines linetype 1 linewidth 1 dashtype 2 title "… on what it is trained with", \
     $GRU using 1:3 with linespoints linetype 2 title "GRU", $GRU using 1:2 with lines linetype 2 linewidth 1 dashtype 2 title "… on what it is trained with")gnuplot",
            700, 430);
  const auto learned = [](const outcome& o) {
    return o.loss < 1.75 && o.words_when_cold > 85 && o.words_when_hot < o.words_when_cold - 20;
  };
  return !learned(lstm) || !learned(gru) || std::abs(lstm.loss - gru.loss) > 0.15;
}
