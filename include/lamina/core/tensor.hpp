#pragma once
#include <cstddef>
#include <lamina/core/shape.hpp>

namespace lamina {

/// A small array with a compile-time shape and value semantics: the output of a network for one sample.
/// Row-major; `t[i]` is the i-th element, `t(i, j)` the element at those indices.
template <class T, dimensions Shape> struct tensor {
  static constexpr dimensions shape = Shape;
  T data_[Shape.size()];

  static constexpr std::size_t size() { return Shape.size(); }
  constexpr T* data() { return data_; }
  constexpr const T* data() const { return data_; }
  constexpr T* begin() { return data_; }
  constexpr const T* begin() const { return data_; }
  constexpr T* end() { return data_ + size(); }
  constexpr const T* end() const { return data_ + size(); }
  constexpr T& operator[](std::size_t i) { return data_[i]; }
  constexpr const T& operator[](std::size_t i) const { return data_[i]; }

  template <class... Index>
    requires(sizeof...(Index) == Shape.rank)
  constexpr T& operator()(Index... index) {
    return data_[offset(index...)];
  }
  template <class... Index>
    requires(sizeof...(Index) == Shape.rank)
  constexpr const T& operator()(Index... index) const {
    return data_[offset(index...)];
  }
  friend constexpr bool operator==(const tensor&, const tensor&) = default;

private:
  template <class... Index> static constexpr std::size_t offset(Index... index) {
    std::size_t position = 0, axis = 0;
    ((position = position * Shape.extent[axis++] + static_cast<std::size_t>(index)), ...);
    return position;
  }
};

} // namespace lamina
