#pragma once
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include <lamina/metric.hpp>
#include <lamina/model/backward.hpp>
#include <lamina/simd/random.hpp>
#include <lamina/train/history.hpp>
#include <lamina/train/progress.hpp>
#include <lamina/train/update.hpp>

namespace lamina {

/// How `fit` runs: `{.epochs = 10, .batch_size = 64, .validation = &test}`.
template <class Target> struct fit_options {
  std::size_t epochs = 1, batch_size = 32;
  const dataset<Target>* validation = nullptr; ///< measured after every epoch
};

namespace detail {

template <class Loss, class Target>
inline constexpr bool takes = std::is_same_v<Target, label> ? Loss::takes_labels : Loss::takes_values;

/// What a call with targets of the wrong kind gives.
template <class Loss, class Target>
using wrong_target = std::conditional_t<std::is_same_v<Target, label>,
                                        wrong_call<reason::target_type, Loss, expects_values, gets_labels>,
                                        wrong_call<reason::target_type, Loss, expects_labels, gets_values>>;

} // namespace detail

/// The gradient of a loss by all parameters: `gradient("2.weight")(n, k)`.
template <class Model> class gradient_of {
public:
  using scalar = typename Model::scalar;
  parameter_view<const scalar> operator()(std::string_view name) const { return {block_.data(), Model::find(name)}; }
  scalar* data() { return block_.data(); }
  const scalar* data() const { return block_.data(); }

private:
  aligned_block<scalar> block_{Model::block_size};
};

/// Trains a model: `trainer t{model, softmax_cross_entropy{}, adam{.learning_rate = 1e-3f}}; t.fit(data, {.epochs =
/// 5});` Holds what training needs beside the parameters: the optimizer's slots and the arena, which grows when a
/// larger batch than ever before comes and never otherwise. The model must outlive the trainer. Errors: a loss that
/// does not fit the network does not compile. Example: examples/03_digits.cpp.
template <Network Net, class T, class Storage, class Arch, class Loss, Optimizer O, class Verdict> class trainer;

template <class Net, class T, class Storage, class Arch, class Loss, class O>
trainer(model<Net, T, Storage, Arch>&, Loss, O)
    -> trainer<Net, T, Storage, Arch, Loss, O, decltype(Loss::template diagnose<Net>())>;

template <Network Net, class T, class Storage, class Arch, class Loss, Optimizer O>
class trainer<Net, T, Storage, Arch, Loss, O, no_error> {
  using layout = parameter_block<Net, T, Arch>;

  using numbers = std::span<const T>;
  using labels = std::span<const label>;
  static constexpr bool takes_labels = Loss::takes_labels, takes_values = Loss::takes_values;

public:
  using model_type = model<Net, T, Storage, Arch>;

  trainer(model_type& trained, Loss loss, O optimizer)
      : model_{&trained}, loss_{loss}, optimizer_{optimizer}, seed_{trained.drawn_from().value} {}

  /// One update from a batch of whole samples, one after the other; gives the loss before it.
  /// Errors: argument_error where lengths are no whole samples, do not belong together, or a label is too large;
  /// nothing changed.
  double step(numbers inputs, labels targets)
    requires takes_labels
  {
    return update(batch_of(inputs, targets), stand(targets));
  }
  double step(numbers inputs, numbers targets)
    requires takes_values
  {
    return update(batch_of(inputs, targets), stand(targets));
  }

  /// The loss of a batch; nothing is updated.
  double loss(numbers inputs, labels targets)
    requires takes_labels
  {
    return forward(batch_of(inputs, targets), stand(targets), false);
  }
  double loss(numbers inputs, numbers targets)
    requires takes_values
  {
    return forward(batch_of(inputs, targets), stand(targets), false);
  }

  /// The gradient of the loss of a batch, by parameter name; nothing is updated.
  gradient_of<model_type> gradient(numbers inputs, labels targets)
    requires takes_labels
  {
    return gradient_from(batch_of(inputs, targets), stand(targets));
  }
  gradient_of<model_type> gradient(numbers inputs, numbers targets)
    requires takes_values
  {
    return gradient_from(batch_of(inputs, targets), stand(targets));
  }

  // Targets that this loss does not take: the type that these give cannot be used, and says why.
  detail::wrong_target<Loss, label> step(numbers, labels)
    requires(!takes_labels);
  detail::wrong_target<Loss, values> step(numbers, numbers)
    requires(!takes_values);
  detail::wrong_target<Loss, label> loss(numbers, labels)
    requires(!takes_labels);
  detail::wrong_target<Loss, values> loss(numbers, numbers)
    requires(!takes_values);
  detail::wrong_target<Loss, label> gradient(numbers, labels)
    requires(!takes_labels);
  detail::wrong_target<Loss, values> gradient(numbers, numbers)
    requires(!takes_values);
  template <class Target>
    requires(!detail::takes<Loss, Target>)
  detail::wrong_target<Loss, Target> fit(const dataset<Target>&, const std::type_identity_t<fit_options<Target>>&);

  /// Trains for some epochs, each over all samples in a new order drawn from the model's seed.
  /// Errors: argument_error for no epochs, no batch size, or a data set that does not fit; training_error naming epoch
  /// and step where the loss is no longer finite: training stops before that step's update, and the parameters can be
  /// looked at.
  template <class Target>
    requires detail::takes<Loss, Target>
  history fit(const dataset<Target>& data, const std::type_identity_t<fit_options<Target>>& options) {
    check(data, options);
    const std::size_t capacity = options.batch_size < data.size() ? options.batch_size : data.size();
    reserve(capacity);
    detail::batch_rows<T> rows;
    detail::batch_targets<T, Target> targets;
    detail::measurement<Net, T, Arch, Target> measurement;
    rows.reserve(capacity * Net::input_shape.size());
    targets.reserve(capacity, Net::output_shape.size());
    std::vector<std::uint32_t> order(data.size());
    detail::progress_line progress{options.epochs, data.size()};
    history past;
    for (std::size_t epoch = 0; epoch < options.epochs; ++epoch) {
      const double started = detail::seconds_now();
      shuffle(order);
      double total = 0;
      for (std::size_t first = 0, step = 1; first < data.size(); first += capacity, ++step) {
        const std::size_t left = data.size() - first, batch = left < capacity ? left : capacity;
        const std::uint32_t* chosen = order.data() + first;
        const auto index_of = [chosen](std::size_t m) { return std::size_t{chosen[m]}; };
        rows.point(memory_.inputs(), batch, data.input_size(), [&](std::size_t m) { return data.row(index_of(m)); });
        const double loss = forward(batch, targets.gather(data, batch, index_of), true);
        if (!std::isfinite(loss))
          throw training_error(
              expected_got("fit: epoch " + std::to_string(epoch + 1) + ", step " + std::to_string(step),
                           "a finite loss", std::to_string(loss)));
        backward(batch, state_.next(optimizer_, model_->data()));
        total += loss * static_cast<double>(batch);
        progress.batch(epoch, first + batch, loss);
      }
      ++epochs_;
      const double seconds = detail::seconds_now() - started;
      epoch_record record{.epoch = epochs_,
                          .training_loss = total / static_cast<double>(data.size()),
                          .validation_loss = std::numeric_limits<double>::quiet_NaN(),
                          .validation_metric = std::numeric_limits<double>::quiet_NaN(),
                          .seconds = seconds,
                          .samples_per_second = static_cast<double>(data.size()) / seconds};
      if (options.validation) validate(*options.validation, measurement, record);
      progress.epoch(record);
      past.push_back(record);
    }
    return past;
  }

  /// The optimizer, to look at or to change between steps.
  O& optimizer() { return optimizer_; }
  /// Updates so far.
  std::size_t steps() const { return state_.step(); }

private:
  void reserve(std::size_t batch) { memory_.reserve(batch); }

  /// Forward, loss, and backward into the sink that `sink_of` makes.
  template <class Targets> double forward(std::size_t batch, Targets targets, bool with_gradient) {
    constexpr std::size_t out = Net::output_shape.size();
    detail::forward_pass<Net, T, Arch, true>::run(model_->data(), memory_.inputs(), batch, memory_.arena());
    const detail::loss_view<T> at{memory_.output(), with_gradient ? memory_.output_gradient() : nullptr,
                                  memory_.output_stride, batch, out};
    return loss_.template sum<T, Arch>(at, targets) / loss_.divisor(batch, out);
  }
  template <class Sink> void backward(std::size_t batch, const Sink& sink) {
    detail::backward_pass<Net, T, Arch>::run(model_->data(), memory_.inputs(), batch, memory_.arena(), sink);
  }
  template <class Targets> double update(std::size_t batch, Targets targets) {
    const double loss = forward(batch, targets, true);
    backward(batch, state_.next(optimizer_, model_->data()));
    return loss;
  }

  template <class Targets> gradient_of<model_type> gradient_from(std::size_t batch, Targets targets) {
    gradient_of<model_type> result;
    forward(batch, targets, true);
    backward(batch, detail::store_parameter_gradient<T, Arch>{result.data()});
    return result;
  }

  /// Checks a batch and points the inputs at it; gives its size.
  template <class Target> std::size_t batch_of(std::span<const T> inputs, std::span<const Target> targets) {
    constexpr bool classes = std::is_same_v<Target, label>;
    constexpr std::size_t in = Net::input_shape.size(), out = Net::output_shape.size(), each = classes ? 1 : out;
    const std::size_t batch = inputs.size() / in;
    if (batch == 0 || inputs.size() % in)
      throw argument_error(expected_got("inputs of a batch",
                                        "a positive multiple of " + std::to_string(in) + " numbers",
                                        std::to_string(inputs.size())));
    if (targets.size() != batch * each)
      throw argument_error(expected_got("targets of a batch",
                                        std::to_string(batch * each) + (classes ? " labels" : " numbers"),
                                        std::to_string(targets.size())));
    if constexpr (classes)
      for (std::size_t m = 0; m < batch; ++m)
        if (targets[m].value >= Net::output_shape.last())
          throw argument_error(expected_got("label " + std::to_string(m) + " of a batch",
                                            "below " + std::to_string(Net::output_shape.last()),
                                            std::to_string(targets[m].value)));
    reserve(batch);
    detail::point_rows<T>(memory_.inputs(), inputs.data(), in, batch);
    return batch;
  }
  const label* stand(std::span<const label> targets) { return targets.data(); }
  const T* const* stand(std::span<const T> targets) {
    constexpr std::size_t out = Net::output_shape.size();
    target_rows_.reserve(targets.size() / out, 0);
    return target_rows_.point(targets.data(), targets.size() / out, out);
  }

  template <class Target> void check(const dataset<Target>& data, const fit_options<Target>& options) {
    if (options.epochs == 0) throw argument_error(expected_got("fit: epochs", "at least 1", "0"));
    if (options.batch_size == 0) throw argument_error(expected_got("fit: batch_size", "at least 1", "0"));
    detail::require_fit<Net>(data, "fit");
    if (options.validation) detail::require_fit<Net>(*options.validation, "fit: validation");
  }

  /// The order of the next epoch: a function of the seed and the number of epochs so far.
  void shuffle(std::vector<std::uint32_t>& order) {
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::uint32_t>(i);
    simd::shuffle(simd::random_stream{seed_, shuffle_stream + epochs_}, order.data(), order.size());
  }

  template <class Target, class Measurement>
  void validate(const dataset<Target>& data, Measurement& measurement, epoch_record& record) {
    constexpr std::size_t out = Net::output_shape.size();
    double total = 0;
    std::size_t right = 0;
    measurement.run(model_->data(), data, [&](std::size_t first, std::size_t batch, const T* y, std::size_t stride) {
      total += loss_.template sum<T, Arch>(detail::loss_view<T>{y, nullptr, stride, batch, out},
                                           measurement.targets_from(data, first, batch));
      if constexpr (std::is_same_v<Target, label>)
        for (std::size_t m = 0; m < batch; ++m)
          right += detail::largest(y + m * stride, out) == data.target(first + m).value;
    });
    record.validation_loss = total / loss_.divisor(data.size(), out);
    if constexpr (std::is_same_v<Target, label>)
      record.validation_metric = static_cast<double>(right) / static_cast<double>(data.size());
  }

  /// Streams of random numbers from here on belong to shuffling; those below to the parameters.
  static constexpr std::uint64_t shuffle_stream = std::uint64_t{1} << 32;

  model_type* model_;
  Loss loss_;
  O optimizer_;
  std::uint64_t seed_;
  std::size_t epochs_ = 0;
  detail::arena_memory<Net, T, Arch, true> memory_;
  detail::batch_targets<T, values> target_rows_;
  detail::optimizer_state<O, T, Arch, layout::size> state_;
};

} // namespace lamina
