#pragma once
#include <array>
#include <cstddef>
#include <cstring>
#include <type_traits>
#include <utility>

#include <lamina/model/forward.hpp>

namespace lamina::detail {

/// One sample, or some steps of a stream, through the network, on the stack. Steps go through stage after stage
/// together: what one of them waits for in a stage, others compute meanwhile.
template <class Net, class T, class Arch, class Mode = in_inference, std::size_t Steps = 1> struct forward_one {
  using memory = lamina::memory<Net, T, Arch, Mode>;
  using plan = typename memory::plan;
  using places = stream_state<plan, T, Arch>;
  using block = parameter_block<Net, T, Arch>;
  static constexpr const auto& layout = memory::layout;
  static constexpr std::size_t inputs = step_shape(Net::input_shape).size();

  /// Buffers as in an arena, for `Steps` steps.
  template <class Number>
  [[gnu::always_inline]] static Number* at(Number* buffers, const arena_buffer& b, std::size_t t) {
    return buffers + b.offset * Steps + t * b.elements;
  }
  template <std::size_t Source>
  [[gnu::always_inline]] static const T* output_of(const T* x, const T* buffers, std::size_t t) {
    if constexpr (Source == network_input)
      return x + t * inputs;
    else
      return at(buffers, layout.output[Source], t);
  }

  /// Step t of a stage.
  template <std::size_t S>
  [[gnu::always_inline]] static void stage(const T* parameters, const T* x, T* buffers, T* y, [[maybe_unused]] T* past,
                                           [[maybe_unused]] std::size_t position, std::size_t t) {
    using stage = typename plan::template stage<S>;
    using formula = typename stage::formula;
    constexpr stage_outline where = stage::where;
    using place = output_place<memory, S>;
    constexpr bool ends = S + 1 == memory::stages;
    T* const to = ends ? y + t * stage::out.size() : at(buffers, place::buffer, t) + place::first;
    if constexpr (where.does != work::concat) {
      const T* const in = output_of<where.input>(x, buffers, t);
      const T* addend = nullptr;
      if constexpr (where.adds()) addend = output_of<where.addend>(x, buffers, t);
      const auto run = [&](const auto& epilogue) __attribute__((always_inline)) {
        using head = typename stage::head;
        using end = std::remove_cvref_t<decltype(epilogue)>;
        const std::size_t* const offsets = block::template offsets<where.head>.data();
        if constexpr (std::is_same_v<Mode, in_streaming> && requires { head::template state<T, Arch>(stage::in); })
          head::template stream_one<T, Arch, stage::in>(in, parameters, offsets, past + places::offsets[S],
                                                        position + t, epilogue);
        else if constexpr (requires { &head::template forward_one<T, Arch, stage::in, end>; })
          head::template forward_one<T, Arch, stage::in>(in, parameters, offsets, epilogue);
        else
          head::template forward<T, Arch, stage::in>(batch_view<T>{&in, 1, parameters, offsets,
                                                                   buffers + layout.elements_per_sample * Steps,
                                                                   nullptr, at(buffers, layout.work[S], t)},
                                                     epilogue);
      };
      if constexpr (where.pool != none) {
        const pooled_end<Net, T, Arch, stage, formula> end{to, 0, ends ? where.channels : place::pixel};
        end.begin(1);
        run_head<Net, T, Arch, stage>(parameters, &addend, end, run);
      } else if constexpr (ends)
        run_head<Net, T, Arch, stage>(parameters, &addend,
                                      store_result<T, Arch, formula, stage::out.size()>{to, where.channels}, run);
      else if constexpr (where.sliced())
        run_head<Net, T, Arch, stage>(parameters, &addend,
                                      store_slice<T, Arch, formula, false, place::pixels>{
                                          to, nullptr, place::stride, place::pixel, 0, where.channels, {}},
                                      run);
      else
        run_head<Net, T, Arch, stage>(
            parameters, &addend, store_output<T, Arch, formula, false>{to, nullptr, place::stride, where.channels, {}},
            run);
    } else if constexpr (ends) { // the end of the network: it stands in a buffer, not in the result
      std::memcpy(to, at(buffers, place::buffer, t), stage::out.size() * sizeof(T));
    }
  }

  static void run(const T* parameters, const T* x, T* y, T* past = nullptr, std::size_t position = 0,
                  std::size_t steps = 1) {
    alignas(64) T buffers[layout.elements_per_sample * Steps + layout.scratch + simd::width<T, Arch>];
    walk<0>(parameters, x, buffers, y, past, position, steps);
  }

private:
  /// The end of a walk that begins at stage S. Stages after a recurrent one that are not recurrent go along with it: a
  /// step of theirs is computed while the recurrent one waits.
  static constexpr std::size_t end_of_walk(std::size_t S) {
    constexpr auto recurrent = []<std::size_t... I>(std::index_sequence<I...>) {
      return std::array{requires {plan::template stage<I>::head::goes_back_through_time;
    }...
  };
}(std::make_index_sequence<memory::stages>{});
std::size_t end = S + 1;
while (end < memory::stages && (Steps == 1 || (recurrent[S] && places::offsets[end] == places::offsets[end + 1])))
  ++end;
return end;
}
/// All steps through the stages of a walk that begins at First, and then through those that follow.
template <std::size_t First>
[[gnu::always_inline]] static void walk(const T* parameters, const T* x, T* buffers, T* y, T* past,
                                        std::size_t position, std::size_t steps) {
  constexpr std::size_t end = end_of_walk(First);
  const auto step = [&](std::size_t t) __attribute__((always_inline)) {
    [&]<std::size_t... S>(std::index_sequence<S...>) __attribute__((always_inline)) {
      (stage<First + S>(parameters, x, buffers, y, past, position, t), ...);
    }(std::make_index_sequence<end - First>{});
  };
  if constexpr (Steps == 1)
    step(0);
  else
    for (std::size_t t = 0; t < steps; ++t) step(t);
  if constexpr (end < memory::stages) walk<end>(parameters, x, buffers, y, past, position, steps);
}
}
;

} // namespace lamina::detail
