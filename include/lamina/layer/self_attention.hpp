#pragma once
#include <array>
#include <cstddef>
#include <type_traits>

#include <lamina/core/diagnostics.hpp>
#include <lamina/core/parameter.hpp>
#include <lamina/initializer.hpp>
#include <lamina/layer/options.hpp>
#include <lamina/layer/stage.hpp>
#include <lamina/layer/time.hpp>
#include <lamina/simd/attention.hpp>
#include <lamina/simd/fitting.hpp>

namespace lamina {

/// Attention in which a step sees itself and those before it, and none that come later.
struct causal {};

/// Attention of every step to the others: each head weighs their values by how well their keys fit the step's query.
/// Shape: (L, D) → (L, D). Options: `causal`. Parameters: in_proj_weight (3D, D), in_proj_bias (3D), out_proj.weight
/// (D, D), out_proj.bias (D); query, key and value one after the other, of all heads each. Forward: q, k, v = W x + b;
/// for each head of d = D / Heads features y = softmax(q kᵀ/√d) v; then W' y + b'. Backward keeps: q, k, v, y, and for
/// each step and head the largest score and the sum of exponentials. Errors: input_rank for what is no sequence,
/// `heads` where they do not divide D. Source: Vaswani et al. 2017; torch.nn.MultiheadAttention(D, Heads,
/// batch_first=True) with x as query, key and value. Example: examples/30_attention.cpp.
template <std::size_t Heads, class... Options> struct self_attention {
  static constexpr bool accepts_formula = true, needs_input = true, needs_output = false, of_sequences = true,
                        goes_back_through_time = true;
  static constexpr bool sees_past_only = detail::has_option<causal, Options...>;
  static constexpr std::size_t parameter_tensors = 4;

  static constexpr shape_answer infer(dimensions in) {
    if (!(std::is_same_v<Options, causal> && ...)) return does_not_fit(reason::unknown_option, {}, {});
    if (sizeof...(Options) > 1) return does_not_fit(reason::option_twice, {}, {});
    if (Heads == 0) return does_not_fit(reason::out_of_range, {}, {});
    if (in.rank != 2) return wrong_rank(2, in);
    if (in[1] % Heads) return does_not_fit(reason::heads, {2, {in[0], (in[1] + Heads - 1) / Heads * Heads}}, in);
    return fits(in);
  }
  static constexpr std::array<parameter, parameter_tensors> parameters(dimensions in) {
    const std::size_t features = in.last();
    return {matrix("in_proj_weight", 3 * features, features, draw_glorot), bias("in_proj_bias", 3 * features),
            matrix("out_proj.weight", features, features, draw_uniform_by_fan_in), bias("out_proj.bias", features)};
  }
  static constexpr std::size_t forward_flops(dimensions in) {
    return 8 * in.size() * in.last() + (sees_past_only ? 2 : 4) * in[0] * in.size();
  }
  static constexpr std::size_t backward_flops(dimensions in) {
    return 16 * in.size() * in.last() + (sees_past_only ? 5 : 10) * in[0] * in.size();
  }

private:
  using mask = std::conditional_t<sees_past_only, simd::sees_past, simd::sees_all>;
  /// The instruction sets of both matrices.
  template <class T, class Arch, dimensions In> using inward = simd::gate_arch<T, Arch, 3 * In.last()>;
  template <class T, class Arch, dimensions In> using outward = simd::gate_arch<T, Arch, In.last()>;
  template <class T, class Arch, dimensions In> static constexpr std::size_t part = In.last() / Heads;
  template <class T, class Arch, dimensions In>
  using head = simd::attention_head<T, simd::gate_arch<T, Arch, part<T, Arch, In>>, In[0], part<T, Arch, In>, mask>;

  /// A step of a sample leaves q, k and v, in whose places backward puts their gradients; what the heads give; and two
  /// numbers a head.
  template <class T, class Arch, dimensions In>
  static constexpr std::size_t outputs_at = simd::padded<T, Arch>(3 * In.last());
  template <class T, class Arch, dimensions In>
  static constexpr std::size_t sums_at = outputs_at<T, Arch, In> + simd::padded<T, Arch>(In.last());
  template <class T, class Arch, dimensions In>
  static constexpr std::size_t record = sums_at<T, Arch, In> + simd::padded<T, Arch>(2 * Heads);

  template <class T, class Arch, dimensions In>
  static constexpr std::array<std::size_t, parameter_tensors> sizes = [] {
    const std::size_t in = simd::padded<T, inward<T, Arch, In>>(3 * In.last());
    const std::size_t out = simd::padded<T, outward<T, Arch, In>>(In.last());
    return std::array<std::size_t, parameter_tensors>{simd::padded<T, Arch>(in * In.last()), simd::padded<T, Arch>(in),
                                                      simd::padded<T, Arch>(out * In.last()),
                                                      simd::padded<T, Arch>(out)};
  }();
  static constexpr std::size_t larger(std::size_t a, std::size_t b) { return a > b ? a : b; }

public:
  template <class T, class Arch, dimensions In> static constexpr std::size_t work = In[0] * record<T, Arch, In>;
  template <class T, class Arch, dimensions In>
  static constexpr std::size_t forward_scratch = simd::padded<T, Arch>(head<T, Arch, In>::forward_scratch);
  /// Backward's: W' the other way round, the gradients by what the heads gave, and what a head needs. In the same
  /// place: the gradient by x needs less, and so do rows of dz.
  template <class T, class Arch, dimensions In>
  static constexpr std::size_t scratch = [] {
    constexpr std::size_t D = simd::padded<T, Arch>(In.last());
    const std::size_t heads = D * In.last() + In[0] * D + simd::padded<T, Arch>(head<T, Arch, In>::backward_scratch);
    const std::size_t input = simd::gemm_input_scratch<T, inward<T, Arch, In>>(3 * In.last(), In.last());
    return larger(larger(heads, simd::padded<T, Arch>(input)), detail::rows_at_once * D);
  }();
  template <class T, class Arch, dimensions In>
  static constexpr std::size_t gathered = detail::sum_of(sizes<T, Arch, In>);

  template <class T, class Arch, dimensions In, class Epilogue>
  static void forward(const detail::batch_view<T>& at, const Epilogue& epilogue) {
    using I = inward<T, Arch, In>;
    using O = outward<T, Arch, In>;
    constexpr std::size_t D = In.last(), R = record<T, Arch, In>;
    const auto weights = [&](std::size_t i) { return at.block + at.offsets[i]; };
    detail::for_rows<T>(at.batch * In[0], detail::steps_of_samples<T, In[0], D>(at.rows),
                        [&](const T* const* rows, std::size_t count, std::size_t first) {
                          const detail::store_biased<T, I> store{at.work + first * R, R, weights(1)};
                          simd::gemm<T, I, 3 * D>(rows, count, weights(0), D, store);
                        });
    for (std::size_t m = 0; m < at.batch; ++m) in_each_head<T, Arch, In>(at.work + m * In[0] * R, at.scratch);
    const detail::with_bias<T, O, Epilogue> end{weights(3), epilogue};
    detail::for_rows<T>(
        at.batch * In[0], [&](std::size_t i) { return at.work + i * R + outputs_at<T, Arch, In>; },
        [&](const T* const* rows, std::size_t count, std::size_t first) {
          simd::gemm<T, O, D>(rows, count, weights(2), D,
                              detail::by_steps<detail::with_bias<T, O, Epilogue>, In[0], D>{end, first});
        });
  }

  template <class T, class Arch, dimensions In, class Epilogue>
  static void backward_input(const detail::batch_view<T>& at, const detail::gradient_view<T>& gradient,
                             const Epilogue& epilogue) {
    using I = inward<T, Arch, In>;
    using O = outward<T, Arch, In>;
    constexpr std::size_t D = In.last(), R = record<T, Arch, In>, stride = simd::padded<T, Arch>(D);
    T *const turned = at.scratch, *const by_heads = turned + stride * D, *const rest = by_heads + In[0] * stride;
    simd::transpose_weights<T, O>(at.block + at.offsets[2], D, D, turned);
    for (std::size_t m = 0; m < at.batch; ++m) {
      detail::for_rows<T>(
          In[0], [&](std::size_t t) { return gradient.dz + m * gradient.stride + t * D; },
          [&](const T* const* rows, std::size_t count, std::size_t first) {
            simd::gemm<T, O, D>(rows, count, turned, D, simd::store_rows<T, O>{by_heads + first * stride, stride});
          });
      T* const left = at.work + m * In[0] * R;
      for (std::size_t h = 0; h < Heads; ++h) {
        T* const query = left + h * (D / Heads);
        head<T, Arch, In>::backward({query, R}, {query + D, R}, {query + 2 * D, R},
                                    {by_heads + h * (D / Heads), stride}, {left + sums_at<T, Arch, In> + 2 * h, R},
                                    rest);
      }
    }
    if constexpr (!std::is_same_v<Epilogue, detail::to_nobody>)
      simd::gemm_input<T, I, 3 * D, D>(at.work, R, at.batch * In[0], at.block + at.offsets[0], at.scratch,
                                       detail::by_steps<Epilogue, In[0], D>{epilogue});
  }

  /// The gradients by the parameters for some samples, from those by q, k and v.
  template <class T, class Arch, dimensions In>
  static void gather_gradient(const detail::batch_view<T>& at, const detail::gradient_view<T>& gradient, T* sums) {
    using I = inward<T, Arch, In>;
    using O = outward<T, Arch, In>;
    constexpr std::size_t D = In.last(), R = record<T, Arch, In>, stride = simd::padded<T, O>(D);
    constexpr const auto& size = sizes<T, Arch, In>;
    const std::size_t all = at.batch * In[0];
    detail::gather_weights<T, I, 3 * D>(all, detail::steps_of_samples<T, In[0], D>(at.rows), D, at.work, R, sums);
    detail::gather_bias<T, I, 3 * D>(all, at.work, R, sums + size[0]);
    T *const weight = sums + size[0] + size[1], *const bias = weight + size[2];
    // Products read aligned rows with zeros behind them, which steps of dz are not.
    detail::for_rows<T>(
        all, [&](std::size_t i) { return at.work + i * R + outputs_at<T, Arch, In>; },
        [&](const T* const* rows, std::size_t count, std::size_t first) {
          for (std::size_t i = 0; i < count; ++i) {
            const std::size_t row = first + i;
            const T* const dz = gradient.dz + row / In[0] * gradient.stride + row % In[0] * D;
            simd::copy_row<T, O>(dz, D, at.scratch + i * stride);
          }
          const bool adds = first > 0;
          simd::gemm_gradient<T, O, D>(rows, count, D, at.scratch, stride, detail::add_to<T, O>{weight, adds});
          simd::column_sums<T, O>(at.scratch, count, stride, stride, detail::add_to<T, O>{bias, adds});
        });
  }
  template <class T, class Arch, dimensions In, class Sink>
  static void give_gradient(const std::size_t* offsets, const T* sums, const T* more, const Sink& sink) {
    detail::hand_over_blocks<T, Arch>(sizes<T, Arch, In>, offsets, sums, more, sink);
  }

private:
  /// What each head gives of a sample.
  template <class T, class Arch, dimensions In> static void in_each_head(T* left, T* scratch) {
    constexpr std::size_t D = In.last(), R = record<T, Arch, In>;
    for (std::size_t h = 0; h < Heads; ++h) {
      T* const query = left + h * (D / Heads);
      head<T, Arch, In>::forward({query, R}, {query + D, R}, {query + 2 * D, R},
                                 {left + outputs_at<T, Arch, In> + h * (D / Heads), R},
                                 {left + sums_at<T, Arch, In> + 2 * h, R}, scratch);
    }
  }

  static constexpr parameter matrix(const char* name, std::size_t outputs, std::size_t inputs,
                                    parameter::draw_function draw) {
    parameter p{};
    p.name.append(name);
    p.shape = {2, {outputs, inputs}};
    p.matrix = true;
    p.gates = 1;
    p.fan_in = inputs, p.fan_out = outputs;
    p.draw = draw;
    return p;
  }
  static constexpr parameter bias(const char* name, std::size_t outputs) {
    parameter p{};
    p.name.append(name);
    p.shape = {1, {outputs}};
    p.gates = 1;
    p.draw = [](const parameter&, std::uint64_t, std::uint64_t, std::size_t) -> double { return 0; };
    return p;
  }
  static double draw_glorot(const parameter& p, std::uint64_t seed, std::uint64_t stream, std::size_t i) {
    return glorot_uniform{}(p, {seed, stream}, i);
  }
};

} // namespace lamina
