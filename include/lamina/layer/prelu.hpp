#pragma once
#include <array>
#include <cstddef>

#include <lamina/core/diagnostics.hpp>
#include <lamina/core/parameter.hpp>
#include <lamina/expression/value.hpp>
#include <lamina/layer/stage.hpp>
#include <lamina/simd/pixels.hpp>

namespace lamina {

/// A rectifier whose slope below 0 is learned.
/// Shape: same. Parameters: weight a (Slopes), 0.25 at first: one for all numbers, or one for each channel of (C, H, W)
/// and (C, L), each feature of (C). Forward: y = max(x, 0) + a min(x, 0). Backward keeps: x. Errors: input_size where
/// Slopes is neither 1 nor C. Source: He et al. 2015; torch.nn.PReLU.
template <std::size_t Slopes = 1> struct prelu : detail::head_without_parameters {
  static constexpr bool accepts_formula = true, of_images = true, needs_input = true, needs_output = false,
                        backward_at_once = true;
  static constexpr std::size_t parameter_tensors = 1;

  static constexpr shape_answer infer(dimensions in) {
    if (Slopes != 1 && Slopes != in[0]) return does_not_fit(reason::input_size, dimensions{1, {Slopes}}, in);
    return fits(in);
  }
  static constexpr bool in_any_order(dimensions) { return Slopes == 1; }
  static constexpr std::array<parameter, 1> parameters(dimensions) {
    parameter weight{};
    weight.name.append("weight");
    weight.shape = {1, {Slopes}};
    weight.draw = [](const parameter&, std::uint64_t, std::uint64_t, std::size_t) { return 0.25; };
    return {weight};
  }

  template <class T, class Arch, dimensions In, class Epilogue>
  static void forward(const detail::batch_view<T>& at, const Epilogue& epilogue) {
    alignas(64) T slopes[simd::padded<T, Arch>(In[0])]{};
    lay_out<In>(at, slopes);
    simd::map_channels<T, Arch, In[0], In.size()>(
        at.rows, 0, at.batch, {slopes},
        [](auto x, const auto& slope)
            __attribute__((always_inline)) { return xsimd::select(x > decltype(x)(T(0)), x, x * slope[0]); },
        epilogue);
  }
  template <class T, class Arch, dimensions In, class Epilogue, class Sink>
  static void backward(const detail::batch_view<T>& at, const detail::gradient_view<T>& gradient, Epilogue epilogue,
                       const Sink& sink) {
    using V = simd::vector<T, Arch>;
    const V zero(T(0));
    alignas(64) T slopes[simd::padded<T, Arch>(In[0])]{};
    lay_out<In>(at, slopes);
    simd::for_runs<T, Arch, In[0], In.size()>(0, at.batch, {slopes}, [&](std::size_t m) {
      return [&, m, values = at.rows[m], dys = gradient.rows[m]](std::size_t n, std::size_t left,
                                                                 const V(&slope)[1]) __attribute__((always_inline)) {
        const V x = simd::load_lanes<T, Arch>(values + n, left), dy = simd::load_lanes<T, Arch>(dys + n, left);
        epilogue(m, n, V(xsimd::select(x > zero, dy, dy * slope[0])));
      };
    });
    using run = simd::pixel_run<T, Arch, Slopes, In.size()>;
    alignas(64) T sums[simd::padded<T, Arch>(Slopes)];
    simd::channel_sums<1, run>(at.batch, {sums},
                               [&](std::size_t m, std::size_t n, std::size_t, std::size_t left, V(&sum)[1])
                                   __attribute__((always_inline)) {
                                     const V x = simd::load_lanes<T, Arch>(at.rows[m] + n, left);
                                     const V dy = simd::load_lanes<T, Arch>(gradient.rows[m] + n, left);
                                     sum[0] = math::fma(dy, math::min(x, zero), sum[0]);
                                   });
    for (std::size_t f = 0; f < Slopes; f += V::size) sink(at.offsets[0] + f, V::load_aligned(sums + f));
  }

private:
  /// The slope of each channel.
  template <dimensions In, class T> static void lay_out(const detail::batch_view<T>& at, T* slopes) {
    for (std::size_t f = 0; f < In[0]; ++f) slopes[f] = at.block[at.offsets[0] + (Slopes == 1 ? 0 : f)];
  }
};

} // namespace lamina
