#pragma once
#include <cstddef>

#include <lamina/metric/argmax.hpp>
#include <lamina/metric/measurement.hpp>

namespace lamina {

/// The share of samples whose largest output is that of their label; where a sample has a row of labels, the share of
/// all rows (of time steps) along the last axis of the output.
/// Errors: argument_error where the data set is empty or does not fit the network, or a label is too large. Example:
/// examples/03_digits.cpp.
template <class Net, class T, class Storage, class Arch, TargetKind Target>
  requires detail::is_of_classes<Target>
double accuracy(const model<Net, T, Storage, Arch>& model, const dataset<Target>& data) {
  detail::require_fit<Net>(data, "accuracy");
  detail::measurement<Net, T, Arch, Target> measurement;
  std::size_t right = 0;
  measurement.run(model.data(), data, [&](std::size_t first, std::size_t batch, const T* y, std::size_t stride) {
    right += detail::count_right<Net>(y, stride, data, first, batch);
  });
  return static_cast<double>(right) / static_cast<double>(data.size() * data.target_size());
}

} // namespace lamina
