#pragma once
#include <array>
#include <cstddef>
#include <cstring>
#include <type_traits>
#include <utility>

#include <lamina/layer/recurrent_step.hpp>
#include <lamina/layer/unrolled.hpp>
#include <lamina/simd/gates.hpp>
#include <lamina/simd/gemm_input.hpp>

/// What recurrent layers share: the walk through time, forward and back, around a *cell* (layer/cell.hpp), which knows
/// what one step does to a vector of units.
///
/// Each direction is a walk of its own, over the same samples; what they leave of a step stands side by side, the gates
/// of both first, so that the gradient by the input is one product.
namespace lamina::detail {

template <class Cell, std::size_t H, std::size_t Directions, class... Options>
struct recurrent_layer : unrolled<H, Directions, Options...> {
private:
  using base = unrolled<H, Directions, Options...>;
  using base::sequence, base::horizon, base::together;
  template <class T, class Arch> using arch = typename base::template arch<T, Arch>;
  template <class T, class Arch> static constexpr std::size_t units = base::template units<T, Arch>;
  using one_step = recurrent_step<Cell, H>;
  static constexpr std::size_t gates = Cell::gates, tensors = 4;

public:
  /// The same layer with a walk in either direction.
  using in_both_directions = recurrent_layer<Cell, H, 2, Options...>;
  static constexpr std::size_t parameter_tensors = Directions * tensors;

  static constexpr std::array<parameter, parameter_tensors> parameters(dimensions in) {
    std::array<parameter, parameter_tensors> all{};
    constexpr const char* names[] = {"weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"};
    for (std::size_t i = 0; i < parameter_tensors; ++i) {
      const std::size_t inputs[] = {in.last(), H, 0, 0};
      all[i] = base::of_gates(names[i % tensors], gates, inputs[i % tensors]);
      if (i >= tensors) all[i].name.append("_reverse");
    }
    return all;
  }
  static constexpr std::size_t forward_flops(dimensions in) {
    return Directions * 2 * gates * H * (in.last() + H) * in[0];
  }
  static constexpr std::size_t backward_flops(dimensions in) { return 2 * forward_flops(in); }

private:
  /// All gates of all units, and where a step leaves them.
  template <class T, class Arch> static constexpr std::size_t outputs = gates * units<T, Arch>;
  template <class T, class Arch, std::size_t D> static constexpr std::size_t gates_at = D * outputs<T, Arch>;
  /// Where it leaves h, and behind it the extra number.
  template <class T, class Arch, std::size_t D>
  static constexpr std::size_t units_at = Directions * outputs<T, Arch> + D * (1 + Cell::extras) * units<T, Arch>;
  /// What a step of a sample leaves.
  template <class T, class Arch>
  static constexpr std::size_t record = simd::padded<T, Arch>(units_at<T, Arch, Directions>);
  /// Numbers of each parameter in the block.
  template <class T, class Arch, dimensions In>
  static constexpr std::array<std::size_t, parameter_tensors> sizes = [] {
    std::array<std::size_t, parameter_tensors> all{};
    for (std::size_t i = 0; i < parameter_tensors; ++i) {
      const std::size_t inputs[] = {In.last(), H, 1, 1};
      all[i] = simd::padded<T, Arch>(outputs<T, Arch> * inputs[i % tensors]);
    }
    return all;
  }();

  /// Calls `walk.template operator()<D>()` for each direction.
  template <class Walk> [[gnu::always_inline]] static void in_each_direction(const Walk& walk) {
    walk.template operator()<0>();
    if constexpr (Directions == 2) walk.template operator()<1>();
  }

public:
  template <class T, class Arch, dimensions In> static constexpr std::size_t work = In[0] * record<T, Arch>;
  template <class T, class Arch, dimensions In>
  static constexpr std::size_t scratch = [] {
    const std::size_t back = (outputs<T, Arch> + together) * units<T, Arch>;
    const std::size_t input = Directions * outputs<T, Arch> * simd::padded<T, arch<T, Arch>>(In.last());
    return simd::padded<T, Arch>(back > input ? back : input);
  }();
  template <class T, class Arch, dimensions In> static constexpr std::size_t gathered = sum_of(sizes<T, Arch, In>);
  template <class T, class Arch> static constexpr std::size_t state(dimensions) {
    return (1 + (Cell::remembers ? 1 : 0)) * units<T, Arch>;
  }

  template <class T, class Arch, dimensions In, class Epilogue>
  static void forward(const batch_view<T>& at, const Epilogue& epilogue) {
    in_each_direction([&]<std::size_t D>() { walk_forward<T, Arch, In, D>(at, epilogue); });
  }
  template <class T, class Arch, dimensions In, class Epilogue>
  static void forward_one(const T* x, const T* block, const std::size_t* offsets, const Epilogue& epilogue) {
    in_each_direction([&]<std::size_t D>() {
      alignas(64) T zeros[state<T, Arch>(In)]{};
      carried<T, Arch> past{zeros};
      base::template one_by_one<In, D>(
          x,
          [&](const T* now, const auto& give) {
            one_step::template of_one<T, Arch, In.last()>(now, block, offsets + D * tensors, past, give);
          },
          epilogue);
    });
  }
  template <class T, class Arch> using carried = typename one_step::template carried<T, Arch>;
  template <class T, class Arch, dimensions In, class Epilogue>
  [[gnu::always_inline]] static void stream_one(const T* x, const T* block, const std::size_t* offsets,
                                                carried<T, Arch>& past, std::size_t, const Epilogue& epilogue) {
    one_step::template of_one<T, Arch, In.last()>(
        x, block, offsets, past, [&]<class V>(std::size_t n, V v, std::size_t lanes) __attribute__((always_inline)) {
          give_row<T, typename V::arch_type>(epilogue, n, v, lanes);
        });
  }
  template <class T, class Arch, dimensions In, class Epilogue>
  static void stream(const batch_view<T>& at, const past_view<T>& past, const Epilogue& epilogue) {
    base::in_groups(at.batch, [&](std::size_t first, std::size_t count) {
      one_step::template of_many<T, Arch, In.last()>(at, past, first, count, epilogue);
    });
  }

  /// Back through time: the gradients at the gates take the gates' place, step by step from the last one.
  template <class T, class Arch, dimensions In, class Epilogue>
  static void backward_input(const batch_view<T>& at, const gradient_view<T>& gradient, const Epilogue& epilogue) {
    using A = arch<T, Arch>;
    constexpr std::size_t N = outputs<T, Arch>, R = record<T, Arch>, all = Directions * N;
    in_each_direction([&]<std::size_t D>() {
      walk_back<T, Arch, In, D>(at, gradient);
      exchange_separate<T, Arch, D>(at.work, at.batch * In[0]);
    });
    if constexpr (!std::is_same_v<Epilogue, to_nobody>) {
      in_each_direction([&]<std::size_t D>() {
        simd::transpose_weights<T, A>(at.block + at.offsets[D * tensors], N, In.last(), at.scratch, all, D * N);
      });
      for_rows<T>(
          at.batch * In[0], [&](std::size_t i) { return at.work + i * R; },
          [&](const T* const* rows, std::size_t count, std::size_t first) {
            simd::gemm<T, A, In.last()>(rows, count, at.scratch, all,
                                        by_steps<Epilogue, In[0], In.last()>{epilogue, first});
          });
    }
  }

  /// The gradients by the parameters for some samples, from those at the gates.
  template <class T, class Arch, dimensions In>
  static void gather_gradient(const batch_view<T>& at, const gradient_view<T>&, T* sums) {
    in_each_direction([&]<std::size_t D>() {
      using A = arch<T, Arch>;
      constexpr std::size_t N = outputs<T, Arch>, R = record<T, Arch>;
      constexpr const auto& size = sizes<T, Arch, In>;
      const std::size_t all = at.batch * In[0];
      T *const by_state = sums + size[0], *const by_bias = by_state + size[1];
      const T* const dz = at.work + gates_at<T, Arch, D>;
      gather_weights<T, A, N>(all, steps_of_samples<T, In[0], In.last()>(at.rows), In.last(), dz, R, sums);
      gather_bias<T, A, N>(all, dz, R, by_bias);
      exchange_separate<T, Arch, D>(at.work, all);
      const auto h_before = [&](std::size_t i) {
        return before<T, Arch, In, D>(at.work, i / In[0], base::template step<D>(i % In[0], In[0]));
      };
      gather_weights<T, A, N>(all, h_before, H, dz, R, by_state);
      gather_bias<T, A, N>(all, dz, R, by_bias + size[2]);
      sums = by_bias + size[2] + size[3];
    });
  }
  template <class T, class Arch, dimensions In, class Sink>
  static void give_gradient(const std::size_t* offsets, const T* sums, const T* more, const Sink& sink) {
    hand_over_blocks<T, Arch>(sizes<T, Arch, In>, offsets, sums, more, sink);
  }

private:
  /// What step s of a walk through sample m leaves, and the units that the step before it left.
  template <class T, class Arch, dimensions In, std::size_t D> static T* left(T* work, std::size_t m, std::size_t s) {
    return work + (m * In[0] + base::template step<D>(s, In[0])) * record<T, Arch>;
  }
  template <class T, class Arch, dimensions In, std::size_t D>
  static const T* before(T* work, std::size_t m, std::size_t s) {
    return s == 0 ? zeros_of<T, 2 * units<T, Arch>> : left<T, Arch, In, D>(work, m, s - 1) + units_at<T, Arch, D>;
  }

  template <class T, class Arch, dimensions In, std::size_t D, class Epilogue>
  static void walk_forward(const batch_view<T>& at, const Epilogue& epilogue) {
    using A = arch<T, Arch>;
    constexpr std::size_t steps = In[0], R = record<T, Arch>;
    const std::size_t* const offsets = at.offsets + D * tensors;
    for_rows<T>(at.batch * steps, steps_of_samples<T, steps, In.last()>(at.rows),
                [&](const T* const* rows, std::size_t count, std::size_t first) {
                  const store_biased<T, A> store{at.work + first * R + gates_at<T, Arch, D>, R, at.block + offsets[2]};
                  simd::gemm<T, A, outputs<T, Arch>>(rows, count, at.block + offsets[0], In.last(), store);
                });
    const T* rows[together];
    base::in_groups(at.batch, [&](std::size_t first, std::size_t count) {
      for (std::size_t s = 0; s < steps; ++s) {
        for (std::size_t m = 0; m < count; ++m) rows[m] = before<T, Arch, In, D>(at.work, first + m, s);
        const auto cell = [&](std::size_t m, std::size_t b, const T* sums) __attribute__((always_inline)) {
          forward_step<T, Arch, In, D>(at, first + m, s, b, rows[m], sums, epilogue);
        };
        simd::gate_product<T, A, gates, H>(rows, count, at.block + offsets[1], H, cell);
      }
    });
  }
  /// Step s of a walk through sample m for the units of block b, whose recurrent sums these are.
  template <class T, class Arch, dimensions In, std::size_t D, class Epilogue>
  [[gnu::always_inline]] static void forward_step(const batch_view<T>& at, std::size_t m, std::size_t s, std::size_t b,
                                                  const T* past, const T* sums, const Epilogue& epilogue) {
    using V = simd::vector<T, arch<T, Arch>>;
    constexpr std::size_t W = V::size, U = units<T, Arch>;
    T* const here = left<T, Arch, In, D>(at.work, m, s);
    T* const gate_at = here + gates_at<T, Arch, D> + b * gates * W;
    T* const h_at = here + units_at<T, Arch, D> + b * W;
    const T* const bias = at.block + at.offsets[D * tensors + 3] + b * gates * W;
    V a[gates], r(T(0)), h, extra(T(0)), extra0(T(0));
    for (std::size_t g = 0; g < gates; ++g) {
      a[g] = V::load_aligned(gate_at + g * W);
      const V state = V::load_aligned(sums + g * W) + V::load_aligned(bias + g * W);
      if (g == Cell::separate)
        r = state;
      else
        a[g] += state;
    }
    if (Cell::remembers) extra0 = V::load_aligned(past + U + b * W);
    Cell::begin(a);
    Cell::forward(a, r, V::load_aligned(past + b * W), extra0, h, extra);
    for (std::size_t g = 0; g < gates; ++g) a[g].store_aligned(gate_at + g * W);
    h.store_aligned(h_at);
    if (Cell::extras) extra.store_aligned(h_at + U);
    if (base::leaves(s, In[0])) epilogue(m, base::template leaves_as<D>(s, In[0]), D * H + b * W, h, H - b * W);
  }

  template <class T, class Arch, dimensions In, std::size_t D>
  static void walk_back(const batch_view<T>& at, const gradient_view<T>& gradient) {
    using A = arch<T, Arch>;
    constexpr std::size_t N = outputs<T, Arch>, steps = In[0], W = simd::width<T, A>;
    T* const carries = at.scratch + N * units<T, Arch>;
    simd::transpose_weights<T, A>(at.block + at.offsets[D * tensors + 1], N, H, at.scratch);
    const T* rows[together];
    base::in_groups(at.batch, [&](std::size_t first, std::size_t count) {
      for (std::size_t s = steps; s-- > 0;) {
        const step_back<T, Arch, In, D> back{at.work + first * steps * record<T, Arch>,
                                             gradient.dz + first * gradient.stride, gradient.stride, carries, s};
        if (s + 1 == steps || (s + 1) % horizon == 0) {
          std::memset(carries, 0, count * units<T, Arch> * sizeof(T));
          for (std::size_t m = 0; m < count; ++m)
            for (std::size_t n = 0; n < units<T, Arch>; n += W) back(m, n, simd::vector<T, A>(T(0)));
        } else {
          for (std::size_t m = 0; m < count; ++m)
            rows[m] = left<T, Arch, In, D>(at.work, first + m, s + 1) + gates_at<T, Arch, D>;
          simd::gemm<T, A, H>(rows, count, at.scratch, N, back);
        }
      }
    });
  }
  /// The end of the product that brings the gradient back from the step after: the cell's derivative.
  template <class T, class Arch, dimensions In, std::size_t D> struct step_back {
    static constexpr bool light = false;
    using V = simd::vector<T, arch<T, Arch>>;
    T* work; ///< of the first sample
    const T* dz;
    std::size_t stride;
    T* carries;
    std::size_t s;

    void operator()(std::size_t m, std::size_t n, V dh) const {
      constexpr std::size_t W = V::size, U = units<T, Arch>;
      T* const here = left<T, Arch, In, D>(work, m, s);
      T* const gate_at = here + gates_at<T, Arch, D> + n * gates;
      T* const h_at = here + units_at<T, Arch, D> + n;
      const T* const past = before<T, Arch, In, D>(work, m, s) + n;
      T* const carry_at = carries + m * U + n;
      if (base::leaves(s, In[0])) dh += base::template gradient_of_output<T, Arch, D>(dz + m * stride, s, In[0], n);
      V gate[gates], extra(T(0)), extra0(T(0)), carry = V::load_aligned(carry_at);
      for (std::size_t g = 0; g < gates; ++g) gate[g] = V::load_aligned(gate_at + g * W);
      if (Cell::remembers) extra0 = V::load_aligned(past + U);
      if (Cell::extras) extra = V::load_aligned(h_at + U);
      const V h0 = V::load_aligned(past), h = V::load_aligned(h_at);
      Cell::backward(gate, extra, extra0, h0, h, dh, carry);
      for (std::size_t g = 0; g < gates; ++g) gate[g].store_aligned(gate_at + g * W);
      if (Cell::separate < gates) extra.store_aligned(h_at + U);
      carry.store_aligned(carry_at);
    }
  };

  /// Puts the gradients at the input parts in place of those at the recurrent parts, or back.
  template <class T, class Arch, std::size_t D> static void exchange_separate(T* records, std::size_t count) {
    if constexpr (Cell::separate < gates) {
      using V = simd::vector<T, arch<T, Arch>>;
      for (std::size_t i = 0; i < count; ++i, records += record<T, Arch>)
        for (std::size_t n = 0; n < units<T, Arch>; n += V::size) {
          T* const gate_at = records + gates_at<T, Arch, D> + n * gates + Cell::separate * V::size;
          T* const extra_at = records + units_at<T, Arch, D> + units<T, Arch> + n;
          const V gate = V::load_aligned(gate_at), extra = V::load_aligned(extra_at);
          extra.store_aligned(gate_at), gate.store_aligned(extra_at);
        }
    }
  }
};

} // namespace lamina::detail
