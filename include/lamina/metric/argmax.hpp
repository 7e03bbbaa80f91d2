#pragma once
#include <cstddef>

#include <lamina/core/tensor.hpp>

namespace lamina {

namespace detail {

/// The index of the largest of `count` numbers; the first one among equals.
template <class T> std::size_t largest(const T* y, std::size_t count) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < count; ++i)
    if (y[i] > y[best]) best = i;
  return best;
}

/// How many rows along the last axis of a network's outputs are largest at their label, of samples first… of a data
/// set.
template <class Net, class T, class Data>
std::size_t count_right(const T* y, std::size_t stride, const Data& data, std::size_t first, std::size_t batch) {
  constexpr std::size_t classes = Net::output_shape.last();
  std::size_t right = 0;
  for (std::size_t m = 0; m < batch; ++m)
    for (std::size_t row = 0; row < data.target_size(); ++row)
      right += largest(y + m * stride + row * classes, classes) == data.target_row(first + m)[row].value;
  return right;
}

} // namespace detail

/// The index of the largest element: the class that a prediction means.
template <class T, dimensions Shape> std::size_t argmax(const tensor<T, Shape>& y) {
  return detail::largest(y.data(), Shape.size());
}

} // namespace lamina
