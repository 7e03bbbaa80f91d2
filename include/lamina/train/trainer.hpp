#pragma once
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <utility>

#include <lamina/loss/parametric.hpp>
#include <lamina/metric.hpp>
#include <lamina/model/backward.hpp>
#include <lamina/simd/limit_rows.hpp>
#include <lamina/train/callback.hpp>
#include <lamina/train/epoch_batches.hpp>
#include <lamina/train/fit_options.hpp>
#include <lamina/train/gradient_of.hpp>
#include <lamina/train/history.hpp>
#include <lamina/train/line_searcher.hpp>
#include <lamina/train/progress.hpp>
#include <lamina/train/update.hpp>
#include <lamina/train/whole_gradient.hpp>

namespace lamina {

namespace detail {

template <class Loss, class Target>
inline constexpr bool takes = is_of_classes<Target> ? Loss::takes_labels : Loss::takes_values;

/// What a call with targets of the wrong kind gives.
template <class Loss, class Target>
using wrong_target =
    std::conditional_t<is_of_classes<Target>, wrong_call<reason::target_type, Loss, expects_values, gets_labels>,
                       wrong_call<reason::target_type, Loss, expects_labels, gets_values>>;

template <class Trainer> struct checkpoint_file; // train/checkpoint_file.hpp

} // namespace detail

/// Trains a model.
///
///     trainer t{model, softmax_cross_entropy{}, adam{.learning_rate = 1e-3f}};
///     t.fit(data, {.epochs = 5});
///
/// Holds what training needs beside the parameters: the optimizer's slots and the arena, which grows when a larger
/// batch than ever before comes and never otherwise. With `threads{2}` as a fourth argument, two threads share the work
/// of every batch that is large enough, with the results of one. The model must outlive the trainer.
/// Errors: a loss that does not fit the network does not compile. Example: examples/03_digits.cpp.
template <Network Net, class T, class Storage, class Arch, class Loss, Optimizer O, class Verdict> class trainer;

template <class Net, class T, class Storage, class Arch, class Loss, class O>
trainer(model<Net, T, Storage, Arch>&, Loss, O)
    -> trainer<Net, T, Storage, Arch, detail::complete_loss<Loss>, O,
               decltype(detail::complete_loss<Loss>::template diagnose<Net>())>;
template <class Net, class T, class Storage, class Arch, class Loss, class O>
trainer(model<Net, T, Storage, Arch>&, Loss, O, threads)
    -> trainer<Net, T, Storage, Arch, detail::complete_loss<Loss>, O,
               decltype(detail::complete_loss<Loss>::template diagnose<Net>())>;

template <Network Net, class T, class Storage, class Arch, class Loss, Optimizer O>
class trainer<Net, T, Storage, Arch, Loss, O, no_error> {
  using layout = parameter_block<Net, T, Arch>;

  using numbers = std::span<const T>;
  using labels = std::span<const label>;
  static constexpr bool takes_labels = Loss::takes_labels, takes_values = Loss::takes_values;

public:
  using model_type = model<Net, T, Storage, Arch>;
  using optimizer_type = O;

  trainer(model_type& trained, Loss loss, O optimizer, threads number = threads{1})
      : model_{&trained}, loss_{loss}, optimizer_{optimizer}, seed_{trained.drawn_from().value}, memory_{number} {}

  /// One update from a batch of whole samples, one after the other, and their labels (one for each row along the last
  /// axis of the output) or target numbers; gives the loss before it.
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
  template <class Data, class... Callbacks>
    requires(!detail::takes<Loss, detail::target_of<Data>>)
  detail::wrong_target<Loss, detail::target_of<Data>>
  fit(const Data&, const std::type_identity_t<fit_options<detail::target_of<Data>>>&, Callbacks&&...);

  /// Trains for some epochs, each over all samples in a new order drawn from the model's seed. `data` is a data set or
  /// an augmented one. After every epoch each callback is called with its record: an object of train/callback.hpp, or
  /// a function `void(const epoch_record&)`, or `bool(…)` that says whether to go on.
  /// Errors: argument_error for no epochs, no batch size, or a data set that does not fit; training_error naming epoch
  /// and step where the loss is no longer finite: training stops before that step's update, and the parameters can be
  /// looked at.
  template <class Data, class... Callbacks>
    requires detail::takes<Loss, detail::target_of<Data>>
  history fit(const Data& data, const std::type_identity_t<fit_options<detail::target_of<Data>>>& options,
              Callbacks&&... callbacks) {
    using Target = detail::target_of<Data>;
    const dataset<Target>& samples = detail::samples_of(data);
    check(samples, options);
    (detail::require_validation<std::remove_cvref_t<Callbacks>>(options.validation != nullptr), ...);
    const std::size_t capacity = options.batch_size < samples.size() ? options.batch_size : samples.size();
    reserve(capacity);
    detail::epoch_batches<T, Data> batches{data, capacity};
    detail::measurement<Net, T, Arch, Target> measurement;
    detail::progress_line progress{options.epochs, samples.size()};
    history past;
    const auto watch = [&](auto&... watchers) {
      for (std::size_t epoch = 0, go_on = 1; epoch < options.epochs && go_on; ++epoch) {
        past.push_back(run_epoch(batches, epoch, capacity, progress));
        epoch_record& record = past.back();
        if (options.validation) {
          validate(*options.validation, measurement, record);
          if constexpr (requires { optimizer_.observe(0.0); }) optimizer_.observe(record.validation_loss);
        }
        progress.epoch(record);
        go_on = (watchers.epoch(std::as_const(record)) & ... & true);
      }
      (watchers.finish(), ...);
    };
    detail::with_watchers(*this, watch, callbacks...);
    return past;
  }

  /// The optimizer, to look at or to change between steps.
  O& optimizer() { return optimizer_; }
  model_type& trained() { return *model_; }
  /// Updates so far.
  std::size_t steps() const { return state_.step(); }
  /// Epochs so far.
  std::size_t epochs() const { return epochs_; }

  /// Writes all that training goes on from, to `resume` it later: parameters, the optimizer's slots and what it has
  /// seen, gathered gradients, updates, epochs, and the seed of everything random (see train/checkpoint_file.hpp).
  /// The file is replaced as a whole or not at all. Errors: file_error naming the file.
  void save(const std::string& path) const { detail::checkpoint_file<trainer>::save(*this, path); }
  /// Goes on where the trainer was that wrote this file: parameters and losses are from here on, to the bit, those of
  /// a training that was never interrupted. Hyper-parameters, loss and data are this program's.
  /// Errors: file_error for a file that is damaged, cut short, or the checkpoint of another network, scalar, optimizer
  /// or version; model and trainer are as they were.
  void resume(const std::string& path) { detail::checkpoint_file<trainer>::resume(*this, path); }

private:
  friend detail::checkpoint_file<trainer>;

  /// One walk over all samples; gives its record, without validation.
  template <class Batches, class Progress>
  epoch_record run_epoch(Batches& batches, std::size_t epoch, std::size_t capacity, Progress& progress) {
    const double started = detail::seconds_now();
    batches.begin_epoch(seed_, epochs_);
    double total = 0;
    const std::size_t count = batches.size();
    for (std::size_t first = 0, step = 1; first < count; first += capacity, ++step) {
      const std::size_t batch = count - first < capacity ? count - first : capacity;
      const auto targets = batches.point(memory_.inputs(), first, batch);
      const double loss = forward(batch, targets, true);
      if (!std::isfinite(loss))
        throw training_error(expected_got(detail::joined_text({"fit: epoch ", epoch + 1, ", step ", step}),
                                          "a finite loss", std::to_string(loss)));
      descend(batch, targets, loss);
      total += loss * static_cast<double>(batch);
      progress.batch(epoch, first + batch, loss);
    }
    ++epochs_;
    const double seconds = detail::seconds_now() - started;
    return {.epoch = epochs_,
            .training_loss = total / static_cast<double>(count),
            .validation_loss = std::numeric_limits<double>::quiet_NaN(),
            .validation_metric = std::numeric_limits<double>::quiet_NaN(),
            .seconds = seconds,
            .samples_per_second = static_cast<double>(count) / seconds};
  }

  void reserve(std::size_t batch) { memory_.reserve(batch); }

  /// The number of batches so far: what a step draws depends on it.
  std::uint64_t draws() const {
    if constexpr (detail::accumulates_in<O>)
      return state_.step() * optimizer_.batches() + gradient_.gathered();
    else
      return state_.step();
  }

  /// Forward and loss.
  template <class Targets> double forward(std::size_t batch, Targets targets, bool with_gradient) {
    constexpr std::size_t out = Net::output_shape.size();
    memory_.draw_from(seed_, draws());
    memory_.run(batch, [&](const detail::arena<T>& arena, detail::member& me) {
      detail::forward_pass<Net, T, Arch, in_training>::run(model_->data(), memory_.inputs(), batch, arena, me);
    });
    const detail::loss_view<T> at{
        memory_.output(),        with_gradient ? memory_.output_gradient() : nullptr, memory_.output_stride, batch, out,
        Net::output_shape.last()};
    return loss_.template sum<T, Arch>(at, targets) / loss_.divisor(batch, out);
  }
  template <class Sink> void backward(std::size_t batch, const Sink& sink) {
    memory_.run(batch, [&](const detail::arena<T>& arena, detail::member& me) {
      detail::backward_pass<Net, T, Arch>::run(model_->data(), memory_.inputs(), batch, arena, sink, me);
    });
  }
  template <class Targets> double update(std::size_t batch, Targets targets) {
    const double loss = forward(batch, targets, true);
    descend(batch, targets, loss);
    return loss;
  }
  /// Backward and the update, in one pass where the optimizer needs no more of the gradient than is at hand.
  template <class Targets> void descend(std::size_t batch, Targets targets, double loss) {
    if constexpr (LineSearch<O>) {
      backward(batch, gradient_.sink(model_->data()));
      gradient_.finish(optimizer_, state_, model_->data(), loss, [&] { return forward(batch, targets, false); });
    } else if constexpr (detail::needs_whole_gradient<O>) {
      backward(batch, gradient_.sink(optimizer_, model_->data()));
      gradient_.finish(optimizer_, state_, model_->data());
    } else {
      backward(batch, state_.next(optimizer_, model_->data()));
    }
    if constexpr (requires { optimizer_.longest_row(); })
      for (const parameter& p : layout::parameters)
        if (p.matrix && p.trainable)
          simd::limit_rows<T, Arch>(model_->data(), p.layout, static_cast<T>(optimizer_.longest_row()));
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
    constexpr std::size_t in = Net::input_shape.size(),
                          each = detail::target_size_of<Net, std::conditional_t<classes, lamina::labels, values>>;
    const std::size_t batch = inputs.size() / in;
    if (batch == 0 || inputs.size() % in)
      throw argument_error(expected_got(
          "inputs of a batch", detail::joined_text({"a positive multiple of ", in, " numbers"}), inputs.size()));
    if (targets.size() != batch * each)
      throw argument_error(expected_got(
          "targets of a batch", detail::joined_text({batch * each, classes ? " labels" : " numbers"}), targets.size()));
    if constexpr (classes)
      for (std::size_t m = 0; m < targets.size(); ++m)
        if (targets[m].value >= Net::output_shape.last())
          throw argument_error(expected_got(detail::joined_text({"label ", m, " of a batch"}),
                                            detail::joined_text({"below ", Net::output_shape.last()}),
                                            targets[m].value));
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
    if constexpr (detail::observes<O>)
      if (!options.validation)
        throw argument_error(
            expected_got("fit: a schedule that looks at the validation loss", "a validation set", "none"));
    detail::require_fit<Net>(data, "fit");
    if (options.validation) detail::require_fit<Net>(*options.validation, "fit: validation");
  }

  template <class Target, class Measurement>
  void validate(const dataset<Target>& data, Measurement& measurement, epoch_record& record) {
    constexpr std::size_t out = Net::output_shape.size();
    double total = 0;
    std::size_t right = 0;
    measurement.run(model_->data(), data, [&](std::size_t first, std::size_t batch, const T* y, std::size_t stride) {
      total +=
          loss_.template sum<T, Arch>(detail::loss_view<T>{y, nullptr, stride, batch, out, Net::output_shape.last()},
                                      measurement.targets_from(data, first, batch));
      if constexpr (detail::is_of_classes<Target>) right += detail::count_right<Net>(y, stride, data, first, batch);
    });
    record.validation_loss = total / loss_.divisor(data.size(), out);
    if constexpr (detail::is_of_classes<Target>)
      record.validation_metric = static_cast<double>(right) / static_cast<double>(data.size() * data.target_size());
  }

  model_type* model_;
  Loss loss_;
  O optimizer_;
  std::uint64_t seed_;
  std::size_t epochs_ = 0;
  detail::arena_memory<Net, T, Arch, in_training> memory_;
  detail::batch_targets<T, values> target_rows_;
  detail::optimizer_state<O, T, Arch, layout::size> state_;
  [[no_unique_address]] detail::second_pass<O, T, Arch, layout> gradient_;
};

} // namespace lamina
