#pragma once
#include <concepts>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <lamina/ensemble/pool.hpp>
#include <lamina/model/model.hpp>

namespace lamina {

/// Several models of one network that predict together: by the mean of their outputs (`mean`, for values), by the mean
/// of the probabilities they give to classes (`probabilities`), or by the class most of them name (`vote`).
/// Errors: argument_error for no models. Source: Hansen and Salamon 1990.
/// Example (tests/ensemble/ensemble.cpp): `la::ensemble three{first, second, third}; la::accuracy(three, test);`
template <Network Net, class Scalar = float, class Arch = xsimd::default_arch> class ensemble {
public:
  using model_type = model<Net, Scalar, heap, Arch>;
  using output = typename model_type::output;

  explicit ensemble(std::vector<model_type> models) : models_{std::move(models)} {
    if (models_.empty()) throw argument_error(expected_got("ensemble", "at least one model", "none"));
  }
  template <std::same_as<model_type>... More> explicit ensemble(model<Net, Scalar, heap, Arch> first, More... more) {
    models_.reserve(1 + sizeof...(More));
    models_.push_back(std::move(first));
    (models_.push_back(std::move(more)), ...);
  }

  std::size_t size() const { return models_.size(); }
  const model_type& operator[](std::size_t i) const { return models_[i]; }
  auto begin() const { return models_.begin(); }
  auto end() const { return models_.end(); }

  /// The mean of the outputs for one sample.
  template <class Input> output mean(const Input& input) const { return shared<detail::add_outputs<Net>>(input); }
  /// The mean of the probabilities of the classes for one sample, whether the network ends in logits, `softmax` or
  /// `log_softmax`.
  template <class Input> output probabilities(const Input& input) const {
    return shared<detail::add_probabilities<Net>>(input);
  }
  /// The class that most models name, the first one among equals.
  template <class Input> label vote(const Input& input) const {
    return label{argmax(shared<detail::add_vote<Net>>(input))};
  }

private:
  /// One sample through all models, brought together in a way.
  template <class Way, class Input> output shared(const Input& input) const {
    double sum[Net::output_shape.size()]{};
    for (const model_type& one : models_) Way::add(one(input).data(), sum);
    output result;
    for (std::size_t i = 0; i < result.size(); ++i)
      result[i] = static_cast<Scalar>(sum[i] / static_cast<double>(models_.size()));
    return result;
  }

  std::vector<model_type> models_;
};

namespace detail {

template <class Way, class Net, class T, class Arch, class Target>
pool<Way, Net, T, Arch> pooled(const ensemble<Net, T, Arch>& models, const dataset<Target>& data,
                               const std::string& where) {
  require_fit<Net>(data, where);
  pool<Way, Net, T, Arch> all{data.size()};
  for (const auto& one : models) all.add(one.data(), data, [](std::size_t i) { return i; });
  return all;
}

} // namespace detail

/// The share of samples, or of their rows, whose class has the largest mean probability.
/// Errors: argument_error where the data set does not fit the network.
template <class Net, class T, class Arch, TargetKind Target>
  requires detail::is_of_classes<Target>
double accuracy(const ensemble<Net, T, Arch>& models, const dataset<Target>& data) {
  const auto pool = detail::pooled<detail::add_probabilities<Net>>(models, data, "accuracy");
  return detail::accuracy_of(pool, data, pool.predicted());
}

/// The share of samples, or of their rows, whose class most models name.
/// Errors: argument_error where the data set does not fit the network.
template <class Net, class T, class Arch, TargetKind Target>
  requires detail::is_of_classes<Target>
double vote_accuracy(const ensemble<Net, T, Arch>& models, const dataset<Target>& data) {
  const auto pool = detail::pooled<detail::add_vote<Net>>(models, data, "vote_accuracy");
  return detail::accuracy_of(pool, data, pool.predicted());
}

/// The loss of the ensemble's mean prediction: a loss of classes sees the logarithm of the mean probabilities (as
/// logits), any other one the mean of the outputs.
/// Errors: argument_error where the data set does not fit the network.
template <class Net, class T, class Arch, class Loss, class Target>
double mean_loss(const ensemble<Net, T, Arch>& models, const Loss& loss, const dataset<Target>& data) {
  const auto pool = detail::pooled<detail::way_of_loss<Net, Loss>>(models, data, "mean_loss");
  return detail::loss_of(pool, loss, data, pool.predicted());
}

} // namespace lamina
