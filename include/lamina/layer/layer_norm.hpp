#pragma once
#include <array>
#include <cmath>
#include <cstddef>

#include <lamina/core/diagnostics.hpp>
#include <lamina/core/parameter.hpp>
#include <lamina/initializer.hpp>
#include <lamina/layer/stage.hpp>
#include <lamina/simd/softmax.hpp>

namespace lamina {

namespace detail {

/// Layers that bring the numbers along the last axis to one scale and then multiply by parameters.
/// x̂ = (x − shift)/√(mean (x − shift)² + ε), y = γx̂ (+ β). `Rule::mean_of` is the mean, or 0 for what is not centred:
/// it serves the shift and, in backward, its derivative.
template <class Rule> struct normalized_along_last_axis : head_without_parameters {
  static constexpr bool accepts_formula = true, needs_input = true, needs_output = false;
  static constexpr std::size_t parameter_tensors = Rule::biased ? 2 : 1;
  static constexpr double epsilon = 1e-5;

  static constexpr shape_answer infer(dimensions in) { return fits(in); }
  static constexpr std::array<parameter, parameter_tensors> parameters(dimensions in) {
    std::array<parameter, parameter_tensors> all{};
    constexpr const char* names[] = {"weight", "bias"};
    for (std::size_t i = 0; i < parameter_tensors; ++i) {
      all[i].name.append(names[i]);
      all[i].shape = {1, {in.last()}};
      all[i].draw = i == 0 ? draw_one : draw_zero;
    }
    return all;
  }

  template <class T, class Arch, dimensions In, class Epilogue>
  static void forward(const batch_view<T>& at, const Epilogue& epilogue) {
    for (std::size_t m = 0; m < at.batch; ++m) sample<T, Arch, In>(m, at.rows[m], at.block, at.offsets, epilogue);
  }
  template <class T, class Arch, dimensions In, class Epilogue>
  static void forward_one(const T* x, const T* block, const std::size_t* offsets, const Epilogue& epilogue) {
    sample<T, Arch, In>(0, x, block, offsets, epilogue);
  }

  /// dx = (a − mean a − x̂ mean(a x̂))/√…, a = γ dy.
  template <class T, class Arch, dimensions In, class Epilogue>
  static void backward_input(const batch_view<T>& at, const gradient_view<T>& gradient, const Epilogue& epilogue) {
    using V = simd::vector<T, Arch>;
    constexpr std::size_t length = In.last();
    alignas(64) T dx[simd::padded<T, Arch>(In.size())]{};
    const T* const weight = at.block + at.offsets[0];
    for (std::size_t m = 0; m < at.batch; ++m) {
      for (std::size_t from = 0; from < In.size(); from += length) {
        const T* const x = at.rows[m] + from;
        const T* const dy = gradient.dz + m * gradient.stride + from;
        const scale_of<T> scale = measured<T, Arch>(x, length);
        V sum(T(0)), dot(T(0));
        simd::for_row<T, Arch>(x, length, scale.shift, [&](std::size_t n, V v, std::size_t lanes) {
          const V a = simd::load_lanes<T, Arch>(dy + n, lanes) * V::load_aligned(weight + n);
          sum += a;
          dot = math::fma(a, (v - V(scale.shift)) * V(scale.inverse), dot);
        });
        const V mean(Rule::template mean_of<T>(simd::horizontal_sum<T, Arch>(sum), length));
        const V slope(simd::horizontal_sum<T, Arch>(dot) / static_cast<T>(length)), inverse(scale.inverse);
        simd::for_row<T, Arch>(x, length, scale.shift, [&](std::size_t n, V v, std::size_t lanes) {
          const V a = simd::load_lanes<T, Arch>(dy + n, lanes) * V::load_aligned(weight + n);
          simd::store_lanes<T, Arch>(dx + from + n, lanes,
                                     inverse * (a - mean - (v - V(scale.shift)) * inverse * slope));
        });
      }
      hand_over_row<T, Arch>(m, dx, simd::padded<T, Arch>(In.size()), epilogue);
    }
  }

  template <class T, class Arch, dimensions In, class Sink>
  static void backward_parameters(const batch_view<T>& at, const gradient_view<T>& gradient, const Sink& sink) {
    using V = simd::vector<T, Arch>;
    constexpr std::size_t length = In.last(), padded = simd::padded<T, Arch>(length);
    alignas(64) T weight[padded]{}, bias[padded]{};
    for (std::size_t m = 0; m < at.batch; ++m)
      for (std::size_t from = 0; from < In.size(); from += length) {
        const T* const x = at.rows[m] + from;
        const T* const dy = gradient.dz + m * gradient.stride + from;
        const scale_of<T> scale = measured<T, Arch>(x, length);
        simd::for_row<T, Arch>(x, length, scale.shift, [&](std::size_t n, V v, std::size_t lanes) {
          const V d = simd::load_lanes<T, Arch>(dy + n, lanes), normal = (v - V(scale.shift)) * V(scale.inverse);
          math::fma(d, normal, V::load_aligned(weight + n)).store_aligned(weight + n);
          (V::load_aligned(bias + n) + d).store_aligned(bias + n);
        });
      }
    for (std::size_t n = 0; n < padded; n += V::size) {
      sink(at.offsets[0] + n, V::load_aligned(weight + n));
      if constexpr (Rule::biased) sink(at.offsets[1] + n, V::load_aligned(bias + n));
    }
  }

private:
  static double draw_one(const parameter&, std::uint64_t, std::uint64_t, std::size_t) { return 1; }
  static double draw_zero(const parameter&, std::uint64_t, std::uint64_t, std::size_t) { return 0; }

  template <class T> struct scale_of {
    T shift, inverse;
  };
  template <class T, class Arch> static scale_of<T> measured(const T* x, std::size_t length) {
    using V = simd::vector<T, Arch>;
    V sum(T(0)), squares(T(0));
    simd::for_row<T, Arch>(x, length, T(0), [&](std::size_t, V v, std::size_t) { sum += v; });
    const T shift = Rule::template mean_of<T>(simd::horizontal_sum<T, Arch>(sum), length);
    simd::for_row<T, Arch>(x, length, shift, [&](std::size_t, V v, std::size_t) {
      const V centred = v - V(shift);
      squares = math::fma(centred, centred, squares);
    });
    const T variance = simd::horizontal_sum<T, Arch>(squares) / static_cast<T>(length);
    return {shift, 1 / std::sqrt(variance + static_cast<T>(epsilon))};
  }
  template <class T, class Arch, dimensions In, class Epilogue>
  static void sample(std::size_t m, const T* x, const T* block, const std::size_t* offsets, const Epilogue& epilogue) {
    using V = simd::vector<T, Arch>;
    constexpr std::size_t length = In.last();
    alignas(64) T y[simd::padded<T, Arch>(In.size())]{};
    for (std::size_t from = 0; from < In.size(); from += length) {
      const scale_of<T> scale = measured<T, Arch>(x + from, length);
      simd::for_row<T, Arch>(x + from, length, scale.shift, [&](std::size_t n, V v, std::size_t lanes) {
        V out = (v - V(scale.shift)) * V(scale.inverse) * V::load_aligned(block + offsets[0] + n);
        if constexpr (Rule::biased) out += V::load_aligned(block + offsets[1] + n);
        simd::store_lanes<T, Arch>(y + from + n, lanes, out);
      });
    }
    hand_over_row<T, Arch>(m, y, simd::padded<T, Arch>(In.size()), epilogue);
  }
};

struct centred {
  static constexpr bool biased = true;
  template <class T> static T mean_of(T sum, std::size_t count) { return sum / static_cast<T>(count); }
};
struct not_centred {
  static constexpr bool biased = false;
  template <class T> static T mean_of(T, std::size_t) { return 0; }
};

} // namespace detail

/// Brings the numbers along the last axis to mean 0 and variance 1, then scales and shifts them by parameters.
/// Shape: same. Parameters: weight γ (1 at first), bias β (0), as long as the axis. Forward:
/// y = γ (x − mean)/√(variance + 1e-5) + β. Backward keeps: x. Source: Ba, Kiros, Hinton 2016; torch.nn.LayerNorm.
struct layer_norm : detail::normalized_along_last_axis<detail::centred> {};

/// Brings the numbers along the last axis to mean square 1, then scales them by a parameter.
/// Shape: same. Parameters: weight γ (1 at first). Forward: y = γ x/√(mean x² + 1e-5). Backward keeps: x.
/// Source: Zhang and Sennrich 2019; torch.nn.RMSNorm, which has no bias.
struct rms_norm : detail::normalized_along_last_axis<detail::not_centred> {};

} // namespace lamina
