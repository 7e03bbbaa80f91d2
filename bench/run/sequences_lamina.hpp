#pragma once
#include "peers/sequences/peer.hpp"
#include <algorithm>
#include <lamina/lamina.hpp>
#include <span>
#include <string>

/// lamina's side of the races of sequences: the networks as types, behind the same interface as everybody.
namespace sequences {

namespace la = lamina;
namespace rivals = peers::sequences;

/// The peers' first values; their names are those of the model.
template <class Model> void load(Model& model, const rivals::parameters& values) {
  for (const auto& [name, from] : values) {
    auto to = model.parameter(name);
    if (to.size() != from.size())
      throw la::argument_error(name + " has " + std::to_string(to.size()) + " numbers, not " +
                               std::to_string(from.size()));
    for (std::size_t i = 0; i < from.size(); ++i) to[i] = from[i];
  }
}

// ---- one step after the other; how many steps a window has is of no account

struct gru_24 : la::network<la::input<16, 1>, la::gru<24, la::return_sequence>> {};
struct lstm_32 : la::network<la::input<16, 1>, la::lstm<32, la::return_sequence>> {};
struct convolutions
    : la::network<la::input<16, 1>, la::causal_conv1d<8, la::kernel<3>>, la::tanh,
                  la::causal_conv1d<8, la::kernel<3>, la::dilation<4>>, la::tanh, la::per_step<la::dense<1>>> {};
struct lstm_8 : la::network<la::input<16, 1>, la::lstm<8, la::return_sequence>, la::per_step<la::dense<1>>> {};
struct gru_8 : la::network<la::input<16, 1>, la::gru<8, la::return_sequence>, la::per_step<la::dense<1>>> {};

/// A call for each step, as everybody else does it: the one that gives a number, or writes many where they go.
struct by_steps {
  template <class Stream> static void run(Stream& stream, const float* in, float* out, std::size_t steps) {
    for (std::size_t t = 0; t < steps; ++t)
      if constexpr (Stream::inputs == 1 && Stream::outputs == 1)
        out[t] = stream(std::span<const float>{in + t, 1})[0];
      else
        stream.process(std::span<const float>{in + t * Stream::inputs, Stream::inputs},
                       std::span<float>{out + t * Stream::outputs, Stream::outputs});
  }
};
/// A call for each block of 128 steps.
struct by_blocks {
  template <class Stream> static void run(Stream& stream, const float* in, float* out, std::size_t steps) {
    for (std::size_t t = 0; t < steps; t += 128) {
      const std::size_t n = std::min<std::size_t>(steps - t, 128);
      stream.process(std::span<const float>{in + t * Stream::inputs, n * Stream::inputs},
                     std::span<float>{out + t * Stream::outputs, n * Stream::outputs});
    }
  }
};

template <class Net, class Rival, class Calls> class voice final : public rivals::stream {
public:
  voice() { load(model_, Rival::initial()); }
  void run(const float* in, float* out, int steps) override {
    Calls::run(stream_, in, out, static_cast<std::size_t>(steps));
  }

private:
  la::model<Net> model_{la::seed{1}};
  la::stream<Net> stream_{model_};
};
template <class Net, class Rival, class Calls> std::unique_ptr<rivals::stream> make_voice() {
  return std::make_unique<voice<Net, Rival, Calls>>();
}
template <class Calls>
inline const rivals::stream_peer voices{"lamina",
                                        "",
                                        make_voice<gru_24, rivals::gru_24, Calls>,
                                        make_voice<lstm_32, rivals::lstm_32, Calls>,
                                        make_voice<convolutions, rivals::convolutions, Calls>,
                                        make_voice<lstm_8, rivals::lstm_8, Calls>,
                                        make_voice<gru_8, rivals::gru_8, Calls>};

inline const std::vector<rivals::stream_peer> streams{voices<by_steps>}, streams_in_blocks{voices<by_blocks>};

// ---- the character model

#if __has_include(<lamina/data/text.hpp>)

struct language
    : la::network<la::token_input<rivals::text::steps, rivals::text::vocabulary>,
                  la::embedding<rivals::text::embedding>, la::gru<rivals::text::hidden, la::return_sequence>,
                  la::per_step<la::dense<rivals::text::vocabulary>>> {};

inline const auto text_rule =
    la::adam{.learning_rate = rivals::text::rate} | la::clip_by_global_norm{rivals::text::largest_norm};

class characters final : public rivals::text_trainee {
public:
  characters() : numbers_(count), labels_(count) { load(model_, rivals::initial_text()); }
  float step(const int* tokens, const int* targets) override {
    for (std::size_t i = 0; i < count; ++i) {
      numbers_[i] = static_cast<float>(tokens[i]);
      labels_[i] = la::label(targets[i]);
    }
    return static_cast<float>(trainer_.step(numbers_, labels_));
  }

private:
  static constexpr std::size_t count = rivals::text::batch * rivals::text::steps;
  la::model<language> model_{la::seed{1}};
  decltype(la::trainer{std::declval<la::model<language>&>(), la::softmax_cross_entropy{}, text_rule}) trainer_{
      model_, la::softmax_cross_entropy{}, text_rule};
  std::vector<float> numbers_;
  std::vector<la::label> labels_;
};
inline const std::vector<rivals::text_peer> texts{
    {"lamina", "", [] { return std::unique_ptr<rivals::text_trainee>(new characters); }}};

#else
inline const std::vector<rivals::text_peer> texts;
#endif

// ---- attention

#if __has_include(<lamina/layer/self_attention.hpp>)

struct attention : la::network<la::input<rivals::attention::steps, rivals::attention::features>,
                               la::self_attention<rivals::attention::heads, la::causal>> {};

class attention_layer final : public rivals::attention_layer {
public:
  attention_layer() { load(model_, rivals::initial_attention()); }
  void run(const float* x, float* y) override {
    la::predict(model_, std::span<const float>{x, rivals::attention::numbers},
                std::span<float>{y, rivals::attention::numbers}, workspace_);
  }

private:
  la::model<attention> model_{la::seed{1}};
  la::workspace<attention> workspace_{rivals::attention::batch};
};
class attention_trainee final : public rivals::attention_trainee {
public:
  attention_trainee() { load(model_, rivals::initial_attention()); }
  float step(const float* x, const float* target) override {
    return static_cast<float>(trainer_.step(std::span<const float>{x, rivals::attention::numbers},
                                            std::span<const float>{target, rivals::attention::numbers}));
  }

private:
  la::model<attention> model_{la::seed{1}};
  decltype(la::trainer{std::declval<la::model<attention>&>(), la::mean_squared_error{}, la::sgd{}}) trainer_{
      model_, la::mean_squared_error{}, la::sgd{.learning_rate = rivals::attention::rate}};
};
inline const std::vector<rivals::attention_peer> attentions{
    {"lamina", "", [] { return std::unique_ptr<rivals::attention_layer>(new attention_layer); },
     [] { return std::unique_ptr<rivals::attention_trainee>(new attention_trainee); }}};

#else
inline const std::vector<rivals::attention_peer> attentions;
#endif

} // namespace sequences
