#pragma once
#include <array>
#include <cstddef>

#include <lamina/core/parameter.hpp>
#include <lamina/initializer.hpp>
#include <lamina/layer/stage.hpp>
#include <lamina/layer/tied_weight.hpp>
#include <lamina/layer/window.hpp>
#include <lamina/simd/correlate.hpp>
#include <lamina/simd/correlate_adjoint.hpp>
#include <lamina/simd/correlate_gradient.hpp>
#include <lamina/simd/pixels.hpp>

/// What convolutions of one and two axes and transposed ones share: parameters as data, and the calls of the kernels.
namespace lamina::detail {

/// Weight (outputs, inputs a group, kernel…) and bias (channels).
template <bool Biased>
constexpr std::array<parameter, Biased ? 2 : 1> convolution_parameters(dimensions weight_shape, std::size_t biases,
                                                                       const simd::convolution& g) {
  parameter weight{}, bias{};
  const std::size_t taps = g.kernel_height * g.kernel_width;
  weight.name.append("weight");
  weight.shape = weight_shape;
  weight.matrix = weight.fitted = true;
  weight.groups = g.depthwise() ? 1 : g.groups;
  weight.channels = weight_shape[1], weight.positions = taps;
  bias.name.append("bias");
  bias.shape = {1, {biases}};
  for (parameter* p : {&weight, &bias}) {
    p->fan_in = weight_shape[1] * taps;
    p->fan_out = weight_shape[0] * taps; // as PyTorch counts it, whatever the groups
    p->draw = draw_uniform_by_fan_in;
  }
  if constexpr (Biased)
    return {weight, bias};
  else
    return {weight};
}

/// The weight of a correlation has a row for each output, that of an adjoint one for each input.
template <bool ByInputs> struct weight_order {};
template <> struct weight_order<true> {
  static constexpr bool weight_by_inputs = true;
};

/// A layer whose forward is a correlation (`Adjoint` false) or the adjoint of one, for a `Layer` that gives
/// `geometry_for(in)`, `weight_shape(in)` and `biased`.
template <class Layer, bool Adjoint> struct convolution_layer : weight_order<Adjoint> {
  static constexpr bool accepts_formula = true, needs_input = true, needs_output = false;
  static constexpr lent lends = lent::filters;

  static constexpr auto parameters(dimensions in) {
    const simd::convolution g = Layer::geometry_for(in);
    return convolution_parameters<Layer::biased>(Layer::weight_shape(in), Adjoint ? g.channels : g.filters, g);
  }
  static constexpr std::size_t forward_flops(dimensions in) {
    const simd::convolution g = Layer::geometry_for(in);
    return 2 * g.filters * g.out_height * g.out_width * g.kernel_height * g.kernel_width * (g.channels / g.groups);
  }
  static constexpr std::size_t backward_flops(dimensions in) { return 2 * forward_flops(in); }

  template <dimensions In> static constexpr simd::convolution geometry = Layer::geometry_for(In);
  template <dimensions In>
  static constexpr std::size_t channels = Adjoint ? geometry<In>.channels : geometry<In>.filters;
  template <class T, class Arch, dimensions In>
  static constexpr std::size_t weight_block = simd::convolution_block<T, Arch, geometry<In>>;
  template <class T, class Arch, dimensions In>
  static constexpr std::size_t bias_block = simd::padded<T, Arch>(channels<In>);

  template <class T, class Arch, dimensions In>
  static constexpr std::size_t forward_scratch =
      Adjoint ? simd::adjoint_scratch<T, Arch, geometry<In>> : simd::correlate_scratch<T, Arch, geometry<In>>;
  template <class T, class Arch, dimensions In>
  static constexpr std::size_t scratch = [] {
    const std::size_t input =
        Adjoint ? simd::correlate_scratch<T, Arch, geometry<In>> : simd::adjoint_scratch<T, Arch, geometry<In>>;
    const std::size_t weight = simd::gradient_scratch<T, Arch, geometry<In>>;
    return input > weight ? input : weight;
  }();
  /// Whether forward holds such windows of its output in registers, for an epilogue that pools.
  template <class T, class Arch, dimensions In, simd::window W>
  static constexpr bool holds_window = !Adjoint && simd::correlate_holds<T, Arch, geometry<In>, W>;
  /// Where the gradient by weight and bias is gathered.
  template <class T, class Arch, dimensions In>
  static constexpr std::size_t gathered = weight_block<T, Arch, In> + (Layer::biased ? bias_block<T, Arch, In> : 0);

  template <class T, class Arch, dimensions In, class Epilogue>
  static void forward(const batch_view<T>& at, const Epilogue& epilogue) {
    const auto run = [&](const auto& end) {
      const T* const weights = at.block + at.offsets[0];
      if constexpr (Adjoint)
        simd::correlate_adjoint<T, Arch, geometry<In>>(at.rows, at.batch, weights, at.scratch, end);
      else
        simd::correlate<T, Arch, geometry<In>>(at.rows, at.batch, weights, at.scratch, end);
    };
    if constexpr (Layer::biased)
      run(with_bias<T, Arch, Epilogue>{at.block + at.offsets[1], epilogue});
    else
      run(epilogue);
  }

  template <class T, class Arch, dimensions In, class Epilogue>
  static void backward_input(const batch_view<T>& at, const gradient_view<T>& gradient, const Epilogue& epilogue) {
    const T* const weights = at.block + at.offsets[0];
    if constexpr (Adjoint)
      simd::correlate<T, Arch, geometry<In>>(gradient.rows, at.batch, weights, at.scratch, epilogue);
    else
      simd::correlate_adjoint<T, Arch, geometry<In>>(gradient.rows, at.batch, weights, at.scratch, epilogue);
  }

  /// The gradient of some samples, gathered in `sums`.
  template <class T, class Arch, dimensions In>
  static void gather_gradient(const batch_view<T>& at, const gradient_view<T>& gradient, T* sums) {
    if constexpr (Adjoint)
      simd::correlate_gradient<T, Arch, geometry<In>>(gradient.rows, at.rows, at.batch, at.scratch, sums);
    else
      simd::correlate_gradient<T, Arch, geometry<In>>(at.rows, gradient.rows, at.batch, at.scratch, sums);
    if constexpr (Layer::biased) {
      constexpr simd::convolution g = geometry<In>;
      constexpr std::size_t pixels = Adjoint ? g.height * g.width : g.out_height * g.out_width;
      T* const bias = sums + weight_block<T, Arch, In>;
      simd::pixel_sums<T, Arch, channels<In>, pixels>(
          gradient.rows, at.batch, [bias](std::size_t f, simd::vector<T, Arch> v) { v.store_aligned(bias + f); });
    }
  }
  /// Hands what was gathered in one or two parts to a sink.
  template <class T, class Arch, dimensions In, class Sink>
  static void give_gradient(const std::size_t* offsets, const T* sums, const T* more, const Sink& sink) {
    hand_over_block<T, Arch>(sums, more, weight_block<T, Arch, In>, offsets[0], sink);
    if constexpr (Layer::biased)
      hand_over_block<T, Arch>(sums + weight_block<T, Arch, In>, more ? more + weight_block<T, Arch, In> : nullptr,
                               bias_block<T, Arch, In>, offsets[1], sink);
  }
};

/// The same over images, channels last.
template <class Layer, bool Adjoint> struct image_convolution : convolution_layer<Layer, Adjoint> {
  static constexpr bool accepts_norm = true, accepts_pool = true, of_images = true;
};

} // namespace lamina::detail
