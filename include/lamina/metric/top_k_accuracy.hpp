#pragma once
#include <cstddef>

#include <lamina/core/diagnostics.hpp>
#include <lamina/metric/measurement.hpp>

namespace lamina {

namespace detail {

/// Whether y[index] is among the k largest of `count` numbers, the first ones among equals; a NaN is not, and stands
/// before all others.
template <class T> bool among_largest(const T* y, std::size_t count, std::size_t index, std::size_t k) {
  std::size_t before = 0;
  for (std::size_t i = 0; i < count; ++i) before += i < index ? !(y[i] < y[index]) : i > index && !(y[i] <= y[index]);
  return before < k;
}

template <std::size_t K, class Net>
inline constexpr bool has_top = Net::poisoned || (K >= 1 && K <= Net::output_shape.last());

} // namespace detail

/// The share of samples, or of rows of them, whose label is among the K largest outputs; with K = 1 the accuracy.
/// Errors: does not compile for a K of 0 or above the number of outputs; argument_error where the data set is empty or
/// does not fit the network, or a label is too large. Source: sklearn.metrics.top_k_accuracy_score.
/// Example: `top_k_accuracy<3>(model, test)`.
template <std::size_t K, class Net, class T, class Storage, class Arch, TargetKind Target>
  requires(detail::has_top<K, Net> && detail::is_of_classes<Target>)
double top_k_accuracy(const model<Net, T, Storage, Arch>& model, const dataset<Target>& data) {
  constexpr std::size_t classes = Net::output_shape.last();
  detail::require_fit<Net>(data, "top_k_accuracy");
  detail::measurement<Net, T, Arch, Target> measurement;
  std::size_t right = 0;
  measurement.run(model.data(), data, [&](std::size_t first, std::size_t batch, const T* y, std::size_t stride) {
    for (std::size_t m = 0; m < batch; ++m)
      for (std::size_t row = 0; row < data.target_size(); ++row)
        right +=
            detail::among_largest(y + m * stride + row * classes, classes, data.target_row(first + m)[row].value, K);
  });
  return static_cast<double>(right) / static_cast<double>(data.size() * data.target_size());
}

// A K that there is not: the type that this gives cannot be used, and says why.
template <std::size_t K, class Net, class T, class Storage, class Arch, TargetKind Target>
  requires(!detail::has_top<K, Net> && detail::is_of_classes<Target>)
wrong_call<reason::top_k, expects_from_to<1, Net::output_shape.last()>, gets<K>>
top_k_accuracy(const model<Net, T, Storage, Arch>& model, const dataset<Target>& data);

} // namespace lamina
