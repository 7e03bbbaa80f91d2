#pragma once
#include "peers/images/peer.hpp"
#include <algorithm>
#include <lamina/lamina.hpp>
#include <span>
#include <string>

/// lamina's side of the image races: the networks as types, behind the same interface as everybody.
namespace images {

namespace la = lamina;

struct lenet : la::network<la::input<1, 28, 28>, la::conv2d<8, la::kernel<5>>, la::relu, la::max_pool2d<2>,
                           la::conv2d<16, la::kernel<5>>, la::relu, la::max_pool2d<2>, la::flatten, la::dense<128>,
                           la::relu, la::dense<10>> {};

template <std::size_t Channels>
using block = la::residual<la::conv2d<Channels, la::kernel<3>, la::padding<1>>, la::batch_norm, la::relu,
                           la::conv2d<Channels, la::kernel<3>, la::padding<1>>, la::batch_norm>;
template <std::size_t Channels>
using down = la::residual<la::shortcut<la::conv2d<Channels, la::kernel<1>, la::stride<2>>>,
                          la::conv2d<Channels, la::kernel<3>, la::stride<2>, la::padding<1>>, la::batch_norm>;
struct small_resnet : la::network<la::input<3, 16, 16>, la::named<"stem", la::conv2d<8, la::kernel<3>, la::padding<1>>>,
                                  la::relu, block<8>, la::relu, down<16>, la::relu, la::global_avg_pool, la::dense<4>> {
};

/// The peers' first values; their names are those of the model.
template <class Model> void load(Model& model, const peers::images::parameters& values) {
  for (const auto& [name, from] : values) {
    auto to = model.parameter(name);
    if (to.size() != from.size())
      throw la::argument_error(name + " has " + std::to_string(to.size()) + " numbers, not " +
                               std::to_string(from.size()));
    for (std::size_t i = 0; i < from.size(); ++i) to[i] = from[i];
  }
}

/// Batch norms are folded, as the peers do it.
template <class Net> class classifier final : public peers::images::classifier {
  using folded = la::folded_network<Net>;
  static constexpr std::size_t inputs = Net::input_shape.size(), classes = Net::output_shape.size();

public:
  classifier(const peers::images::network& net, int batch)
      : batch_{static_cast<std::size_t>(batch)}, workspace_{batch_}, model_{make(net)} {}

  void run(const float* x, float* logits) override {
    if (batch_ == 1)
      std::ranges::copy(model_(std::span<const float, inputs>{x, inputs}), logits);
    else
      la::predict(model_, std::span<const float>{x, batch_ * inputs}, std::span<float>{logits, batch_ * classes},
                  workspace_);
  }

private:
  static la::model<folded> make(const peers::images::network& net) {
    la::model<Net> unfolded{la::seed{1}};
    load(unfolded, peers::images::initial(net));
    return la::fold_batch_norm(unfolded);
  }
  std::size_t batch_;
  la::workspace<folded> workspace_;
  la::model<folded> model_;
};

template <class Net, class Optimizer> class trainee final : public peers::trainee {
public:
  trainee(const peers::images::network& net, int batch, Optimizer optimizer, la::threads threads = la::threads{1})
      : trainer_{model_, la::softmax_cross_entropy{}, optimizer, threads}, labels_(static_cast<std::size_t>(batch)) {
    load(model_, peers::images::initial(net));
  }
  float step(const float* x, const int* y) override {
    for (std::size_t i = 0; i < labels_.size(); ++i) labels_[i] = la::label(y[i]);
    return static_cast<float>(trainer_.step(std::span<const float>{x, labels_.size() * Net::input_shape.size()},
                                            std::span<const la::label>{labels_}));
  }

private:
  la::model<Net> model_{la::seed{1}};
  decltype(la::trainer{std::declval<la::model<Net>&>(), la::softmax_cross_entropy{},
                       std::declval<Optimizer>()}) trainer_;
  std::vector<la::label> labels_;
};

template <class Net>
std::unique_ptr<peers::trainee> train(const peers::images::network& net, int batch, peers::images::update rule) {
  using enum peers::images::update;
  if (rule == sgd)
    return std::make_unique<trainee<Net, la::sgd>>(net, batch, la::sgd{.learning_rate = peers::sgd_rate});
  if (rule == adam)
    return std::make_unique<trainee<Net, la::adam>>(net, batch, la::adam{.learning_rate = peers::adam_rate});
  return std::make_unique<trainee<Net, la::adamw>>(
      net, batch, la::adamw{.learning_rate = peers::images::adamw_rate, .weight_decay = peers::images::adamw_decay});
}

inline const std::vector<peers::images::classifying_peer> classifying{
    {"lamina", "", [](const peers::images::network& net, int batch) -> std::unique_ptr<peers::images::classifier> {
       if (&net == &peers::images::lenet()) return std::make_unique<classifier<lenet>>(net, batch);
       return std::make_unique<classifier<small_resnet>>(net, batch);
     }}};
inline const std::vector<peers::images::image_training_peer> training{
    {"lamina", "", [](const peers::images::network& net, int batch, peers::images::update rule) {
       return &net == &peers::images::lenet() ? train<lenet>(net, batch, rule) : train<small_resnet>(net, batch, rule);
     }}};

/// LeNet, trained by SGD on so many threads.
inline std::unique_ptr<peers::trainee> train_lenet_on(std::size_t threads, int batch) {
  return std::make_unique<trainee<lenet, la::sgd>>(peers::images::lenet(), batch,
                                                   la::sgd{.learning_rate = peers::sgd_rate}, la::threads{threads});
}

/// The arena of a training step: activations and gradients, without parameters and what an optimizer keeps.
inline std::size_t arena_bytes(const peers::images::network& net, std::size_t batch) {
  return &net == &peers::images::lenet() ? la::cost<lenet>.arena_bytes(batch)
                                         : la::cost<small_resnet>.arena_bytes(batch);
}

} // namespace images
