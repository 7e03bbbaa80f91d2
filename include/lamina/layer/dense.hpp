#pragma once
#include <array>
#include <cstddef>

#include <lamina/core/diagnostics.hpp>
#include <lamina/core/parameter.hpp>
#include <lamina/initializer.hpp>
#include <lamina/layer/options.hpp>
#include <lamina/layer/stage.hpp>
#include <lamina/layer/tied_weight.hpp>
#include <lamina/simd/gemm.hpp>
#include <lamina/simd/gemm_gradient.hpp>
#include <lamina/simd/gemm_input.hpp>
#include <lamina/simd/gemv.hpp>
#include <lamina/simd/narrow.hpp>
#include <lamina/simd/panels.hpp>
#include <lamina/simd/reduce.hpp>

namespace lamina {

namespace detail {
/// An option of no user's: the weight stands in panels, however few the outputs are; it is an embedding's table.
struct in_panels {};
} // namespace detail

/// An affine map of all features.
/// Shape: (K) → (N). Parameters: weight (N, K), bias (N) unless `no_bias`. Options: `from<K>`, `no_bias`,
/// `weight_of` and `transposed_weight_of` (layer/tied_dense.hpp).
/// Forward: y = W x + b. Backward keeps: x. Cost: 2 N K flops forward, 4 N K backward.
/// Errors: input_rank after an image that was not flattened, input_size where `from` states another K.
/// Source: torch.nn.Linear, first values included. Example: examples/03_digits.cpp.
template <std::size_t Outputs, class... Options> struct dense {
  static_assert(Outputs > 0, "dense<N>: N is the number of outputs, at least 1");

  static constexpr bool biased = !detail::has_option<no_bias, Options...>;
  static constexpr std::size_t parameter_tensors = biased ? 2 : 1;
  static constexpr detail::lent lends = detail::lent::matrix;
  static constexpr bool accepts_formula = true, accepts_norm = true, permutes_weight = true, needs_input = true,
                        needs_output = false;

  static constexpr shape_answer infer(dimensions in) {
    constexpr dimensions stated = detail::stated_shape<Options...>();
    if (stated.rank && stated != in) return does_not_fit(reason::input_size, stated, in);
    if (in.rank != 1) return wrong_rank(1, in);
    return fits(shape<Outputs>);
  }
  static constexpr std::array<parameter, parameter_tensors> parameters(dimensions in) {
    const std::size_t inputs = in.size();
    parameter weight{}, bias{};
    weight.name.append("weight");
    weight.shape = {2, {Outputs, inputs}};
    weight.matrix = true;
    bias.name.append("bias");
    bias.shape = {1, {Outputs}};
    for (parameter* p : {&weight, &bias}) {
      p->fan_in = inputs;
      p->fan_out = Outputs;
      p->draw = draw_uniform_by_fan_in;
    }
    if constexpr (biased)
      return {weight, bias};
    else
      return {weight};
  }
  static constexpr std::size_t forward_flops(dimensions in) { return 2 * Outputs * in.size(); }
  static constexpr std::size_t backward_flops(dimensions in) { return 4 * Outputs * in.size(); }

private:
  template <class T, class Arch>
  static constexpr bool narrow =
      simd::is_narrow<T, Arch>(Outputs) && !detail::has_option<detail::in_panels, Options...>;

public:
  template <class T, class Arch, dimensions In>
  static constexpr std::size_t scratch = narrow<T, Arch> ? 0 : simd::gemm_input_scratch<T, Arch>(Outputs, In.size());

  template <class T, class Arch, dimensions In, class Epilogue>
  static void forward(const detail::batch_view<T>& at, const Epilogue& epilogue) {
    const T* weight = at.block + at.offsets[0];
    const auto product = [&](const auto& end) {
      if constexpr (narrow<T, Arch>)
        simd::narrow_product<T, Arch, Outputs>(at.rows, at.batch, weight, In.size(), end);
      else
        simd::gemm<T, Arch, Outputs>(at.rows, at.batch, weight, In.size(), end);
    };
    if constexpr (biased)
      product(detail::with_bias<T, Arch, Epilogue>{at.block + at.offsets[1], epilogue});
    else
      product(epilogue);
  }

  template <class T, class Arch, dimensions In, class Epilogue>
  [[gnu::always_inline]] static void forward_one(const T* x, const T* block, const std::size_t* offsets,
                                                 const Epilogue& epilogue) {
    const auto product = [&](const auto& end) __attribute__((always_inline)) {
      if constexpr (narrow<T, Arch>)
        simd::narrow_product_of_one<T, Arch, Outputs, In.size()>(x, block + offsets[0], end);
      else
        simd::gemv<T, Arch, Outputs, In.size()>(x, block + offsets[0], end);
    };
    if constexpr (biased)
      product(detail::only_row<T, Arch, detail::with_bias<T, Arch, Epilogue>>{{block + offsets[1], epilogue}});
    else
      product(detail::only_row<T, Arch, Epilogue>{epilogue});
  }

  template <class T, class Arch, dimensions In, class Epilogue>
  static void backward_input(const detail::batch_view<T>& at, const detail::gradient_view<T>& gradient,
                             const Epilogue& epilogue) {
    const T* weight = at.block + at.offsets[0];
    if constexpr (narrow<T, Arch>)
      simd::narrow_input<T, Arch, Outputs>(gradient.dz, gradient.stride, at.batch, weight, In.size(), epilogue);
    else
      simd::gemm_input<T, Arch, Outputs, In.size()>(gradient.dz, gradient.stride, at.batch, weight, at.scratch,
                                                    epilogue);
  }

  template <class T, class Arch, dimensions In, class Sink>
  static void backward_parameters(const detail::batch_view<T>& at, const detail::gradient_view<T>& gradient,
                                  const Sink& sink) {
    backward_parameters_of<T, Arch, In>(at, gradient, sink, {});
  }
  /// The same for the weights of some inputs; those of the first ones come with the bias.
  template <class T, class Arch, dimensions In, class Sink>
  static void backward_parameters_of(const detail::batch_view<T>& at, const detail::gradient_view<T>& gradient,
                                     const Sink& sink, simd::input_range part) {
    const detail::sink_at<Sink> weight{at.offsets[0], sink};
    if constexpr (narrow<T, Arch>) {
      if (part.first > 0) return;
      simd::narrow_gradient<T, Arch, Outputs>(at.rows, at.batch, In.size(), gradient.dz, gradient.stride, weight);
    } else {
      simd::gemm_gradient<T, Arch, Outputs>(at.rows, at.batch, In.size(), gradient.dz, gradient.stride, weight, part);
      if (part.first > 0) return;
    }
    if constexpr (biased)
      simd::column_sums<T, Arch>(gradient.dz, at.batch, gradient.stride, simd::padded<T, Arch>(Outputs),
                                 detail::sink_at<Sink>{at.offsets[1], sink});
  }
};

} // namespace lamina
