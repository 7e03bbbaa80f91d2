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
  const T** rows = nullptr;    ///< row pointers of the stage at work
  const T** addends = nullptr; ///< of what is added to its output, and of its gradient
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

/// Where the output of stage S stands: a buffer of its own, or a slice of a concatenation's.
template <class Memory, std::size_t S> struct output_place {
  static constexpr const stage_outline& where = Memory::plan::stages[S];
  static constexpr const arena_buffer& buffer = Memory::layout.output[where.sliced() ? where.slice_of : S];
  static constexpr std::size_t stride = buffer.elements;
  static constexpr std::size_t first = where.slice_at;
  static constexpr bool pixels = where.sliced() && Memory::plan::stages[where.slice_of].out_channels_last;
  static constexpr std::size_t pixel = where.sliced() ? Memory::plan::stages[where.slice_of].channels : where.channels;
};

/// The scale and shift of the batch norm that inference folds into stage S, computed anew in every pass.
template <class Net, class T, class Arch, class Stage> struct folded_norm {
  using norm = nth<Stage::where.norm, typename Net::leaves>;
  static constexpr std::size_t features = Net::leaf_table.leaves[Stage::where.norm].out[0];
  alignas(64) T scale[simd::padded<T, Arch>(features)], shift[simd::padded<T, Arch>(features)];

  explicit folded_norm(const T* parameters) {
    norm::template map_of_inference<T, Arch>(
        parameters, parameter_block<Net, T, Arch>::template offsets<Stage::where.norm>.data(), features, scale, shift);
  }
};

/// Runs a head with everything between its contraction and `last`, the end of its epilogue.
template <class Net, class T, class Arch, class Stage, class Epilogue, class Run>
[[gnu::always_inline]] inline void run_head(const T* parameters, const T* const* addends, const Epilogue& last,
                                            const Run& run) {
  const auto with_sum = [&](const auto& end) __attribute__((always_inline)) {
    if constexpr (Stage::where.norm != none) {
      const folded_norm<Net, T, Arch, Stage> norm{parameters};
      run(with_norm<T, Arch, std::remove_cvref_t<decltype(end)>>{norm.scale, norm.shift, end});
    } else {
      run(end);
    }
  };
  if constexpr (Stage::where.adds())
    with_sum(with_addend<T, Arch, Epilogue>{addends, Stage::out.size(), Stage::where.channels, last});
  else
    with_sum(last);
}

/// Runs a batch forward; the output of the last stage is left in its buffer.
template <class Net, class T, class Arch, bool Training> struct forward_pass {
  using memory = lamina::memory<Net, T, Arch, std::conditional_t<Training, in_training, in_inference>>;
  using plan = typename memory::plan;
  using block = parameter_block<Net, T, Arch>;
  static constexpr const auto& layout = memory::layout;

  template <std::size_t S>
  static void stage(const T* parameters, const T* const* inputs, std::size_t batch, const arena<T>& arena) {
    stage_with<S, typename plan::template stage<S>::formula>(parameters, inputs, batch, arena);
  }

  /// Stage S with this formula in its epilogue.
  template <std::size_t S, class Formula>
  static void stage_with(const T* parameters, const T* const* inputs, std::size_t batch, const arena<T>& arena) {
    using stage = typename plan::template stage<S>;
    constexpr stage_outline where = stage::where;
    if constexpr (where.does != work::concat) {
      constexpr bool keeps = layout.input[S].elements > 0;
      const batch_view<T> at{rows_of<where.input>(arena.rows, inputs, batch, arena),
                             batch,
                             parameters,
                             block::template offsets<where.head>.data(),
                             arena.scratch,
                             arena.kept + layout.kept[S]};
      const T* const* addends = nullptr;
      if constexpr (where.adds()) addends = rows_of<where.addend>(arena.addends, inputs, batch, arena);
      const auto run = [&](const auto& epilogue) {
        if constexpr (Training && requires { stage::head::trains_differently; })
          stage::head::template forward_training<T, Arch, stage::in>(at, epilogue);
        else
          stage::head::template forward<T, Arch, stage::in>(at, epilogue);
      };
      using place = output_place<memory, S>;
      const noise_of<T, Arch, Formula> noise{arena.draws, stage::drawing_leaf, stage::out[0]};
      T* const z = keeps ? arena.at(layout.input[S]) : nullptr;
      if constexpr (where.sliced())
        run_head<Net, T, Arch, stage>(parameters, addends,
                                      store_slice<T, Arch, Formula, keeps, place::pixels>{
                                          arena.at(place::buffer) + place::first, z, place::stride, place::pixel,
                                          layout.input[S].elements, where.channels, noise},
                                      run);
      else
        run_head<Net, T, Arch, stage>(
            parameters, addends,
            store_output<T, Arch, Formula, keeps>{arena.at(place::buffer), z, place::stride, where.channels, noise},
            run);
    }
  }

  static void run(const T* parameters, const T* const* inputs, std::size_t batch, const arena<T>& arena) {
    [&]<std::size_t... S>(std::index_sequence<S...>) {
      (stage<S>(parameters, inputs, batch, arena), ...);
    }(std::make_index_sequence<memory::stages>{});
  }

  /// Row pointers of what stage `Source` gave, or of the network's input.
  template <std::size_t Source>
  static const T* const* rows_of(const T** rows, const T* const* inputs, std::size_t batch, const arena<T>& arena) {
    if constexpr (Source == network_input) {
      return inputs;
    } else {
      point_rows<T>(rows, arena.at(layout.output[Source]), layout.output[Source].elements, batch);
      return rows;
    }
  }
};

/// One sample through the network, on the stack.
template <class Net, class T, class Arch> struct forward_one {
  using memory = lamina::memory<Net, T, Arch, in_inference>;
  using plan = typename memory::plan;
  using block = parameter_block<Net, T, Arch>;
  static constexpr const auto& layout = memory::layout;

  template <std::size_t Source> [[gnu::always_inline]] static const T* output_of(const T* x, const T* buffers) {
    if constexpr (Source == network_input)
      return x;
    else
      return buffers + layout.output[Source].offset;
  }

  template <std::size_t S> [[gnu::always_inline]] static void stage(const T* parameters, const T* x, T* buffers, T* y) {
    using stage = typename plan::template stage<S>;
    using formula = typename stage::formula;
    constexpr stage_outline where = stage::where;
    using place = output_place<memory, S>;
    if constexpr (where.does != work::concat) {
      const T* const in = output_of<where.input>(x, buffers);
      const T* addend = nullptr;
      if constexpr (where.adds()) addend = output_of<where.addend>(x, buffers);
      const auto run = [&](const auto& epilogue) __attribute__((always_inline)) {
        using head = typename stage::head;
        using end = std::remove_cvref_t<decltype(epilogue)>;
        const std::size_t* const offsets = block::template offsets<where.head>.data();
        if constexpr (requires { &head::template forward_one<T, Arch, stage::in, end>; })
          head::template forward_one<T, Arch, stage::in>(in, parameters, offsets, epilogue);
        else
          head::template forward<T, Arch, stage::in>(
              batch_view<T>{&in, 1, parameters, offsets, buffers + layout.elements_per_sample}, epilogue);
      };
      if constexpr (S + 1 == memory::stages)
        run_head<Net, T, Arch, stage>(parameters, &addend,
                                      store_result<T, Arch, formula, stage::out.size()>{y, where.channels}, run);
      else if constexpr (where.sliced())
        run_head<Net, T, Arch, stage>(
            parameters, &addend,
            store_slice<T, Arch, formula, false, place::pixels>{buffers + place::buffer.offset + place::first,
                                                                nullptr,
                                                                place::stride,
                                                                place::pixel,
                                                                0,
                                                                where.channels,
                                                                {}},
            run);
      else
        run_head<Net, T, Arch, stage>(parameters, &addend,
                                      store_output<T, Arch, formula, false>{
                                          buffers + place::buffer.offset, nullptr, place::stride, where.channels, {}},
                                      run);
    } else if constexpr (S + 1 == memory::stages) { // the end of the network: it stands in a buffer, not in the result
      std::memcpy(y, buffers + place::buffer.offset, stage::out.size() * sizeof(T));
    }
  }

  static void run(const T* parameters, const T* x, T* y) {
    alignas(64) T buffers[layout.elements_per_sample + layout.scratch + simd::width<T, Arch>];
    [&]<std::size_t... S>(std::index_sequence<S...>) __attribute__((always_inline)) {
      (stage<S>(parameters, x, buffers, y), ...);
    }(std::make_index_sequence<memory::stages>{});
  }
};

} // namespace lamina::detail
