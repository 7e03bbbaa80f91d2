#pragma once
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <lamina/core/parameter.hpp>
#include <lamina/simd/normal.hpp>
#include <lamina/simd/random.hpp>

/// The catalogue of initializers: how a parameter's first values are drawn. Each is a function of (seed, stream,
/// index), the same on every machine; each has a factor `scale` on what its formula gives.
namespace lamina {

/// Everything 0. A network of several layers cannot learn from it: its units stay equal.
struct zeros {
  double operator()(const parameter&, const simd::random_stream&, std::size_t) const { return 0; }
};

/// Everything `value`.
struct constant {
  double value = 0;
  double operator()(const parameter&, const simd::random_stream&, std::size_t) const { return value; }
};

/// U(low, high).
struct uniform {
  double low = -1, high = 1;
  double operator()(const parameter&, const simd::random_stream& from, std::size_t i) const {
    return low + (high - low) * simd::uniform<double>(from, i);
  }
};

/// N(mean, deviation²).
struct normal {
  double mean = 0, deviation = 1;
  double operator()(const parameter&, const simd::random_stream& from, std::size_t i) const {
    return mean + deviation * simd::normal<double>(from, i);
  }
};

namespace detail {

/// U(−b, b) with variance `variance`.
inline double centred_uniform(double variance, const simd::random_stream& from, std::size_t i) {
  return std::sqrt(3 * variance) * (2 * simd::uniform<double>(from, i) - 1);
}
inline double both_fans(const parameter& p) { return static_cast<double>(p.fan_in + p.fan_out); }
inline double fan_in(const parameter& p) { return static_cast<double>(p.fan_in); }

} // namespace detail

/// Glorot and Bengio 2010: variance 2 / (fan_in + fan_out), uniform.
struct glorot_uniform {
  double scale = 1;
  double operator()(const parameter& p, const simd::random_stream& from, std::size_t i) const {
    return scale * detail::centred_uniform(2 / detail::both_fans(p), from, i);
  }
};
/// The same variance, normal.
struct glorot_normal {
  double scale = 1;
  double operator()(const parameter& p, const simd::random_stream& from, std::size_t i) const {
    return scale * std::sqrt(2 / detail::both_fans(p)) * simd::normal<double>(from, i);
  }
};
using xavier_uniform = glorot_uniform;
using xavier_normal = glorot_normal;

/// He et al. 2015: variance 2 / fan_in, for rectifiers; uniform.
struct he_uniform {
  double scale = 1;
  double operator()(const parameter& p, const simd::random_stream& from, std::size_t i) const {
    return scale * detail::centred_uniform(2 / detail::fan_in(p), from, i);
  }
};
/// The same variance, normal.
struct he_normal {
  double scale = 1;
  double operator()(const parameter& p, const simd::random_stream& from, std::size_t i) const {
    return scale * std::sqrt(2 / detail::fan_in(p)) * simd::normal<double>(from, i);
  }
};
using kaiming_uniform = he_uniform;
using kaiming_normal = he_normal;

/// LeCun et al. 1998: variance 1 / fan_in, normal.
struct lecun {
  double scale = 1;
  double operator()(const parameter& p, const simd::random_stream& from, std::size_t i) const {
    return scale * std::sqrt(1 / detail::fan_in(p)) * simd::normal<double>(from, i);
  }
};

/// Saxe et al. 2014: a matrix with orthonormal rows or columns, whichever are fewer, times `scale`.
struct orthogonal {
  double scale = 1;

  /// Fills `rows` × `columns` numbers, row-major.
  void fill(double* values, std::size_t rows, std::size_t columns, const simd::random_stream& from) const {
    const bool wide = rows <= columns;
    const std::size_t count = wide ? rows : columns, length = wide ? columns : rows;
    const std::size_t next = wide ? columns : 1, along = wide ? 1 : columns; // strides between and along the vectors
    for (std::size_t i = 0; i < rows * columns; ++i) values[i] = simd::normal<double>(from, i);
    for (std::size_t v = 0; v < count; ++v) {
      double* self = values + v * next;
      // Twice, so that what rounding left of the others goes too.
      for (int pass = 0; pass < 2; ++pass)
        for (std::size_t u = 0; u < v; ++u) {
          const double* other = values + u * next;
          double dot = 0;
          for (std::size_t i = 0; i < length; ++i) dot += self[i * along] * other[i * along];
          for (std::size_t i = 0; i < length; ++i) self[i * along] -= dot * other[i * along];
        }
      double squares = 0;
      for (std::size_t i = 0; i < length; ++i) squares += self[i * along] * self[i * along];
      for (std::size_t i = 0; i < length; ++i) self[i * along] /= std::sqrt(squares);
    }
    for (std::size_t i = 0; i < rows * columns; ++i) values[i] *= scale;
  }
};

/// PyTorch's default for linear and convolution layers: U(−1/√fan_in, 1/√fan_in), weights and biases alike.
inline double draw_uniform_by_fan_in(const parameter& p, std::uint64_t seed, std::uint64_t stream, std::size_t index) {
  return detail::centred_uniform(1 / (3 * detail::fan_in(p)), simd::random_stream{seed, stream}, index);
}

/// Draws a parameter anew: `initialize(m.parameter("0.weight"), he_normal{}, 7)`.
template <class T, class Initializer>
void initialize(parameter_view<T> view, const Initializer& initializer, std::uint64_t seed, std::uint64_t stream = 0) {
  const simd::random_stream from{seed, stream};
  if constexpr (requires { initializer(view.described(), from, std::size_t{}); })
    for (std::size_t i = 0; i < view.size(); ++i) view[i] = static_cast<T>(initializer(view.described(), from, i));
  else {
    std::vector<double> values(view.size());
    initializer.fill(values.data(), view.shape()[0], view.size() / view.shape()[0], from);
    for (std::size_t i = 0; i < view.size(); ++i) view[i] = static_cast<T>(values[i]);
  }
}

} // namespace lamina
