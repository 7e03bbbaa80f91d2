#pragma once
#include <array>
#include <cstddef>
#include <cstring>
#include <type_traits>

#include <lamina/core/diagnostics.hpp>
#include <lamina/core/parameter.hpp>
#include <lamina/initializer.hpp>
#include <lamina/layer/options.hpp>
#include <lamina/layer/stage.hpp>
#include <lamina/layer/time.hpp>
#include <lamina/simd/gates.hpp>
#include <lamina/simd/gemm_gradient.hpp>
#include <lamina/simd/gemm_input.hpp>
#include <lamina/simd/reduce.hpp>

/// What recurrent layers share: the walk through time, forward and back, around a *cell*, which knows what one step
/// does to a vector of units. A cell gives
///
/// * `gates`, `extras`: vectors that a step leaves behind beside its output h; the extra number, if any, is a state of
///   its own where `remembers` says so
/// * `separate`: the gate whose input part is not just added to its recurrent part, or `gates`: its gradient by the
/// input
///   part is what `backward` leaves in the extra number
/// * `forward(a, r, h0, extra0, h, extra)`: from the input parts a and the recurrent parts r of all gates to the gates
///   (in a), h and the extra number
/// * `backward(gate, extra, extra0, h0, h, dh, carry)`: from the gates and dL/dh to the gradients at their recurrent
/// parts
///   (in `gate`); `carry` goes from step to step beside dL/dh
namespace lamina::detail {

template <class Cell, std::size_t H, class... Options> struct recurrent_layer {
  static constexpr bool accepts_formula = true, needs_input = true, needs_output = false, of_sequences = true,
                        streams = true, goes_back_through_time = true;
  static constexpr bool sequence = has_option<return_sequence, Options...>;
  static constexpr std::size_t horizon = horizon_of<Options...>, parameter_tensors = 4, gates = Cell::gates;

  static constexpr shape_answer infer(dimensions in) {
    if (!(is_time_option<Options> && ...)) return does_not_fit(reason::unknown_option, {}, {});
    if (H == 0 || horizon == 0) return does_not_fit(reason::out_of_range, {}, {});
    if (in.rank != 2) return wrong_rank(2, in);
    return fits(sequence ? dimensions{2, {in[0], H}} : dimensions{1, {H}});
  }
  static constexpr std::array<parameter, parameter_tensors> parameters(dimensions in) {
    std::array<parameter, parameter_tensors> all{};
    constexpr const char* names[] = {"weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"};
    for (std::size_t i = 0; i < parameter_tensors; ++i) {
      all[i].name.append(names[i]);
      all[i].shape = i < 2 ? dimensions{2, {gates * H, i == 0 ? in.last() : H}} : dimensions{1, {gates * H}};
      all[i].matrix = i < 2;
      all[i].gates = gates;
      all[i].fan_in = H; // PyTorch draws everything from ±1/√H
      all[i].fan_out = gates * H;
      all[i].draw = draw_uniform_by_fan_in;
    }
    return all;
  }
  static constexpr std::size_t forward_flops(dimensions in) { return 2 * gates * H * (in.last() + H) * in[0]; }
  static constexpr std::size_t backward_flops(dimensions in) { return 2 * forward_flops(in); }

private:
  template <class T, class Arch> using arch = simd::gate_arch<T, Arch, H>;
  template <class T, class Arch> static constexpr std::size_t units = simd::padded<T, arch<T, Arch>>(H);
  /// All gates of all units.
  template <class T, class Arch> static constexpr std::size_t outputs = gates * units<T, Arch>;
  /// What a step of a sample leaves: gates, h, and the extra number.
  template <class T, class Arch>
  static constexpr std::size_t record = simd::padded<T, Arch>(outputs<T, Arch> + (1 + Cell::extras) * units<T, Arch>);
  /// Numbers of the parameters in the block.
  template <class T, class Arch, dimensions In>
  static constexpr std::size_t input_weights = simd::padded<T, Arch>(outputs<T, Arch> * In.last());
  template <class T, class Arch>
  static constexpr std::size_t state_weights = simd::padded<T, Arch>(outputs<T, Arch> * H);
  template <class T, class Arch> static constexpr std::size_t biases = simd::padded<T, Arch>(outputs<T, Arch>);
  /// Whether the two parts of every gate are just added.
  static constexpr bool added = Cell::separate == gates;
  /// Samples that go through time together.
  static constexpr std::size_t together = 32;

public:
  template <class T, class Arch, dimensions In> static constexpr std::size_t work = In[0] * record<T, Arch>;
  template <class T, class Arch, dimensions In>
  static constexpr std::size_t scratch = [] {
    const std::size_t back = simd::padded<T, Arch>((outputs<T, Arch> + together) * units<T, Arch>);
    const std::size_t input = simd::gemm_input_scratch<T, arch<T, Arch>>(outputs<T, Arch>, In.last());
    return back > input ? back : input;
  }();
  template <class T, class Arch, dimensions In>
  static constexpr std::size_t gathered = input_weights<T, Arch, In> + state_weights<T, Arch> + 2 * biases<T, Arch>;
  template <class T, class Arch> static constexpr std::size_t state(dimensions) {
    return (1 + (Cell::remembers ? 1 : 0)) * units<T, Arch>;
  }

  template <class T, class Arch, dimensions In, class Epilogue>
  static void forward(const batch_view<T>& at, const Epilogue& epilogue) {
    using A = arch<T, Arch>;
    constexpr std::size_t N = outputs<T, Arch>, steps = In[0];
    const T* const bias = at.block + at.offsets[2];
    for_rows<T, steps, In.last()>(at.rows, at.batch, [&](const T* const* rows, std::size_t count, std::size_t first) {
      simd::gemm<T, A, N>(rows, count, at.block + at.offsets[0], In.last(),
                          store_biased<T, A>{at.work + first * record<T, Arch>, record<T, Arch>, bias});
    });
    const T* before[together];
    for (std::size_t first = 0; first < at.batch; first += together) {
      const std::size_t count = at.batch - first < together ? at.batch - first : together;
      for (std::size_t t = 0; t < steps; ++t) {
        for (std::size_t m = 0; m < count; ++m) before[m] = h_before<T, Arch, In>(at, first + m, t);
        simd::gate_product<T, A, gates, H>(before, count, at.block + at.offsets[1], H,
                                           [&](std::size_t m, std::size_t b, const T* sums) {
                                             forward_step<T, Arch, In>(at, first + m, t, b, sums, epilogue);
                                           });
      }
    }
  }

  template <class T, class Arch, dimensions In, class Epilogue>
  static void forward_one(const T* x, const T* block, const std::size_t* offsets, const Epilogue& epilogue) {
    alignas(64) T past[state<T, Arch>(In)]{};
    for (std::size_t t = 0; t < In[0]; ++t, x += In.last())
      if (sequence || t + 1 == In[0])
        step_of_one<T, Arch, In>(x, block, offsets, past, [&](std::size_t f, auto v, std::size_t lanes) {
          epilogue(0, sequence ? t : 0, f, v, lanes);
        });
      else
        step_of_one<T, Arch, In>(x, block, offsets, past, [](std::size_t, auto, std::size_t) {});
  }
  template <class T, class Arch, dimensions In, class Epilogue>
  [[gnu::always_inline]] static void stream_one(const T* x, const T* block, const std::size_t* offsets, T* past,
                                                std::size_t, const Epilogue& epilogue) {
    step_of_one<T, Arch, In>(x, block, offsets, past,
                             [&](std::size_t f, auto v, std::size_t lanes)
                                 __attribute__((always_inline)) { epilogue(0, 0, f, v, lanes); });
  }

  /// Back through time: the gradients at the gates take the gates' place, step by step from the last one.
  template <class T, class Arch, dimensions In, class Epilogue>
  static void backward_input(const batch_view<T>& at, const gradient_view<T>& gradient, const Epilogue& epilogue) {
    using A = arch<T, Arch>;
    constexpr std::size_t N = outputs<T, Arch>, steps = In[0], R = record<T, Arch>, W = simd::width<T, A>;
    T* const carries = at.scratch + N * units<T, Arch>;
    simd::transpose_weights<T, A>(at.block + at.offsets[1], N, H, at.scratch);
    const T* after[together];
    for (std::size_t first = 0; first < at.batch; first += together) {
      const std::size_t count = at.batch - first < together ? at.batch - first : together;
      for (std::size_t t = steps; t-- > 0;) {
        const step_back<T, Arch, In> back{at.work + (first * steps + t) * R, gradient.dz + first * gradient.stride,
                                          gradient.stride, carries, t};
        if (t + 1 == steps || (t + 1) % horizon == 0) {
          std::memset(carries, 0, count * units<T, Arch> * sizeof(T));
          for (std::size_t m = 0; m < count; ++m)
            for (std::size_t n = 0; n < units<T, Arch>; n += W) back(m, n, simd::vector<T, A>(T(0)));
        } else {
          for (std::size_t m = 0; m < count; ++m) after[m] = at.work + ((first + m) * steps + t + 1) * R;
          simd::gemm<T, A, H>(after, count, at.scratch, N, back);
        }
      }
    }
    exchange_separate<T, Arch>(at.work, at.batch * steps);
    if constexpr (!std::is_same_v<Epilogue, to_nobody>)
      simd::gemm_input<T, A, N, In.last()>(at.work, R, at.batch * steps, at.block + at.offsets[0], at.scratch,
                                           by_steps<Epilogue, steps, In.last()>{epilogue});
  }

  /// The gradients by the parameters for some samples, from those at the gates.
  template <class T, class Arch, dimensions In>
  static void gather_gradient(const batch_view<T>& at, const gradient_view<T>&, T* sums) {
    using A = arch<T, Arch>;
    constexpr std::size_t N = outputs<T, Arch>, steps = In[0], R = record<T, Arch>;
    const std::size_t all = at.batch * steps;
    T *const by_state = sums + input_weights<T, Arch, In>, *const bias = by_state + state_weights<T, Arch>;
    const auto store = [](T* to) { return [to](std::size_t n, simd::vector<T, A> v) { v.store_aligned(to + n); }; };
    for_rows<T, steps, In.last()>(at.rows, at.batch, [&](const T* const* rows, std::size_t count, std::size_t first) {
      simd::gemm_gradient<T, A, N>(rows, count, In.last(), at.work + first * R, R, add_to<T, A>{sums, first > 0});
    });
    simd::column_sums<T, A>(at.work, all, R, N, store(bias));
    exchange_separate<T, Arch>(at.work, all);
    const T* rows[rows_at_once];
    for (std::size_t first = 0; first < all; first += rows_at_once) {
      const std::size_t count = all - first < rows_at_once ? all - first : rows_at_once;
      for (std::size_t i = 0; i < count; ++i)
        rows[i] = h_before<T, Arch, In>(at, (first + i) / steps, (first + i) % steps);
      simd::gemm_gradient<T, A, N>(rows, count, H, at.work + first * R, R, add_to<T, A>{by_state, first > 0});
    }
    simd::column_sums<T, A>(at.work, all, R, N, store(bias + biases<T, Arch>));
  }
  /// Hands what was gathered in one or two parts to a sink.
  template <class T, class Arch, dimensions In, class Sink>
  static void give_gradient(const std::size_t* offsets, const T* sums, const T* more, const Sink& sink) {
    const std::size_t sizes[] = {input_weights<T, Arch, In>, state_weights<T, Arch>, biases<T, Arch>, biases<T, Arch>};
    for (std::size_t i = 0; i < parameter_tensors; ++i) {
      hand_over_block<T, Arch>(sums, more, sizes[i], offsets[i], sink);
      sums += sizes[i];
      if (more) more += sizes[i];
    }
  }

private:
  template <class T, class Arch, dimensions In>
  static const T* h_before(const batch_view<T>& at, std::size_t m, std::size_t t) {
    return t == 0 ? zeros_of<T, units<T, Arch>> : at.work + (m * In[0] + t - 1) * record<T, Arch> + outputs<T, Arch>;
  }

  /// Step t of sample m for the units of block b, whose recurrent sums these are.
  template <class T, class Arch, dimensions In, class Epilogue>
  static void forward_step(const batch_view<T>& at, std::size_t m, std::size_t t, std::size_t b, const T* sums,
                           const Epilogue& epilogue) {
    using V = simd::vector<T, arch<T, Arch>>;
    constexpr std::size_t W = V::size, U = units<T, Arch>;
    T* const here = at.work + (m * In[0] + t) * record<T, Arch>;
    T* const gate_at = here + b * gates * W;
    T* const h_at = here + outputs<T, Arch> + b * W;
    const T* const bias = at.block + at.offsets[3] + b * gates * W;
    V a[gates], r[gates], h, extra(T(0)), extra0(T(0));
    for (std::size_t g = 0; g < gates; ++g) {
      a[g] = V::load_aligned(gate_at + g * W);
      r[g] = V::load_aligned(sums + g * W) + V::load_aligned(bias + g * W);
    }
    if (Cell::remembers && t > 0) extra0 = V::load_aligned(h_at + U - record<T, Arch>);
    Cell::forward(a, r, V::load_aligned(h_before<T, Arch, In>(at, m, t) + b * W), extra0, h, extra);
    for (std::size_t g = 0; g < gates; ++g) a[g].store_aligned(gate_at + g * W);
    h.store_aligned(h_at);
    if (Cell::extras) extra.store_aligned(h_at + U);
    if (sequence || t + 1 == In[0]) epilogue(m, sequence ? t : 0, b * W, h, H - b * W);
  }

  /// One step of one sample; the state is where it was.
  template <class T, class Arch, dimensions In, class Give>
  [[gnu::always_inline]] static void step_of_one(const T* x, const T* block, const std::size_t* offsets, T* past,
                                                 const Give& give) {
    using A = arch<T, Arch>;
    using V = simd::vector<T, A>;
    constexpr std::size_t N = outputs<T, Arch>, W = V::size, U = units<T, Arch>;
    alignas(64) T input[N], recurrent[N];
    simd::row_product_onto<T, A, N, In.last()>(input, block + offsets[2], x, block + offsets[0]);
    if constexpr (added)
      simd::row_product_onto<T, A, N, H>(recurrent, input, past, block + offsets[1]);
    else
      simd::row_product_onto<T, A, N, H>(recurrent, block + offsets[3], past, block + offsets[1]);
#pragma GCC unroll 8
    for (std::size_t b = 0; b < U / W; ++b) {
      V a[gates], r[gates], h, extra(T(0)), extra0(T(0));
      for (std::size_t g = 0; g < gates; ++g) {
        a[g] = V::load_aligned((added ? block + offsets[3] : input) + (b * gates + g) * W);
        r[g] = V::load_aligned(recurrent + (b * gates + g) * W);
      }
      if constexpr (Cell::remembers) extra0 = V::load_aligned(past + U + b * W);
      Cell::forward(a, r, V::load_aligned(past + b * W), extra0, h, extra);
      h.store_aligned(past + b * W);
      if constexpr (Cell::remembers) extra.store_aligned(past + U + b * W);
      give(b * W, h, H - b * W);
    }
  }

  /// The end of the product that brings the gradient back from the step after: the cell's derivative.
  template <class T, class Arch, dimensions In> struct step_back {
    static constexpr bool light = false;
    using V = simd::vector<T, arch<T, Arch>>;
    T* records; ///< of step t of the first sample
    const T* dz;
    std::size_t stride;
    T* carries;
    std::size_t t;

    void operator()(std::size_t m, std::size_t n, V dh) const {
      constexpr std::size_t W = V::size, U = units<T, Arch>, R = record<T, Arch>;
      T* const here = records + m * In[0] * R;
      T* const gate_at = here + n * gates;
      T* const h_at = here + outputs<T, Arch> + n;
      T* const carry_at = carries + m * U + n;
      if (sequence || t + 1 == In[0])
        dh += simd::load_lanes<T, arch<T, Arch>>(dz + m * stride + (sequence ? t * H : 0) + n, H - n);
      V gate[gates], extra(T(0)), extra0(T(0)), h0(T(0)), carry = V::load_aligned(carry_at);
      for (std::size_t g = 0; g < gates; ++g) gate[g] = V::load_aligned(gate_at + g * W);
      if (t > 0) h0 = V::load_aligned(h_at - R);
      if (Cell::remembers && t > 0) extra0 = V::load_aligned(h_at + U - R);
      if (Cell::extras) extra = V::load_aligned(h_at + U);
      const V h = V::load_aligned(h_at);
      Cell::backward(gate, extra, extra0, h0, h, dh, carry);
      for (std::size_t g = 0; g < gates; ++g) gate[g].store_aligned(gate_at + g * W);
      if (Cell::separate < gates) extra.store_aligned(h_at + U);
      carry.store_aligned(carry_at);
    }
  };

  /// Puts the gradients at the input parts in place of those at the recurrent parts, or back.
  template <class T, class Arch> static void exchange_separate(T* records, std::size_t count) {
    if constexpr (Cell::separate < gates) {
      using V = simd::vector<T, arch<T, Arch>>;
      for (std::size_t i = 0; i < count; ++i, records += record<T, Arch>)
        for (std::size_t n = 0; n < units<T, Arch>; n += V::size) {
          T* const gate_at = records + n * gates + Cell::separate * V::size;
          T* const extra_at = records + outputs<T, Arch> + units<T, Arch> + n;
          const V gate = V::load_aligned(gate_at), extra = V::load_aligned(extra_at);
          extra.store_aligned(gate_at), gate.store_aligned(extra_at);
        }
    }
  }
};

} // namespace lamina::detail
