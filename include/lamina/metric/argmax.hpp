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

} // namespace detail

/// The index of the largest element: the class that a prediction means.
template <class T, dimensions Shape> std::size_t argmax(const tensor<T, Shape>& y) {
  return detail::largest(y.data(), Shape.size());
}

} // namespace lamina
