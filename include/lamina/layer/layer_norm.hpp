#pragma once
#include <array>
#include <cmath>
#include <cstddef>
#include <cstring>

#include <lamina/core/diagnostics.hpp>
#include <lamina/core/parameter.hpp>
#include <lamina/initializer.hpp>
#include <lamina/layer/stage.hpp>
#include <lamina/simd/softmax.hpp>

namespace lamina {

namespace detail {

/// Layers that bring numbers to one scale and then multiply by parameters: those along the last axis, or all numbers of
/// an image. x̂ = (x − shift)/√(mean (x − shift)² + ε), y = γx̂ (+ β). `Rule::mean_of` is the mean, or 0 for what is not
/// centred: it serves the shift and, in backward, its derivative.
template <class Rule> struct normalized : head_without_parameters {
  static constexpr bool accepts_formula = true, needs_input = true, needs_output = false, backward_at_once = true,
                        streams = true;
  static constexpr std::size_t parameter_tensors = Rule::biased ? 2 : 1;
  static constexpr double epsilon = 1e-5;

  static constexpr shape_answer infer(dimensions in) { return fits(in); }
  /// What is measured together: the numbers of these axes.
  static constexpr dimensions measured_axes(dimensions in) { return in.rank == 3 ? in : dimensions{1, {in.last()}}; }
  static constexpr bool in_any_order(dimensions in) { return measured_axes(in).size() == in.size(); }
  static constexpr std::array<parameter, parameter_tensors> parameters(dimensions in) {
    std::array<parameter, parameter_tensors> all{};
    constexpr const char* names[] = {"weight", "bias"};
    for (std::size_t i = 0; i < parameter_tensors; ++i) {
      all[i].name.append(names[i]);
      all[i].shape = measured_axes(in);
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

  /// Where the gradients by γ and β are summed.
  template <class T, class Arch, dimensions In>
  static constexpr std::size_t scratch = 2 * simd::padded<T, Arch>(measured_axes(In).size());

  /// dx = (a − mean a − x̂ mean(a x̂))/√…, a = γ dy; and the gradients by the parameters.
  template <class T, class Arch, dimensions In, class Epilogue, class Sink>
  static void backward(const batch_view<T>& at, const gradient_view<T>& gradient, Epilogue epilogue, const Sink& sink) {
    using V = simd::vector<T, Arch>;
    constexpr std::size_t length = measured_axes(In).size(), padded = simd::padded<T, Arch>(length);
    const T* const weight = at.block + at.offsets[0];
    T *const by_weight = at.scratch, *const by_bias = at.scratch + padded;
    std::memset(by_weight, 0, 2 * padded * sizeof(T));
    for (std::size_t m = 0; m < at.batch; ++m)
      in_rows<T, Arch, In>(m, epilogue, [&](std::size_t from, const auto& put) {
        const T* const x = at.rows[m] + from;
        const T* const dy = gradient.dz + m * gradient.stride + from;
        const scale_of<T> scale = measured<T, Arch>(x, length);
        const V shift(scale.shift), inverse(scale.inverse);
        V sum(T(0)), dot(T(0));
        simd::for_row<T, Arch>(x, length, scale.shift, [&](std::size_t n, V v, std::size_t lanes) {
          const V d = simd::load_lanes<T, Arch>(dy + n, lanes), normal = (v - shift) * inverse;
          const V a = d * V::load_aligned(weight + n);
          math::fma(d, normal, V::load_aligned(by_weight + n)).store_aligned(by_weight + n);
          (V::load_aligned(by_bias + n) + d).store_aligned(by_bias + n);
          sum += a;
          dot = math::fma(a, normal, dot);
        });
        const V mean(Rule::template mean_of<T>(simd::horizontal_sum<T, Arch>(sum), length));
        const V slope(simd::horizontal_sum<T, Arch>(dot) / static_cast<T>(length));
        simd::for_row<T, Arch>(x, length, scale.shift, [&](std::size_t n, V v, std::size_t lanes) {
          const V a = simd::load_lanes<T, Arch>(dy + n, lanes) * V::load_aligned(weight + n);
          put(n, inverse * (a - mean - (v - shift) * inverse * slope), lanes);
        });
      });
    for (std::size_t n = 0; n < padded; n += V::size) {
      sink(at.offsets[0] + n, V::load_aligned(by_weight + n));
      if constexpr (Rule::biased) sink(at.offsets[1] + n, V::load_aligned(by_bias + n));
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
  static void sample(std::size_t m, const T* x, const T* block, const std::size_t* offsets, Epilogue epilogue) {
    using V = simd::vector<T, Arch>;
    constexpr std::size_t length = measured_axes(In).size();
    in_rows<T, Arch, In>(m, epilogue, [&](std::size_t from, const auto& put) {
      const scale_of<T> scale = measured<T, Arch>(x + from, length);
      const V shift(scale.shift), inverse(scale.inverse);
      simd::for_row<T, Arch>(x + from, length, scale.shift, [&](std::size_t n, V v, std::size_t lanes) {
        V out = (v - shift) * inverse * V::load_aligned(block + offsets[0] + n);
        if constexpr (Rule::biased) out += V::load_aligned(block + offsets[1] + n);
        put(n, out, lanes);
      });
    });
  }
  /// Calls `row(from, put)` for what is measured together, from there on; `put(n, v, lanes)` takes the results,
  /// straight to the epilogue where vectors stand for it as they do for the row.
  template <class T, class Arch, dimensions In, class Epilogue, class Row>
  static void in_rows(std::size_t m, const Epilogue& epilogue, const Row& row) {
    using V = simd::vector<T, Arch>;
    constexpr std::size_t length = measured_axes(In).size();
    if constexpr (length == In.size() && simd::in_one_piece<Epilogue>) {
      row(0, [&](std::size_t n, V v, std::size_t) { epilogue(m, n, v); });
    } else {
      alignas(64) T all[simd::padded<T, Arch>(In.size())]{};
      for (std::size_t from = 0; from < In.size(); from += length)
        row(from, [&](std::size_t n, V v, std::size_t lanes) { simd::store_lanes<T, Arch>(all + from + n, lanes, v); });
      hand_over_pixels<T, Arch, In>(m, all, epilogue);
    }
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

/// Brings the numbers along the last axis, or all of an image (C, H, W), to mean 0 and variance 1, then scales and
/// shifts them by parameters. Shape: same. Parameters: weight γ (1 at first), bias β (0), one for each of these
/// numbers. Forward: y = γ (x − mean)/√(variance + 1e-5) + β. Backward keeps: x. Source: Ba, Kiros, Hinton 2016;
/// torch.nn.LayerNorm, of [C, H, W] for an image.
struct layer_norm : detail::normalized<detail::centred> {};

/// Brings the numbers along the last axis, or all of an image (C, H, W), to mean square 1, then scales them by
/// parameters. Shape: same. Parameters: weight γ (1 at first), one for each of these numbers. Forward: y = γ x/√(mean
/// x² + 1e-5). Backward keeps: x. Source: Zhang and Sennrich 2019; torch.nn.RMSNorm, which has no bias.
struct rms_norm : detail::normalized<detail::not_centred> {};

} // namespace lamina
