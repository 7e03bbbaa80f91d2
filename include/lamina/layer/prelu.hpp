#pragma once
#include <array>
#include <cstddef>

#include <lamina/core/diagnostics.hpp>
#include <lamina/core/parameter.hpp>
#include <lamina/expression/value.hpp>
#include <lamina/layer/stage.hpp>
#include <lamina/simd/partial.hpp>

namespace lamina {

/// A rectifier whose slope below 0 is learned.
/// Shape: same. Parameters: weight a (Slopes), 0.25 at first: one for all numbers, or one for each feature.
/// Forward: y = max(x, 0) + a min(x, 0). Backward keeps: x. Errors: Slopes is neither 1 nor the number of features.
/// Source: He et al. 2015; torch.nn.PReLU.
template <std::size_t Slopes = 1> struct prelu : detail::head_without_parameters {
  static constexpr bool accepts_formula = true, needs_input = true, needs_output = false;
  static constexpr std::size_t parameter_tensors = 1;

  static constexpr shape_answer infer(dimensions in) {
    if (Slopes != 1 && Slopes != in.size()) return does_not_fit(reason::input_size, dimensions{1, {Slopes}}, in);
    return fits(in);
  }
  static constexpr std::array<parameter, 1> parameters(dimensions) {
    parameter weight{};
    weight.name.append("weight");
    weight.shape = {1, {Slopes}};
    weight.draw = [](const parameter&, std::uint64_t, std::uint64_t, std::size_t) { return 0.25; };
    return {weight};
  }

  template <class T, class Arch, dimensions In, class Epilogue>
  static void forward(const detail::batch_view<T>& at, const Epilogue& epilogue) {
    for (std::size_t m = 0; m < at.batch; ++m)
      forward_row<T, Arch, In>(m, at.rows[m], at.block + at.offsets[0], epilogue);
  }
  template <class T, class Arch, dimensions In, class Epilogue>
  static void forward_one(const T* x, const T* block, const std::size_t* offsets, const Epilogue& epilogue) {
    forward_row<T, Arch, In>(0, x, block + offsets[0], epilogue);
  }
  template <class T, class Arch, dimensions In, class Epilogue>
  static void backward_input(const detail::batch_view<T>& at, const detail::gradient_view<T>& gradient,
                             const Epilogue& epilogue) {
    using V = simd::vector<T, Arch>;
    for (std::size_t m = 0; m < at.batch; ++m)
      for_row<T, Arch, In>(at.rows[m], [&](std::size_t n, V x) {
        const V dy = V::load_aligned(gradient.dz + m * gradient.stride + n);
        epilogue(m, n, xsimd::select(x > V(T(0)), dy, dy * slope<T, Arch>(at.block + at.offsets[0], n)));
      });
  }
  template <class T, class Arch, dimensions In, class Sink>
  static void backward_parameters(const detail::batch_view<T>& at, const detail::gradient_view<T>& gradient,
                                  const Sink& sink) {
    using V = simd::vector<T, Arch>;
    alignas(64) T sums[simd::padded<T, Arch>(In.size())]{};
    for (std::size_t m = 0; m < at.batch; ++m)
      for_row<T, Arch, In>(at.rows[m], [&](std::size_t n, V x) {
        const V dy = V::load_aligned(gradient.dz + m * gradient.stride + n);
        math::fma(dy, math::min(x, V(T(0))), V::load_aligned(sums + n)).store_aligned(sums + n);
      });
    if constexpr (Slopes == 1) {
      V sum(T(0));
      for (std::size_t n = 0; n < In.size(); n += V::size) sum += V::load_aligned(sums + n);
      sink(at.offsets[0], simd::first_lanes<T, Arch>(V(simd::horizontal_sum<T, Arch>(sum)), 1));
    } else {
      for (std::size_t n = 0; n < In.size(); n += V::size) sink(at.offsets[0] + n, V::load_aligned(sums + n));
    }
  }

private:
  template <class T, class Arch> static simd::vector<T, Arch> slope(const T* weight, std::size_t n) {
    if constexpr (Slopes == 1)
      return simd::vector<T, Arch>(*weight);
    else
      return simd::vector<T, Arch>::load_aligned(weight + n);
  }
  template <class T, class Arch, dimensions In, class Visit> static void for_row(const T* x, const Visit& visit) {
    constexpr std::size_t W = simd::width<T, Arch>, whole = In.size() / W * W;
    for (std::size_t n = 0; n < whole; n += W) visit(n, simd::vector<T, Arch>::load_unaligned(x + n));
    if constexpr (whole < In.size()) visit(whole, simd::load_partial<T, Arch>(x + whole, In.size() - whole));
  }
  template <class T, class Arch, dimensions In, class Epilogue>
  static void forward_row(std::size_t m, const T* row, const T* weight, const Epilogue& epilogue) {
    using V = simd::vector<T, Arch>;
    for_row<T, Arch, In>(
        row, [&](std::size_t n, V x) { epilogue(m, n, xsimd::select(x > V(T(0)), x, x * slope<T, Arch>(weight, n))); });
  }
};

} // namespace lamina
