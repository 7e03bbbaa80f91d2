#pragma once
#include <array>
#include <cstddef>
#include <type_traits>

#include <lamina/expression/activations.hpp>
#include <lamina/layer/cell.hpp>
#include <lamina/layer/unrolled.hpp>
#include <lamina/simd/gates.hpp>
#include <lamina/simd/gemm_input.hpp>

namespace lamina {

/// A recurrent layer of Jordan's kind: its context is the output that it gave at the step before.
/// Shape: (L, F) → (H), the output at the last step, or (L, H) with `return_sequence`. Options: `return_sequence`,
/// `truncated<K>`. Parameters: weight_ih_l0 (H, F), weight_hh_l0 (H, H), bias_ih_l0 (H), bias_hh_l0 (H), weight_ho_l0
/// (H, H), bias_ho_l0 (H). Forward: h = tanh(W x + b + U y + c), y' = V h + d; y = 0 at first. Backward keeps: h and y.
/// Errors: input_rank for what is no sequence, tokens before an embedding. Source: Jordan 1986. Example:
/// examples/27_sequences.cpp.
template <std::size_t Units, class... Options> struct jordan_rnn : detail::unrolled<Units, 1, Options...> {
private:
  using base = detail::unrolled<Units, 1, Options...>;
  using base::horizon, base::together;
  template <class T, class Arch> using arch = typename base::template arch<T, Arch>;
  template <class T, class Arch> static constexpr std::size_t units = base::template units<T, Arch>;
  /// A step of a sample leaves W x + b, in whose place backward puts the gradient at what tanh is taken of; h; y; and
  /// in backward the gradient by y.
  template <class T, class Arch> static constexpr std::size_t h_at = units<T, Arch>;
  template <class T, class Arch> static constexpr std::size_t y_at = 2 * units<T, Arch>;
  template <class T, class Arch> static constexpr std::size_t dy_at = 3 * units<T, Arch>;
  template <class T, class Arch> static constexpr std::size_t record = simd::padded<T, Arch>(4 * units<T, Arch>);

public:
  static constexpr std::size_t parameter_tensors = 6;
  static constexpr std::array<parameter, parameter_tensors> parameters(dimensions in) {
    return {base::of_gates("weight_ih_l0", 1, in.last()), base::of_gates("weight_hh_l0", 1, Units),
            base::of_gates("bias_ih_l0", 1, 0),           base::of_gates("bias_hh_l0", 1, 0),
            base::of_gates("weight_ho_l0", 1, Units),     base::of_gates("bias_ho_l0", 1, 0)};
  }
  static constexpr std::size_t forward_flops(dimensions in) { return 2 * Units * (in.last() + 2 * Units) * in[0]; }
  static constexpr std::size_t backward_flops(dimensions in) { return 2 * forward_flops(in); }

private:
  template <class T, class Arch, dimensions In>
  static constexpr std::array<std::size_t, parameter_tensors> sizes = [] {
    constexpr std::size_t inputs[] = {In.last(), Units, 1, 1, Units, 1};
    std::array<std::size_t, parameter_tensors> all{};
    for (std::size_t i = 0; i < parameter_tensors; ++i) all[i] = simd::padded<T, Arch>(units<T, Arch> * inputs[i]);
    return all;
  }();

public:
  template <class T, class Arch, dimensions In> static constexpr std::size_t work = In[0] * record<T, Arch>;
  template <class T, class Arch, dimensions In>
  static constexpr std::size_t scratch = [] {
    const std::size_t back = 2 * Units * units<T, Arch>;
    const std::size_t input = simd::gemm_input_scratch<T, arch<T, Arch>>(Units, In.last());
    return simd::padded<T, Arch>(back > input ? back : input);
  }();
  template <class T, class Arch, dimensions In>
  static constexpr std::size_t gathered = detail::sum_of(sizes<T, Arch, In>);
  template <class T, class Arch> static constexpr std::size_t state(dimensions) { return units<T, Arch>; }

  template <class T, class Arch, dimensions In, class Epilogue>
  static void forward(const detail::batch_view<T>& at, const Epilogue& epilogue) {
    using A = arch<T, Arch>;
    using V = simd::vector<T, A>;
    constexpr std::size_t steps = In[0], R = record<T, Arch>;
    const auto weights = [&](std::size_t i) { return at.block + at.offsets[i]; };
    detail::for_rows<T>(at.batch * steps, detail::steps_of_samples<T, steps, In.last()>(at.rows),
                        [&](const T* const* rows, std::size_t count, std::size_t first) {
                          const detail::store_biased<T, A> store{at.work + first * R, R, weights(2)};
                          simd::gemm<T, A, Units>(rows, count, weights(0), In.last(), store);
                        });
    const T* rows[together];
    base::in_groups(at.batch, [&](std::size_t first, std::size_t count) {
      for (std::size_t s = 0; s < steps; ++s) {
        const auto left = [&](std::size_t m) { return at.work + ((first + m) * steps + s) * R; };
        for (std::size_t m = 0; m < count; ++m) rows[m] = before<T, Arch, In>(at.work, (first + m) * steps + s);
        simd::gemm<T, A, Units>(rows, count, weights(1), Units,
                                detail::heavy_end{[&](std::size_t m, std::size_t n, V v) {
                                  const V a = V::load_aligned(left(m) + n) + (v + V::load_aligned(weights(3) + n));
                                  detail::gate<formulas::tanh>(a).store_aligned(left(m) + h_at<T, Arch> + n);
                                }});
        for (std::size_t m = 0; m < count; ++m) rows[m] = left(m) + h_at<T, Arch>;
        simd::gemm<T, A, Units>(rows, count, weights(4), Units,
                                detail::heavy_end{[&](std::size_t m, std::size_t n, V v) {
                                  v += V::load_aligned(weights(5) + n);
                                  v.store_aligned(left(m) + y_at<T, Arch> + n);
                                  if (base::leaves(s, steps))
                                    epilogue(first + m, base::template leaves_as<0>(s, steps), n, v, Units - n);
                                }});
      }
    });
  }
  template <class T, class Arch, dimensions In, class Epilogue>
  static void forward_one(const T* x, const T* block, const std::size_t* offsets, const Epilogue& epilogue) {
    alignas(64) T past[units<T, Arch>]{};
    base::template one_by_one<In, 0>(
        x, [&](const T* now, const auto& give) { step_of_one<T, Arch, In>(now, block, offsets, past, give); },
        epilogue);
  }
  template <class T, class Arch, dimensions In, class Epilogue>
  [[gnu::always_inline]] static void stream_one(const T* x, const T* block, const std::size_t* offsets, T* past,
                                                std::size_t, const Epilogue& epilogue) {
    step_of_one<T, Arch, In>(x, block, offsets, past,
                             [&](std::size_t n, auto v, std::size_t lanes)
                                 __attribute__((always_inline)) { epilogue(0, 0, n, v, lanes); });
  }

  /// Back through time: from the gradient by an output to that by h, and on to that by the output before.
  template <class T, class Arch, dimensions In, class Epilogue>
  static void backward_input(const detail::batch_view<T>& at, const detail::gradient_view<T>& gradient,
                             const Epilogue& epilogue) {
    using A = arch<T, Arch>;
    using V = simd::vector<T, A>;
    constexpr std::size_t steps = In[0], R = record<T, Arch>, U = units<T, Arch>;
    T *const by_context = at.scratch, *const by_hidden = at.scratch + Units * U;
    simd::transpose_weights<T, A>(at.block + at.offsets[1], Units, Units, by_context);
    simd::transpose_weights<T, A>(at.block + at.offsets[4], Units, Units, by_hidden);
    const T* rows[together];
    base::in_groups(at.batch, [&](std::size_t first, std::size_t count) {
      for (std::size_t s = steps; s-- > 0;) {
        const auto left = [&](std::size_t m) { return at.work + ((first + m) * steps + s) * R; };
        const auto by_output = [&](std::size_t m, std::size_t n, V dy) {
          const T* const dz = gradient.dz + (first + m) * gradient.stride;
          if (base::leaves(s, steps)) dy += base::template gradient_of_output<T, Arch, 0>(dz, s, steps, n);
          dy.store_aligned(left(m) + dy_at<T, Arch> + n);
        };
        if (s + 1 == steps || (s + 1) % horizon == 0) {
          for (std::size_t m = 0; m < count; ++m)
            for (std::size_t n = 0; n < U; n += V::size) by_output(m, n, V(T(0)));
        } else {
          for (std::size_t m = 0; m < count; ++m) rows[m] = left(m) + R;
          simd::gemm<T, A, Units>(rows, count, by_context, Units, detail::heavy_end{by_output});
        }
        for (std::size_t m = 0; m < count; ++m) rows[m] = left(m) + dy_at<T, Arch>;
        simd::gemm<T, A, Units>(rows, count, by_hidden, Units,
                                detail::heavy_end{[&](std::size_t m, std::size_t n, V dh) {
                                  const V h = V::load_aligned(left(m) + h_at<T, Arch> + n);
                                  (dh * detail::gate_slope<formulas::tanh>(h)).store_aligned(left(m) + n);
                                }});
      }
    });
    if constexpr (!std::is_same_v<Epilogue, detail::to_nobody>)
      simd::gemm_input<T, A, Units, In.last()>(at.work, R, at.batch * steps, at.block + at.offsets[0], at.scratch,
                                               detail::by_steps<Epilogue, steps, In.last()>{epilogue});
  }

  /// The gradients by the parameters for some samples, from those that backward left.
  template <class T, class Arch, dimensions In>
  static void gather_gradient(const detail::batch_view<T>& at, const detail::gradient_view<T>&, T* sums) {
    using A = arch<T, Arch>;
    constexpr std::size_t R = record<T, Arch>;
    constexpr const auto& size = sizes<T, Arch, In>;
    const std::size_t all = at.batch * In[0];
    const T *const by_sum = at.work, *const by_output = at.work + dy_at<T, Arch>;
    const auto context = [&](std::size_t i) { return before<T, Arch, In>(at.work, i); };
    const auto hidden = [&](std::size_t i) { return at.work + i * R + h_at<T, Arch>; };
    const auto input = detail::steps_of_samples<T, In[0], In.last()>(at.rows);
    detail::gather_weights<T, A, Units>(all, input, In.last(), by_sum, R, sums);
    detail::gather_weights<T, A, Units>(all, context, Units, by_sum, R, sums += size[0]);
    detail::gather_bias<T, A, Units>(all, by_sum, R, sums += size[1]);
    detail::gather_bias<T, A, Units>(all, by_sum, R, sums += size[2]);
    detail::gather_weights<T, A, Units>(all, hidden, Units, by_output, R, sums += size[3]);
    detail::gather_bias<T, A, Units>(all, by_output, R, sums += size[4]);
  }
  template <class T, class Arch, dimensions In, class Sink>
  static void give_gradient(const std::size_t* offsets, const T* sums, const T* more, const Sink& sink) {
    detail::hand_over_blocks<T, Arch>(sizes<T, Arch, In>, offsets, sums, more, sink);
  }

private:
  /// The output before this step, counted over all samples.
  template <class T, class Arch, dimensions In> static const T* before(const T* work, std::size_t i) {
    return i % In[0] == 0 ? detail::zeros_of<T, units<T, Arch>> : work + (i - 1) * record<T, Arch> + y_at<T, Arch>;
  }

  /// One step of one sample; the output stays where it was.
  template <class T, class Arch, dimensions In, class Give>
  [[gnu::always_inline]] static void step_of_one(const T* x, const T* block, const std::size_t* offsets, T* past,
                                                 const Give& give) {
    using A = arch<T, Arch>;
    using V = simd::vector<T, A>;
    constexpr std::size_t U = units<T, Arch>;
    constexpr std::size_t W = V::size;
    V sum[U / W], out[U / W];
    alignas(64) T h[U];
    for (std::size_t j = 0; j < U / W; ++j) {
      sum[j] = V::load_aligned(block + offsets[2] + j * W) + V::load_aligned(block + offsets[3] + j * W);
      out[j] = V::load_aligned(block + offsets[5] + j * W);
    }
    simd::add_row_product<T, A, U, In.last()>(sum, x, block + offsets[0], 0, In.last());
    simd::add_row_product<T, A, U, Units>(sum, past, block + offsets[1], 0, Units);
    for (std::size_t j = 0; j < U / W; ++j) detail::gate<formulas::tanh>(sum[j]).store_aligned(h + j * W);
    simd::add_row_product<T, A, U, Units>(out, h, block + offsets[4], 0, Units);
    for (std::size_t j = 0; j < U / W; ++j) {
      out[j].store_aligned(past + j * W);
      give(j * W, out[j], Units - j * W);
    }
  }
};

} // namespace lamina
