#pragma once
#include <array>
#include <cstddef>

#include <lamina/metric/measurement.hpp>

namespace lamina {

namespace detail {

/// Σ (t − mean)² over all samples and outputs, the mean being each output's own.
template <std::size_t Outputs> double squared_deviations(const dataset<values>& data) {
  std::array<double, Outputs> mean{}; // less the first target, so that constant targets give exactly 0
  const float* origin = data.target_row(0);
  const auto from_origin = [&](std::size_t i, std::size_t n) {
    return static_cast<double>(data.target_row(i)[n]) - static_cast<double>(origin[n]);
  };
  for (std::size_t i = 0; i < data.size(); ++i)
    for (std::size_t n = 0; n < Outputs; ++n) mean[n] += from_origin(i, n) / static_cast<double>(data.size());
  double sum = 0;
  for (std::size_t i = 0; i < data.size(); ++i)
    for (std::size_t n = 0; n < Outputs; ++n) {
      const double deviation = from_origin(i, n) - mean[n];
      sum += deviation * deviation;
    }
  return sum;
}

} // namespace detail

/// R², the share of the targets' variance that a model explains: 1 − Σ (y − t)² / Σ (t − mean)² over all samples and
/// outputs, the mean being each output's own. 1 is exact, 0 is as good as the mean, below 0 is worse. Targets that do
/// not vary leave nothing to explain: then 1 where every prediction is exact, else 0.
/// Errors: argument_error where the data set is empty or does not fit the network.
/// Source: sklearn.metrics.r2_score(multioutput="variance_weighted"). Example: `r_squared(model, test)`.
template <class Net, class T, class Storage, class Arch>
double r_squared(const model<Net, T, Storage, Arch>& model, const dataset<values>& data) {
  detail::require_fit<Net>(data, "r_squared");
  constexpr std::size_t out = Net::output_shape.size();
  detail::measurement<Net, T, Arch, values> measurement;
  double error = 0;
  measurement.run(model.data(), data, [&](std::size_t first, std::size_t batch, const T* y, std::size_t stride) {
    for (std::size_t m = 0; m < batch; ++m)
      for (std::size_t n = 0; n < out; ++n) {
        const double difference =
            static_cast<double>(y[m * stride + n]) - static_cast<double>(data.target_row(first + m)[n]);
        error += difference * difference;
      }
  });
  const double variation = detail::squared_deviations<out>(data);
  return variation > 0 ? 1 - error / variation : error > 0 ? 0 : 1;
}

} // namespace lamina
