#pragma once
#include <cstddef>
#include <cstring>
#include <type_traits>
#include <utility>

#include <lamina/model/epilogue.hpp>
#include <lamina/model/team.hpp>
#include <lamina/network/memory.hpp>
#include <lamina/simd/gemm_gradient.hpp>

/// The forward pass: the stages of the plan, in order.
namespace lamina::detail {

/// The arena of a batch: buffers at their offsets, scaled by the batch's capacity.
template <class T> struct arena {
  T* base = nullptr;
  const T** rows = nullptr;    ///< row pointers of the stage at work
  const T** addends = nullptr; ///< of what is added to its output, and of its gradient
  T* scratch = nullptr;
  T* kept = nullptr;     ///< what heads keep whatever the batch
  T* gathered = nullptr; ///< where heads gather gradients
  std::size_t capacity = 0, scratch_elements = 0;
  draw_source draws{};
  T* past = nullptr; ///< of streams, one after the other
  std::size_t past_stride = 0;
  const std::size_t* positions = nullptr; ///< of each stream, steps since it began

  T* at(const arena_buffer& buffer) const { return base + buffer.offset * capacity; }
  /// The same arena with row pointers and scratch of its own for a member of a team.
  arena of(std::size_t index) const {
    arena mine = *this;
    mine.rows += index * 2 * capacity, mine.addends += index * 2 * capacity;
    mine.scratch += index * scratch_elements;
    return mine;
  }
};

template <class Head, class T, class Arch> constexpr std::size_t state_of(dimensions in) {
  if constexpr (requires { Head::template state<T, Arch>(in); })
    return Head::template state<T, Arch>(in);
  else
    return 0;
}

/// Where the stages of a stream keep the past: element by stage, and all of them.
template <class Plan, class T, class Arch> struct stream_state {
  static constexpr std::size_t stages = Plan::stage_count;
  static constexpr std::array<std::size_t, stages + 1> offsets = []<std::size_t... S>(std::index_sequence<S...>) {
    std::array<std::size_t, stages + 1> all{};
    ((all[S + 1] = all[S] + simd::padded<T, Arch>(state_of<typename Plan::template stage<S>::head, T, Arch>(
                                Plan::template stage<S>::in))),
     ...);
    return all;
  }(std::make_index_sequence<stages>{});
  static constexpr std::size_t size = offsets[stages];
};

/// An epilogue of one sample as that of row m.
template <class Epilogue> struct at_row {
  static constexpr bool light = Epilogue::light;
  std::size_t m;
  Epilogue inner;
  template <class V> void operator()(std::size_t, std::size_t n, V v) const { inner(m, n, v); }
  template <class V> void operator()(std::size_t, std::size_t p, std::size_t f, V v, std::size_t lanes) const {
    inner(m, p, f, v, lanes);
  }
};

/// One step of the streams of a batch: together where the head can, or one after the other.
template <class T, class Arch, class Head, dimensions In, class Epilogue>
void run_streams(const batch_view<T>& at, const past_view<T>& past, const Epilogue& epilogue) {
  if constexpr (requires { Head::template stream<T, Arch, In>(at, past, epilogue); })
    Head::template stream<T, Arch, In>(at, past, epilogue);
  else
    for (std::size_t m = 0; m < at.batch; ++m)
      Head::template stream_one<T, Arch, In>(at.rows[m], at.block, at.offsets, past.first + m * past.stride,
                                             past.positions[m], at_row<Epilogue>{m, epilogue});
}

/// The samples [first, first + count) of a batch.
struct sample_range {
  std::size_t first, count;
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

/// Whether the kernel of a head can hold the windows of a pooling after it in registers.
template <class Head, class T, class Arch, dimensions In, class Pool>
inline constexpr bool holds_windows = [] {
  if constexpr (requires { Head::template holds_window<T, Arch, In, Pool::whole_window>; })
    return Pool::whole_window.size() > 1 && Head::template holds_window<T, Arch, In, Pool::whole_window>;
  else
    return false;
}();

/// The end of a stage that pools its output.
template <class Net, class T, class Arch, class Stage, class Formula>
using pooled_end = std::conditional_t<
    holds_windows<typename Stage::head, T, Arch, Stage::in, nth<Stage::where.pool, typename Net::leaves>>,
    store_windows<T, Arch, Formula, nth<Stage::where.pool, typename Net::leaves>>,
    store_pooled<T, Arch, Formula, nth<Stage::where.pool, typename Net::leaves>,
                 Net::leaf_table.leaves[Stage::where.head].out>>;

/// The samples of a batch that fall to a member of a team: whole tiles of rows, so that no number is computed in
/// another way than by one thread.
template <class Mode, class Arch, class Head> sample_range samples_of(std::size_t batch, const member& me) {
  if constexpr (std::is_same_v<Mode, in_training> && requires { Head::trains_differently; })
    return {0, me.index() == 0 ? batch : 0};
  const std::size_t first = me.first(batch, simd::rows_shared<Arch>);
  return {first, me.last(batch, simd::rows_shared<Arch>) - first};
}

/// Runs a batch forward, samples or one step of as many streams; the output of the last stage is left in its buffer.
template <class Net, class T, class Arch, class Mode> struct forward_pass {
  using memory = lamina::memory<Net, T, Arch, Mode>;
  using plan = typename memory::plan;
  using block = parameter_block<Net, T, Arch>;
  static constexpr const auto& layout = memory::layout;

  /// What stage S reads of these samples.
  template <std::size_t S>
  static batch_view<T> input_at(const T* parameters, const T* const* inputs, sample_range part, const arena<T>& arena) {
    constexpr stage_outline where = plan::stages[S];
    return {rows_of<where.input>(arena.rows, inputs, part, arena),
            part.count,
            parameters,
            block::template offsets<where.head>.data(),
            arena.scratch,
            arena.kept + layout.kept[S],
            arena.at(layout.work[S]) + part.first * layout.work[S].elements};
  }

  template <std::size_t S>
  static void stage(const T* parameters, const T* const* inputs, sample_range part, const arena<T>& arena) {
    using stage = typename plan::template stage<S>;
    using Formula = typename stage::formula;
    constexpr stage_outline where = stage::where;
    if constexpr (where.does != work::concat) {
      constexpr bool keeps = layout.input[S].elements > 0;
      const batch_view<T> at = input_at<S>(parameters, inputs, part, arena);
      const T* const* addends = nullptr;
      if constexpr (where.adds()) addends = rows_of<where.addend>(arena.addends, inputs, part, arena);
      const auto run = [&](const auto& epilogue) {
        if constexpr (std::is_same_v<Mode, in_streaming> &&
                      requires { stage::head::template state<T, Arch>(stage::in); })
          run_streams<T, Arch, typename stage::head, stage::in>(
              at,
              {arena.past + part.first * arena.past_stride + stream_state<plan, T, Arch>::offsets[S], arena.past_stride,
               arena.positions + part.first},
              epilogue);
        else if constexpr (std::is_same_v<Mode, in_training> && requires { stage::head::trains_differently; })
          stage::head::template forward_training<T, Arch, stage::in>(at, epilogue);
        else
          stage::head::template forward<T, Arch, stage::in>(at, epilogue);
      };
      using place = output_place<memory, S>;
      const noise_of<T, Arch, Formula> noise{arena.draws, stage::drawing_leaf, stage::out[0], part.first};
      T* const z = keeps ? arena.at(layout.input[S]) + part.first * layout.input[S].elements : nullptr;
      T* const y = arena.at(place::buffer) + part.first * place::stride + place::first;
      if constexpr (where.pool != none) {
        const pooled_end<Net, T, Arch, stage, Formula> end{y, place::stride, place::pixel};
        end.begin(part.count);
        run_head<Net, T, Arch, stage>(parameters, addends, end, run);
      } else if constexpr (where.sliced())
        run_head<Net, T, Arch, stage>(
            parameters, addends,
            store_slice<T, Arch, Formula, keeps, place::pixels>{y, z, place::stride, place::pixel,
                                                                layout.input[S].elements, where.channels, noise},
            run);
      else
        run_head<Net, T, Arch, stage>(parameters, addends,
                                      store_output<T, Arch, Formula, keeps>{y, z, place::stride, where.channels, noise},
                                      run);
    }
  }

  /// The part of a stage that falls to a member of a team; what looks at the whole batch falls to the first.
  template <std::size_t S>
  static void share_of_stage(const T* parameters, const T* const* inputs, std::size_t batch, const arena<T>& arena,
                             member& me) {
    using stage = typename plan::template stage<S>;
    const sample_range part = samples_of<Mode, Arch, typename stage::head>(batch, me);
    if (part.count) forward_pass::stage<S>(parameters, inputs, part, arena);
    me.wait_for_all();
  }
  [[gnu::noinline]] static void run(const T* parameters, const T* const* inputs, std::size_t batch,
                                    const arena<T>& arena, member& one) {
    member& me = unseen(one);
    [&]<std::size_t... S>(std::index_sequence<S...>) {
      (share_of_stage<S>(parameters, inputs, batch, arena, me), ...);
    }(std::make_index_sequence<memory::stages>{});
  }
  static void run(const T* parameters, const T* const* inputs, std::size_t batch, const arena<T>& arena) {
    member alone;
    run(parameters, inputs, batch, arena, alone);
  }

  /// Row pointers of what stage `Source` gave for these samples, or of the network's input.
  template <std::size_t Source>
  static const T* const* rows_of(const T** rows, const T* const* inputs, sample_range part, const arena<T>& arena) {
    if constexpr (Source == network_input) {
      return inputs + part.first;
    } else {
      constexpr std::size_t stride = layout.output[Source].elements;
      point_rows<T>(rows, arena.at(layout.output[Source]) + part.first * stride, stride, part.count);
      return rows;
    }
  }
};

} // namespace lamina::detail
