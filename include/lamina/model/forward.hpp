#pragma once
#include <cstddef>
#include <cstring>
#include <utility>

#include <lamina/model/epilogue.hpp>
#include <lamina/network/memory.hpp>

/// The forward pass: the stages of the plan, in order.
namespace lamina::detail {

/// The arena of a batch: buffers at their offsets, scaled by the batch's capacity.
template <class T> struct arena {
  T* base = nullptr;
  const T** rows = nullptr; ///< row pointers of the stage at work
  T* scratch = nullptr;
  T* kept = nullptr; ///< what heads keep whatever the batch
  std::size_t capacity = 0;
  draw_source draws{};

  T* at(const arena_buffer& buffer) const { return base + buffer.offset * capacity; }
};

/// Row pointers of a buffer.
template <class T> void point_rows(const T** rows, const T* base, std::size_t stride, std::size_t batch) {
  for (std::size_t m = 0; m < batch; ++m) rows[m] = base + m * stride;
}

/// Runs a batch forward; the output of the last stage is left in its buffer.
template <class Net, class T, class Arch, bool Training> struct forward_pass {
  using memory = lamina::memory<Net, T, Arch>;
  using block = parameter_block<Net, T, Arch>;
  static constexpr const auto& layout = Training ? memory::training : memory::inference;

  template <std::size_t S>
  static void stage(const T* parameters, const T* const* inputs, std::size_t batch, const arena<T>& arena) {
    using stage = typename plan<Net>::template stage<S>;
    stage_with<S, std::conditional_t<Training, typename stage::formula, typename stage::inference_formula>>(
        parameters, inputs, batch, arena);
  }

  /// Stage S with this formula in its epilogue.
  template <std::size_t S, class Formula>
  static void stage_with(const T* parameters, const T* const* inputs, std::size_t batch, const arena<T>& arena) {
    using stage = typename plan<Net>::template stage<S>;
    constexpr bool keeps = layout.input[S].elements > 0;
    if constexpr (S > 0) {
      point_rows<T>(arena.rows, arena.at(layout.output[S - 1]), layout.output[S - 1].elements, batch);
      inputs = arena.rows;
    }
    const batch_view<T> at{
        inputs, batch, parameters, block::template offsets<S>.data(), arena.scratch, arena.kept + layout.kept[S]};
    const store_output<T, Arch, Formula, keeps> epilogue{arena.at(layout.output[S]),
                                                         keeps ? arena.at(layout.input[S]) : nullptr,
                                                         layout.output[S].elements,
                                                         {arena.draws, stage::drawing_leaf}};
    if constexpr (Training && requires { stage::head::trains_differently; })
      stage::head::template forward_training<T, Arch, stage::in>(at, epilogue);
    else
      stage::head::template forward<T, Arch, stage::in>(at, epilogue);
  }

  static void run(const T* parameters, const T* const* inputs, std::size_t batch, const arena<T>& arena) {
    [&]<std::size_t... S>(std::index_sequence<S...>) {
      (stage<S>(parameters, inputs, batch, arena), ...);
    }(std::make_index_sequence<memory::stages>{});
  }
};

/// One sample through the network, on the stack.
template <class Net, class T, class Arch> struct forward_one {
  using memory = lamina::memory<Net, T, Arch>;
  using block = parameter_block<Net, T, Arch>;
  static constexpr const auto& layout = memory::inference;
  static constexpr std::size_t elements = layout.elements_per_sample;

  template <std::size_t S> [[gnu::always_inline]] static void stage(const T* parameters, const T* x, T* buffers, T* y) {
    using stage = typename plan<Net>::template stage<S>;
    if constexpr (S > 0) x = buffers + layout.output[S - 1].offset;
    const auto run = [&](const auto& epilogue) __attribute__((always_inline)) {
      stage::head::template forward_one<T, Arch, stage::in>(x, parameters, block::template offsets<S>.data(), epilogue);
    };
    if constexpr (S + 1 == memory::stages)
      run(store_result<T, Arch, typename stage::inference_formula, stage::out.size()>{y});
    else
      run(store_output<T, Arch, typename stage::inference_formula, false>{
          buffers + layout.output[S].offset, nullptr, layout.output[S].elements, {}});
  }

  static void run(const T* parameters, const T* x, T* y) {
    alignas(64) T buffers[elements];
    [&]<std::size_t... S>(std::index_sequence<S...>) __attribute__((always_inline)) {
      (stage<S>(parameters, x, buffers, y), ...);
    }(std::make_index_sequence<memory::stages>{});
  }
};

} // namespace lamina::detail
