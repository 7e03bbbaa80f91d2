#pragma once
#include <array>
#include <cstddef>
#include <type_traits>

#include <lamina/layer/dense.hpp>
#include <lamina/layer/tied_weight.hpp>
#include <lamina/simd/partial.hpp>

namespace lamina {

namespace detail {

/// Copies a row to whole vectors, whose padding becomes 0.
template <class T, class Arch> void pack_row(const T* row, std::size_t numbers, T* to) {
  for (std::size_t n = 0; n < numbers; n += simd::width<T, Arch>)
    simd::load_lanes<T, Arch>(row + n, numbers - n).store_aligned(to + n);
}

/// y = Wᵀx + b for the weight (inputs, outputs) of another layer: forward is that layer's gradient by its input,
/// backward its forward, and the gradient by W is its own with x and dz exchanged. `Layout` says how it is stored.
template <std::size_t Outputs, bool Biased, class... Layout> struct transposed_dense {
  static constexpr std::size_t parameter_tensors = Biased ? 2 : 1;
  static constexpr bool accepts_formula = true, accepts_norm = true, needs_input = false, needs_output = false;
  template <dimensions In> using other = dense<In.size(), no_bias, Layout...>;
  static constexpr dimensions outputs{1, {Outputs}};

  template <class T, class Arch, dimensions In>
  static constexpr std::size_t forward_scratch = other<In>::template scratch<T, Arch, outputs>;
  template <class T, class Arch, dimensions In> static constexpr std::size_t scratch = 0;
  /// x, as rows of whole vectors.
  template <class T, class Arch, dimensions In> static constexpr std::size_t work = simd::padded<T, Arch>(In.size());

  template <class T, class Arch, dimensions In, class Epilogue>
  static void forward(const batch_view<T>& at, const Epilogue& epilogue) {
    for (std::size_t m = 0; m < at.batch; ++m)
      pack_row<T, Arch>(at.rows[m], In.size(), at.work + m * work<T, Arch, In>);
    const auto product = [&](const auto& end) {
      other<In>::template backward_input<T, Arch, outputs>(at, packed<T, Arch, In>(at), end);
    };
    if constexpr (Biased)
      product(with_bias<T, Arch, Epilogue>{at.block + at.offsets[1], epilogue});
    else
      product(epilogue);
  }
  template <class T, class Arch, dimensions In, class Epilogue>
  static void backward_input(const batch_view<T>& at, const gradient_view<T>& gradient, const Epilogue& epilogue) {
    other<In>::template forward<T, Arch, outputs>(exchanged(at, gradient), epilogue);
  }
  template <class T, class Arch, dimensions In, class Sink>
  static void backward_parameters(const batch_view<T>& at, const gradient_view<T>& gradient, const Sink& sink) {
    backward_parameters_of<T, Arch, In>(at, gradient, sink, {});
  }
  /// What threads share are the inputs of the other layer: the outputs of this one.
  static constexpr std::size_t shared_inputs = Outputs;
  template <class T, class Arch, dimensions In, class Sink>
  static void backward_parameters_of(const batch_view<T>& at, const gradient_view<T>& gradient, const Sink& sink,
                                     simd::input_range part) {
    other<In>::template backward_parameters_of<T, Arch, outputs>(exchanged(at, gradient), packed<T, Arch, In>(at), sink,
                                                                 part);
    if constexpr (Biased)
      if (part.first == 0)
        simd::column_sums<T, Arch>(gradient.dz, at.batch, gradient.stride, simd::padded<T, Arch>(Outputs),
                                   sink_at<Sink>{at.offsets[1], sink});
  }

private:
  template <class T, class Arch, dimensions In> static gradient_view<T> packed(const batch_view<T>& at) {
    return {at.work, work<T, Arch, In>};
  }
  template <class T> static batch_view<T> exchanged(const batch_view<T>& at, const gradient_view<T>& gradient) {
    return {gradient.rows, at.batch, at.block, at.offsets, at.scratch};
  }
};

} // namespace detail

/// An affine map with the weight of another layer, and a bias of its own unless `no_bias`.
/// Shape: (K) → (N). Parameters: bias (N). `weight_of<"name">`: y = W x + b, with the weight (N, K) of a dense layer or
/// the table of an `embedding` of N tokens; `transposed_weight_of<"name">`: y = Wᵀx + b, with the weight (K, N) of a
/// dense layer. The gradients of all uses are summed before the weight changes. Backward keeps: x. Cost: as `dense`.
/// Errors: tied_name where no layer of this name stands before it, tied_weight where that layer has no weight of its
/// own that can be used so, tied_shape where the weight has another shape, option_twice for two of them. Source:
/// torch.nn.functional.linear with another module's weight. Example: examples/33_autoencoder.cpp.
template <std::size_t Outputs, class... Options>
  requires(detail::is_tie<Options> || ...)
struct dense<Outputs, Options...>
    : detail::tied_layer<typename detail::without_tie<dense<Outputs, Options...>>::type, Options...> {
  using untied = typename dense::untied;

  static constexpr bool borrows(detail::lent what) {
    return what == detail::lent::matrix || (what == detail::lent::table && !dense::tied.transposed);
  }
  template <class Source>
  using head = std::conditional_t<
      dense::tied.transposed, detail::transposed_dense<Outputs, untied::biased>,
      std::conditional_t<detail::lent_by<Source>() == detail::lent::table,
                         detail::transposed_dense<Outputs, untied::biased, detail::in_panels>, untied>>;
};

} // namespace lamina
