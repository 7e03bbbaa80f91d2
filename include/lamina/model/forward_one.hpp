#pragma once
#include <array>
#include <cstddef>
#include <cstring>
#include <type_traits>
#include <utility>

#include <lamina/model/forward.hpp>

namespace lamina::detail {

template <class Head> inline constexpr bool is_recurrent = requires { Head::goes_back_through_time; };
/// Whether a head has its past in registers between steps.
template <class Head, class T, class Arch>
inline constexpr bool carries_past = requires { typename Head::template carried<T, Arch>; };

/// One sample, or some steps of a stream, through the network, on the stack. Steps go through stage after stage
/// together: what one of them waits for in a stage, others compute meanwhile.
template <class Net, class T, class Arch, class Mode = in_inference, std::size_t Steps = 1> struct forward_one {
  using memory = lamina::memory<Net, T, Arch, Mode>;
  using plan = typename memory::plan;
  using places = stream_state<plan, T, Arch>;
  using block = parameter_block<Net, T, Arch>;
  static constexpr const auto& layout = memory::layout;
  static constexpr bool streams = std::is_same_v<Mode, in_streaming>;
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
  template <std::size_t S, class Past>
  [[gnu::always_inline]] static void stage(const T* parameters, const T* x, T* buffers, T* y,
                                           [[maybe_unused]] Past& past, [[maybe_unused]] std::size_t position,
                                           std::size_t t) {
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
        if constexpr (streams && requires { head::template state<T, Arch>(stage::in); })
          head::template stream_one<T, Arch, stage::in>(in, parameters, offsets, past, position + t, epilogue);
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

  [[gnu::always_inline]] static void run(const T* parameters, const T* x, T* y, T* past = nullptr,
                                         std::size_t position = 0, std::size_t steps = 1) {
    alignas(64) T buffers[layout.elements_per_sample * Steps + layout.scratch + simd::width<T, Arch>];
    [&]<std::size_t... W>(std::index_sequence<W...>) __attribute__((always_inline)) {
      (walk<walks.begin[W], walks.begin[W + 1]>(parameters, x, buffers, y, past, position, steps), ...);
    }(std::make_index_sequence<walks.count>{});
  }

private:
  /// Stages that a step goes through before the next step does, by where they begin: one of them, but a recurrent stage
  /// takes those behind it along that have no past and are free to, since they compute while it waits. Without a past,
  /// all of them.
  struct stretches {
    std::array<std::size_t, memory::stages + 1> begin{};
    std::size_t count = 0;
  };
  /// Whether stage s of a stretch writes nothing over what an earlier one of it reads or gives: at another step, that
  /// is still to be read.
  static constexpr bool is_free(std::size_t first, std::size_t s) {
    const auto home = [](std::size_t i) { return plan::stages[i].sliced() ? plan::stages[i].slice_of : i; };
    const auto meets = [&](std::size_t source) {
      if (source >= memory::stages || home(source) == home(s)) return false;
      const arena_buffer& read = layout.output[home(source)];
      const auto over = [&](const arena_buffer& written) {
        return written.offset < read.offset + read.elements && read.offset < written.offset + written.elements;
      };
      return (s + 1 < memory::stages && over(layout.output[home(s)])) || over(layout.work[s]);
    };
    for (std::size_t a = first; a < s; ++a)
      if (meets(plan::stages[a].input) || meets(plan::stages[a].addend) || meets(a)) return false;
    return true;
  }
  static constexpr stretches walks = []<std::size_t... S>(std::index_sequence<S...>) {
    constexpr bool recurrent[]{is_recurrent<typename plan::template stage<S>::head>...};
    const auto goes_along = [&](std::size_t first, std::size_t s) {
      return !streams || (recurrent[first] && places::offsets[s] == places::offsets[s + 1] && is_free(first, s));
    };
    stretches found{};
    for (std::size_t first = 0, end; first < memory::stages; first = end) {
      for (end = first + 1; end < memory::stages && goes_along(first, end);) ++end;
      found.begin[++found.count] = end;
    }
    return found;
  }(std::make_index_sequence<memory::stages>{});

  template <std::size_t First, std::size_t Last>
  [[gnu::always_inline]] static void walk(const T* parameters, const T* x, T* buffers, T* y, T* past,
                                          std::size_t position, std::size_t steps) {
    T* const at = past + places::offsets[First];
    if constexpr (streams && carries_past<typename plan::template stage<First>::head, T, Arch>) {
      typename plan::template stage<First>::head::template carried<T, Arch> carried{at};
      steps_of<First, Last>(parameters, x, buffers, y, carried, position, steps);
    } else {
      steps_of<First, Last>(parameters, x, buffers, y, at, position, steps);
    }
  }
  template <std::size_t First, std::size_t Last, class Past>
  [[gnu::always_inline]] static void steps_of(const T* parameters, const T* x, T* buffers, T* y, Past& here,
                                              std::size_t position, std::size_t steps) {
    T* const no_past = nullptr;
    if constexpr (Steps == 1) steps = 1;
    // A loop for one step, too: outside of loops clang unrolls a small matrix, loads all of it and spills it.
    if constexpr (!std::is_pointer_v<Past>) asm("" : "+r"(steps));
    std::size_t i = 0;
    do {
      const std::size_t t = Steps == 1 ? 0 : i; // so that what one step gives need not stand in memory
      stage<First>(parameters, x, buffers, y, here, position, t);
      [&]<std::size_t... S>(std::index_sequence<S...>) __attribute__((always_inline)) {
        (stage<First + 1 + S>(parameters, x, buffers, y, no_past, position, t), ...);
      }(std::make_index_sequence<Last - First - 1>{});
    } while (++i < steps);
  }
};

} // namespace lamina::detail
