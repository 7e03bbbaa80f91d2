#pragma once
#include <cstddef>

#include <lamina/metric/argmax.hpp>
#include <lamina/metric/measurement.hpp>

namespace lamina {

/// The share of samples whose largest output is that of their label.
/// Errors: argument_error where the data set is empty or does not fit the network, or a label is too large. Example:
/// examples/03_digits.cpp.
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

} // namespace lamina
