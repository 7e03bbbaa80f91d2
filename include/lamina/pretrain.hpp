#pragma once
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <lamina/core/text.hpp>
#include <lamina/model/model.hpp>
#include <lamina/pretrain/autoencoder.hpp>
#include <lamina/pretrain/boltzmann.hpp>
#include <lamina/pretrain/lsuv.hpp>
#include <lamina/train/epoch_batches.hpp>
#include <lamina/train/history.hpp>
#include <lamina/train/progress.hpp>

/// Greedy layer-wise pre-training without labels.
namespace lamina {

/// How long each layer is pre-trained: `{.epochs = 8, .batch_size = 64}`.
struct pretrain_options {
  std::size_t epochs = 1, batch_size = 32;
};

namespace detail {

/// Streams of random numbers for pre-training, one for each layer and step.
inline constexpr std::uint64_t pretrain_stream = std::uint64_t{3} << 60;

/// A two-way layer for a stage of a network.
template <class Stage, class T, class Arch, class O>
struct pretrained_layer : two_way_layer<Stage::in.size(), Stage::out.size(), T, Arch, O> {
  using two_way_layer<Stage::in.size(), Stage::out.size(), T, Arch, O>::two_way_layer;
  static constexpr std::size_t outputs = Stage::out.size();
};

/// The hidden numbers of all samples, as samples of the next layer.
template <class Stage, class T, class Arch, class Layer, class Target>
dataset<label> encoded(Layer& layer, const dataset<Target>& data) {
  constexpr std::size_t outputs = Stage::out.size();
  std::vector<float> numbers(data.size() * outputs);
  batch_rows<T> rows;
  rows.reserve(layer.capacity() * data.input_size());
  for (std::size_t first = 0; first < data.size(); first += layer.capacity()) {
    const std::size_t left = data.size() - first, batch = left < layer.capacity() ? left : layer.capacity();
    rows.point(layer.rows(), batch, data.input_size(), [&](std::size_t m) { return data.row(first + m); });
    layer.up(layer.rows(), batch,
             store_output<T, Arch, typename Stage::formula, false>{
                 layer.hidden(), nullptr, Layer::hidden_stride, Layer::hidden_stride, {}});
    for (std::size_t m = 0; m < batch; ++m)
      for (std::size_t n = 0; n < outputs; ++n)
        numbers[(first + m) * outputs + n] = static_cast<float>(layer.hidden(m)[n]);
  }
  return {outputs, std::move(numbers), std::vector<label>(data.size())};
}

/// Whether stage S is pre-trained: all but the last are, up to the first that uses another's weight, since that one
/// decodes what a layer before it has encoded.
template <class Net, std::size_t S> constexpr bool is_pretrained() {
  using plan = lamina::plan<Net, in_inference>;
  if constexpr (S + 1 < plan::stage_count)
    return plan::template stage<S>::leaf.source == none;
  else
    return false;
}

/// The bias of a layer that uses the weight of leaf `encoder` transposed, where there is one: what was learned with
/// that weight for the way down.
template <class Model, class T> void give_visible_bias(Model& model, std::size_t encoder, const T* visible) {
  for (const leaf& here : Model::network::leaf_table.leaves)
    if (here.source == encoder && here.transposed && here.parameters > 0) {
      const auto bias = model.parameter(Model::parameters[here.first_parameter].name.view());
      for (std::size_t k = 0; k < bias.size(); ++k) bias[k] = visible[k];
    }
}

template <class Net, std::size_t S, class T, class Storage, class Arch, class Target, class Method, class O>
void pretrain_from(model<Net, T, Storage, Arch>& model, const dataset<Target>& data, const Method& method,
                   const O& optimizer, const pretrain_options& options, std::vector<history>& past) {
  if constexpr (is_pretrained<Net, S>()) {
    using stage = typename plan<Net, in_inference>::template stage<S>;
    static_assert(stage::parameter_tensors == 2, "pre-training is for stacks of dense layers with activations");
    const std::size_t batch_size = options.batch_size < data.size() ? options.batch_size : data.size();
    pretrained_layer<stage, T, Arch, O> layer{optimizer, batch_size};
    const auto& parameters = parameter_block<Net, T, Arch>::parameters;
    const auto weight = model.parameter(parameters[stage::first_parameter].name.view());
    const auto bias = model.parameter(parameters[stage::first_parameter + 1].name.view());
    layer.take(weight, bias);
    epoch_batches<T, dataset<Target>> batches{data, batch_size};
    std::vector<const T*> inputs(batch_size);
    const std::uint64_t seed = model.drawn_from().value;
    history here;
    for (std::size_t epoch = 0; epoch < options.epochs; ++epoch) {
      const double started = seconds_now();
      batches.begin_epoch(seed, epoch);
      double squares = 0;
      for (std::size_t first = 0; first < data.size(); first += batch_size) {
        const std::size_t left = data.size() - first, batch = left < batch_size ? left : batch_size;
        batches.point(inputs.data(), first, batch);
        const simd::random_stream stream{seed, pretrain_stream + (std::uint64_t{S} << 48) + layer.steps()};
        squares += method.template learn<typename stage::formula, stage::in.size(), decltype(layer), T, Arch>(
            layer, inputs.data(), batch, stream);
      }
      const double loss = squares / static_cast<double>(data.size() * stage::in.size());
      if (!std::isfinite(loss))
        throw training_error(expected_got(joined_text({"pretrain: layer ", S, ", epoch ", epoch + 1}),
                                          "a finite reconstruction", std::to_string(loss)));
      const double seconds = seconds_now() - started;
      here.push_back({.epoch = epoch + 1,
                      .training_loss = loss,
                      .seconds = seconds,
                      .samples_per_second = static_cast<double>(data.size()) / seconds});
    }
    layer.give(weight, bias);
    give_visible_bias(model, stage::where.head, layer.visible_bias());
    past.push_back(here);
    if constexpr (is_pretrained<Net, S + 1>())
      pretrain_from<Net, S + 1>(model, encoded<stage, T, Arch>(layer, data), method, optimizer, options, past);
  }
}

} // namespace detail

/// Trains the layers of a stack one after the other to describe their own input: the first on the samples, each other
/// one on what the layer below makes of them; the last layer stays as it is. The same model is then fine-tuned with
/// labels. In an autoencoder whose decoder uses the encoder's weights (`transposed_weight_of`), the encoder's layers
/// are trained so, and the decoder's biases are those of the ways down. `method` is `autoencoder{}`,
/// `denoising_autoencoder{.corruption = 0.2}` or `restricted_boltzmann{.steps = 1}`. Gives the history of each layer:
/// the mean squared error of the reconstruction. Errors: argument_error for no epochs, no batch size or a data set that
/// does not fit; training_error where the reconstruction is no longer finite (that layer and those above stay as they
/// were). Source: Hinton, Osindero, Teh 2006; Bengio, Lamblin, Popovici, Larochelle 2007.
template <class Net, class T, class Storage, class Arch, class Target, class Method, class O>
std::vector<history> pretrain(model<Net, T, Storage, Arch>& model, const dataset<Target>& data, const Method& method,
                              const O& optimizer, const pretrain_options& options) {
  if (options.epochs == 0) throw argument_error(expected_got("pretrain: epochs", "at least 1", "0"));
  if (options.batch_size == 0) throw argument_error(expected_got("pretrain: batch_size", "at least 1", "0"));
  data.require_samples();
  if (data.input_size() != Net::input_shape.size())
    throw argument_error(
        expected_got("pretrain: input size of the data set", Net::input_shape.size(), data.input_size()));
  std::vector<history> past;
  detail::pretrain_from<Net, 0>(model, data, method, optimizer, options, past);
  return past;
}

} // namespace lamina
