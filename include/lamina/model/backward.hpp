#pragma once
#include <cstddef>
#include <utility>

#include <lamina/model/forward.hpp>

/// The backward pass: the stages of the plan from the last to the first with parameters. Every finished gradient goes
/// to a *sink*, which stores it or applies the optimizer at once.
namespace lamina::detail {

template <class Net, class T, class Arch> struct backward_pass {
  using memory = lamina::memory<Net, T, Arch>;
  using block = parameter_block<Net, T, Arch>;
  static constexpr const auto& layout = memory::training;
  static constexpr std::size_t last = memory::stages - 1;

  /// The epilogue that ends at the gradient of stage `S`.
  template <std::size_t S> static auto end_at(const arena<T>& arena) {
    using stage = typename plan<Net>::template stage<S>;
    constexpr bool keeps = layout.input[S].elements > 0;
    return store_gradient<T, Arch, typename stage::formula>{
        arena.at(layout.gradient[S]), arena.at(layout.output[S]), keeps ? arena.at(layout.input[S]) : nullptr,
        layout.gradient[S].elements,  stage::out.size(),          {arena.draws, stage::drawing_leaf}};
  }

  /// The loss has left dL/dy in the gradient of the last stage; where that stage has a formula, this makes it dL/dz.
  static void through_last_formula(std::size_t batch, const arena<T>& arena) {
    if constexpr (!plan<Net>::template stage<last>::is_identity) {
      const auto end = end_at<last>(arena);
      for (std::size_t m = 0; m < batch; ++m)
        for (std::size_t n = 0; n < end.stride; n += simd::width<T, Arch>)
          end(m, n, simd::vector<T, Arch>::load_aligned(end.dz + m * end.stride + n));
    }
  }

  template <std::size_t S, class Sink>
  static void stage(const T* parameters, const T* const* inputs, std::size_t batch, const arena<T>& arena,
                    const Sink& sink) {
    using stage = typename plan<Net>::template stage<S>;
    if constexpr (S > 0) {
      point_rows<T>(arena.rows, arena.at(layout.output[S - 1]), layout.output[S - 1].elements, batch);
      inputs = arena.rows;
    }
    const batch_view<T> at{
        inputs, batch, parameters, block::template offsets<S>.data(), arena.scratch, arena.kept + layout.kept[S]};
    const gradient_view<T> gradient{arena.at(layout.gradient[S]), layout.gradient[S].elements,
                                    arena.at(layout.output[S])};
    // The input's gradient first: it needs the weights as they were in forward.
    if constexpr (S > memory::first_trained)
      stage::head::template backward_input<T, Arch, stage::in>(at, gradient, end_at<S - 1>(arena));
    if constexpr (stage::parameter_tensors > 0)
      stage::head::template backward_parameters<T, Arch, stage::in>(at, gradient, sink);
  }

  template <class Sink>
  static void run(const T* parameters, const T* const* inputs, std::size_t batch, const arena<T>& arena,
                  const Sink& sink) {
    through_last_formula(batch, arena);
    [&]<std::size_t... Back>(std::index_sequence<Back...>) {
      (stage<last - Back>(parameters, inputs, batch, arena, sink), ...);
    }(std::make_index_sequence<memory::stages - memory::first_trained>{});
  }
};

} // namespace lamina::detail
