#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <type_traits>
#include <vector>

#include <lamina/core/type_list.hpp>
#include <lamina/layer/softmax.hpp>
#include <lamina/metric.hpp>

/// What several models say of one sample, brought together. A way to do so adds a row of outputs to a row of sums.
namespace lamina::detail {

template <class Net, class Layer>
inline constexpr bool ends_in = std::is_same_v<nth<Net::leaves::size - 1, typename Net::leaves>, Layer>;

/// The outputs as they are.
template <class Net> struct add_outputs {
  template <class T> static void add(const T* y, double* sum) {
    for (std::size_t i = 0; i < Net::output_shape.size(); ++i) sum[i] += static_cast<double>(y[i]);
  }
};

/// Probabilities of classes, whether the network ends in logits, in softmax or in its logarithm.
template <class Net> struct add_probabilities {
  template <class T> static void add(const T* y, double* sum) {
    constexpr std::size_t classes = Net::output_shape.last();
    if constexpr (ends_in<Net, softmax>)
      return add_outputs<Net>::add(y, sum);
    else
      for (std::size_t row = 0; row < Net::output_shape.size(); row += classes) {
        const double top = static_cast<double>(y[row + largest(y + row, classes)]);
        const auto weight = [&](std::size_t i) { return std::exp(static_cast<double>(y[row + i]) - top); };
        double total = 0;
        for (std::size_t i = 0; i < classes; ++i) total += weight(i);
        for (std::size_t i = 0; i < classes; ++i) sum[row + i] += weight(i) / total;
      }
  }
};

/// One vote for the class of the largest output, in every row.
template <class Net> struct add_vote {
  template <class T> static void add(const T* y, double* sum) {
    constexpr std::size_t classes = Net::output_shape.last();
    for (std::size_t row = 0; row < Net::output_shape.size(); row += classes) sum[row + largest(y + row, classes)] += 1;
  }
};

/// Sums over models for every sample of a data set, and how many models went into each.
template <class Way, class Net, class T, class Arch> class pool {
  static constexpr std::size_t out = Net::output_shape.size();

public:
  explicit pool(std::size_t samples) : sums_(samples * out), counts_(samples) {}

  /// Adds what a model says of `some`, whose sample m is number `index_of(m)` of the pool's.
  template <class Target, class IndexOf>
  void add(const T* parameters, const dataset<Target>& some, const IndexOf& index_of) {
    measurement<Net, T, Arch, Target> measurement;
    measurement.run(parameters, some, [&](std::size_t first, std::size_t batch, const T* y, std::size_t stride) {
      for (std::size_t m = 0; m < batch; ++m) {
        const std::size_t i = index_of(first + m);
        Way::add(y + m * stride, sums_.data() + i * out);
        ++counts_[i];
      }
    });
  }

  /// The samples that some model spoke of.
  std::vector<std::size_t> predicted() const {
    std::vector<std::size_t> all;
    for (std::size_t i = 0; i < counts_.size(); ++i)
      if (counts_[i]) all.push_back(i);
    return all;
  }
  const double* sum(std::size_t i) const { return sums_.data() + i * out; }
  double mean(std::size_t i, std::size_t feature) const { return sum(i)[feature] / static_cast<double>(counts_[i]); }

private:
  std::vector<double> sums_;
  std::vector<std::size_t> counts_;
};

/// The share of the samples `which`, or of their rows, whose largest sum is that of their label.
template <class Way, class Net, class T, class Arch, class Target>
double accuracy_of(const pool<Way, Net, T, Arch>& pool, const dataset<Target>& data,
                   const std::vector<std::size_t>& which) {
  std::size_t right = 0;
  for (const std::size_t i : which) right += count_right<Net>(pool.sum(i), 0, data, i, 1);
  return static_cast<double>(right) / static_cast<double>(which.size() * data.target_size());
}

/// Whether a loss is one of classes, that is to see the mean of probabilities in the terms of the network's end.
template <class Net, class Loss>
inline constexpr bool is_loss_of_classes = !ends_in<Net, softmax> && (Loss::takes_labels || ends_in<Net, log_softmax>);

template <class Net, class Loss>
using way_of_loss = std::conditional_t<is_loss_of_classes<Net, Loss>, add_probabilities<Net>, add_outputs<Net>>;

/// The loss of the mean predictions of the samples `which`. A loss of classes sees the logarithm of the mean
/// probabilities: these are logits, and log_softmax leaves them as they are.
template <class Way, class Net, class T, class Arch, class Loss, class Target>
double loss_of(const pool<Way, Net, T, Arch>& pool, const Loss& loss, const dataset<Target>& data,
               const std::vector<std::size_t>& which) {
  constexpr std::size_t out = Net::output_shape.size(),
                        stride = arena_memory<Net, T, Arch, in_inference>::output_stride;
  const std::size_t capacity = std::min(which.size(), measured_at_once);
  aligned_block<T> rows{capacity * stride};
  batch_targets<T, Target> targets;
  targets.reserve(capacity, target_size_of<Net, Target>);
  double total = 0;
  for (std::size_t first = 0; first < which.size(); first += capacity) {
    const std::size_t batch = std::min(capacity, which.size() - first);
    for (std::size_t m = 0; m < batch; ++m)
      for (std::size_t i = 0; i < out; ++i) {
        const double mean = pool.mean(which[first + m], i);
        rows.data()[m * stride + i] = static_cast<T>(
            is_loss_of_classes<Net, Loss>
                ? std::log(std::max(mean, static_cast<double>(std::numeric_limits<T>::min()))) // no class is impossible
                : mean);
      }
    total +=
        loss.template sum<T, Arch>(loss_view<T>{rows.data(), nullptr, stride, batch, out, Net::output_shape.last()},
                                   targets.gather(data, batch, [&](std::size_t m) { return which[first + m]; }));
  }
  return total / loss.divisor(which.size(), out);
}

} // namespace lamina::detail
