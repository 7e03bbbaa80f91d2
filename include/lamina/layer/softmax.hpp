#pragma once
#include <cmath>
#include <cstddef>

#include <lamina/core/diagnostics.hpp>
#include <lamina/layer/stage.hpp>
#include <lamina/simd/softmax.hpp>

namespace lamina {

namespace detail {

/// What softmax and its logarithm share: they work along the last axis, read whole rows and keep their output.
/// `Rule` has value(v, exponentials) and gradient(dy, y, dot).
template <class Rule> struct along_last_axis : head_without_parameters {
  static constexpr bool accepts_formula = false, needs_input = false, needs_output = true, streams = true;
  static constexpr shape_answer infer(dimensions in) { return fits(in); }

  template <class T, class Arch, dimensions In, class Epilogue>
  static void forward(const batch_view<T>& at, const Epilogue& epilogue) {
    for (std::size_t m = 0; m < at.batch; ++m) sample<T, Arch, In>(m, at.rows[m], epilogue);
  }
  template <class T, class Arch, dimensions In, class Epilogue>
  static void forward_one(const T* x, const T*, const std::size_t*, const Epilogue& epilogue) {
    sample<T, Arch, In>(0, x, epilogue);
  }

  template <class T, class Arch, dimensions In, class Epilogue>
  static void backward_input(const batch_view<T>& at, const gradient_view<T>& gradient, const Epilogue& epilogue) {
    using V = simd::vector<T, Arch>;
    alignas(64) T dx[simd::padded<T, Arch>(In.size())]{};
    for (std::size_t m = 0; m < at.batch; ++m) {
      for (std::size_t from = 0; from < In.size(); from += In.last()) {
        const T* dy = gradient.dz + m * gradient.stride + from;
        const T* y = gradient.y + m * gradient.y_stride + from;
        T weight = 0;
        for (std::size_t n = 0; n < In.last(); ++n) weight += Rule::weight(dy[n], y[n]);
        simd::for_row<T, Arch>(dy, In.last(), T(0), [&](std::size_t n, V v, std::size_t lanes) {
          const V output = simd::load_lanes<T, Arch>(y + n, lanes);
          simd::store_lanes<T, Arch>(dx + from + n, lanes, Rule::gradient(v, output, V(weight)));
        });
      }
      hand_over_row<T, Arch>(m, dx, simd::padded<T, Arch>(In.size()), epilogue);
    }
  }

private:
  template <class T, class Arch, dimensions In, class Epilogue>
  static void sample(std::size_t m, const T* x, const Epilogue& epilogue) {
    using V = simd::vector<T, Arch>;
    alignas(64) T y[simd::padded<T, Arch>(In.size())]{};
    for (std::size_t from = 0; from < In.size(); from += In.last()) {
      const auto sums = simd::exponentials_of<T, Arch>(x + from, In.last());
      simd::for_row<T, Arch>(x + from, In.last(), T(0), [&](std::size_t n, V v, std::size_t lanes) {
        simd::store_lanes<T, Arch>(y + from + n, lanes, Rule::value(v, sums));
      });
    }
    hand_over_row<T, Arch>(m, y, simd::padded<T, Arch>(In.size()), epilogue);
  }
};

struct softmax_rule {
  template <class V, class T> static V value(V z, const simd::row_exponentials<T>& sums) {
    return math::exp(z - V(sums.largest)) / V(sums.sum);
  }
  template <class T> static T weight(T dy, T y) { return dy * y; }
  template <class V> static V gradient(V dy, V y, V weight) { return y * (dy - weight); }
};

struct log_softmax_rule {
  template <class V, class T> static V value(V z, const simd::row_exponentials<T>& sums) {
    return z - V(sums.largest + std::log(sums.sum));
  }
  template <class T> static T weight(T dy, T) { return dy; }
  template <class V> static V gradient(V dy, V y, V weight) { return dy - math::exp(y) * weight; }
};

} // namespace detail

/// Turns the numbers along the last axis into probabilities.
/// Shape: same. Forward: yᵢ = exp(xᵢ) / Σⱼ exp(xⱼ), without overflow. Backward keeps: y. Train with
/// `softmax_cross_entropy` on the logits instead of this layer. Source: torch.nn.Softmax(dim=-1).
struct softmax : detail::along_last_axis<detail::softmax_rule> {};

/// The logarithm of softmax, computed without it.
/// Shape: same. Forward: yᵢ = xᵢ − log Σⱼ exp(xⱼ). Backward keeps: y. Source: torch.nn.LogSoftmax(dim=-1).
struct log_softmax : detail::along_last_axis<detail::log_softmax_rule> {};

} // namespace lamina
