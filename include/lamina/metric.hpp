#pragma once
#include <cstddef>

#include <lamina/data/batch.hpp>
#include <lamina/loss/parametric.hpp>
#include <lamina/model/model.hpp>
#include <lamina/model/workspace.hpp>

/// Measures of a model on a data set.
namespace lamina {

namespace detail {

inline constexpr std::size_t measured_at_once = 128; ///< samples a batch

/// What measuring needs, allocated once and used again.
template <class Net, class T, class Arch, class Target> struct measurement {
  arena_memory<Net, T, Arch, false> memory;
  batch_rows<T> rows;
  batch_targets<T, Target> targets;

  void reserve(std::size_t samples) {
    const std::size_t batch = samples < measured_at_once ? samples : measured_at_once;
    memory.reserve(batch);
    rows.reserve(batch * Net::input_shape.size());
    targets.reserve(batch, Net::output_shape.size());
  }

  /// Runs all samples forward; `visit(first, batch, y, stride)` sees the outputs of each part.
  template <class Visit> void run(const T* parameters, const dataset<Target>& data, const Visit& visit) {
    reserve(data.size());
    for (std::size_t first = 0; first < data.size(); first += memory.capacity()) {
      const std::size_t left = data.size() - first, batch = left < memory.capacity() ? left : memory.capacity();
      rows.point(memory.inputs(), batch, data.input_size(), [&](std::size_t m) { return data.row(first + m); });
      forward_pass<Net, T, Arch, false>::run(parameters, memory.inputs(), batch, memory.arena());
      visit(first, batch, memory.output(), memory.output_stride);
    }
  }
  /// The labels or target rows of samples first…
  auto targets_from(const dataset<Target>& data, std::size_t first, std::size_t batch) {
    return targets.gather(data, batch, [first](std::size_t m) { return first + m; });
  }
};

/// The index of the largest of `count` numbers; the first one among equals.
template <class T> std::size_t largest(const T* y, std::size_t count) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < count; ++i)
    if (y[i] > y[best]) best = i;
  return best;
}

} // namespace detail

/// The index of the largest element: the class that a prediction means.
template <class T, dimensions Shape> std::size_t argmax(const tensor<T, Shape>& y) {
  return detail::largest(y.data(), Shape.size());
}

/// The share of samples whose largest output is that of their label.
/// Errors: argument_error where the data set does not fit the network. Example: examples/03_digits.cpp.
template <class Net, class T, class Storage, class Arch>
double accuracy(const model<Net, T, Storage, Arch>& model, const dataset<label>& data) {
  detail::require_fit<Net>(data, "accuracy");
  detail::measurement<Net, T, Arch, label> measurement;
  std::size_t right = 0;
  measurement.run(model.data(), data, [&](std::size_t first, std::size_t batch, const T* y, std::size_t stride) {
    for (std::size_t m = 0; m < batch; ++m)
      right += detail::largest(y + m * stride, Net::output_shape.size()) == data.target(first + m).value;
  });
  return static_cast<double>(right) / static_cast<double>(data.size());
}

/// The loss of a model on a data set, in inference mode.
/// Errors: argument_error where the data set does not fit the network.
template <class Net, class T, class Storage, class Arch, class Loss, class Target>
double mean_loss(const model<Net, T, Storage, Arch>& model, const Loss& loss, const dataset<Target>& data) {
  detail::require_fit<Net>(data, "mean_loss");
  constexpr std::size_t out = Net::output_shape.size();
  const detail::complete_loss<Loss> complete{loss};
  detail::measurement<Net, T, Arch, Target> measurement;
  double total = 0;
  measurement.run(model.data(), data, [&](std::size_t first, std::size_t batch, const T* y, std::size_t stride) {
    total += complete.template sum<T, Arch>(detail::loss_view<T>{y, nullptr, stride, batch, out},
                                            measurement.targets_from(data, first, batch));
  });
  return total / complete.divisor(data.size(), out);
}

} // namespace lamina
