#pragma once
#include <cstddef>
#include <utility>

#include <lamina/model/forward.hpp>

/// The backward pass: the stages of the plan from the last to the first with parameters. Every finished gradient goes
/// to a *sink*, which stores it or applies the optimizer at once.
namespace lamina::detail {

/// What a stage's share is among the shares of the gradient at another stage: whether it comes after others, and
/// whether it completes the sum. Backward meets readers in the order of falling index; a stage's input before its
/// addend.
struct share {
  bool adds = false, completes = true;
};
template <std::size_t N>
constexpr share share_of(const std::array<stage_outline, N>& stages, std::size_t reader, std::size_t source,
                         bool as_addend) {
  share result{.adds = as_addend && stages[reader].input == source,
               .completes = as_addend || stages[reader].addend != source};
  for (std::size_t c = source + 1; c < N; ++c) {
    if (c == reader || !shares(stages[c], c, stages[source], source)) continue;
    if (c > reader) result.adds = true;
    if (c < reader) result.completes = false;
  }
  return result;
}

template <class Net, class T, class Arch> struct backward_pass {
  using memory = lamina::memory<Net, T, Arch, in_training>;
  using plan = typename memory::plan;
  using block = parameter_block<Net, T, Arch>;
  using forward = forward_pass<Net, T, Arch, true>;
  static constexpr const auto& layout = memory::layout;
  static constexpr std::size_t last = memory::stages - 1;

  /// The epilogue that ends at the gradient of stage `S`, with this share of it.
  template <std::size_t S, share Share = share{}> static auto end_at(const arena<T>& arena) {
    using stage = typename plan::template stage<S>;
    using formula = std::conditional_t<Share.completes, typename stage::formula, identity_formula>;
    using place = output_place<memory, S>;
    constexpr bool keeps = layout.input[S].elements > 0;
    return store_gradient<T, Arch, formula, Share.adds>{arena.at(layout.gradient[S]),
                                                        arena.at(place::buffer) + place::first,
                                                        keeps ? arena.at(layout.input[S]) : nullptr,
                                                        layout.gradient[S].elements,
                                                        stage::out.size(),
                                                        stage::where.channels,
                                                        place::stride,
                                                        place::pixel,
                                                        {arena.draws, stage::drawing_leaf, stage::out[0]}};
  }

  /// Rows of a gradient that is there to an epilogue.
  template <class Epilogue>
  static void hand_over(const T* dz, std::size_t stride, std::size_t batch, const Epilogue& end) {
    for (std::size_t m = 0; m < batch; ++m) hand_over_row<T, Arch>(m, dz + m * stride, stride, end);
  }

  /// The loss has left dL/dy in the gradient of the last stage; where that stage has a formula, this makes it dL/dz.
  static void through_last_formula(std::size_t batch, const arena<T>& arena) {
    if constexpr (!plan::template stage<last>::is_identity)
      hand_over(arena.at(layout.gradient[last]), layout.gradient[last].elements, batch, end_at<last>(arena));
  }

  /// Pixels do not write the padding behind the last of them, and products read it as 0.
  template <std::size_t S> static void clear_padding(std::size_t batch, const arena<T>& arena) {
    constexpr std::size_t features = plan::template stage<S>::out.size(), stride = layout.gradient[S].elements;
    if constexpr (features != stride)
      for (std::size_t m = 0; m < batch; ++m)
        std::memset(arena.at(layout.gradient[S]) + m * stride + features, 0, (stride - features) * sizeof(T));
  }

  /// The gradient of a concatenation goes to the paths that made it.
  template <std::size_t S, std::size_t Path> static void to_path(std::size_t batch, const arena<T>& arena) {
    constexpr stage_outline joint = plan::stages[S], path = plan::stages[Path];
    if constexpr (path.slice_of == S && Path >= memory::first_trained) {
      clear_padding<Path>(batch, arena);
      constexpr std::size_t pixels = path.out.size() / path.channels, W = simd::width<T, Arch>;
      const auto end = end_at<Path>(arena);
      for (std::size_t m = 0; m < batch; ++m) {
        const T* from = arena.at(layout.gradient[S]) + m * layout.gradient[S].elements + path.slice_at;
        for (std::size_t p = 0; p < pixels; ++p, from += joint.channels)
          for (std::size_t f = 0; f < path.channels; f += W)
            end(m, p, f, simd::load_lanes<T, Arch>(from + f, path.channels - f), path.channels - f);
      }
    }
  }

  template <std::size_t S, class Sink>
  static void stage(const T* parameters, const T* const* inputs, std::size_t batch, const arena<T>& arena,
                    const Sink& sink) {
    using stage = typename plan::template stage<S>;
    constexpr stage_outline where = stage::where;
    if constexpr (where.does == work::concat) {
      [&]<std::size_t... Path>(std::index_sequence<Path...>) {
        (to_path<S, Path>(batch, arena), ...);
      }(std::make_index_sequence<S>{});
    } else {
      constexpr bool to_input = where.input != network_input && where.input + 1 > memory::first_trained;
      constexpr bool to_addend = where.adds() && where.addend != network_input && where.addend >= memory::first_trained;
      const batch_view<T> at{forward::template rows_of<where.input>(arena.rows, inputs, batch, arena),
                             batch,
                             parameters,
                             block::template offsets<where.head>.data(),
                             arena.scratch,
                             arena.kept + layout.kept[S]};
      using place = output_place<memory, S>;
      const gradient_view<T> gradient{arena.at(layout.gradient[S]), layout.gradient[S].elements,
                                      arena.at(place::buffer) + place::first, place::stride, arena.addends};
      if constexpr (requires { stage::head::of_images; })
        point_rows<T>(arena.addends, gradient.dz, gradient.stride, batch);
      if constexpr (to_input && requires { stage::head::of_images; }) clear_padding<where.input>(batch, arena);
      // The input's gradient first: it needs the weights as they were in forward.
      constexpr share of_input = share_of(plan::stages, S, where.input, false);
      constexpr bool at_once = requires { stage::head::backward_at_once; };
      if constexpr (at_once && to_input)
        stage::head::template backward<T, Arch, stage::in>(at, gradient, end_at<where.input, of_input>(arena), sink);
      else if constexpr (at_once)
        stage::head::template backward<T, Arch, stage::in>(at, gradient, to_nobody{}, sink);
      else if constexpr (to_input)
        stage::head::template backward_input<T, Arch, stage::in>(at, gradient, end_at<where.input, of_input>(arena));
      if constexpr (to_addend)
        hand_over(gradient.dz, gradient.stride, batch,
                  end_at<where.addend, share_of(plan::stages, S, where.addend, true)>(arena));
      if constexpr (stage::parameter_tensors > 0 && !at_once)
        stage::head::template backward_parameters<T, Arch, stage::in>(at, gradient, sink);
    }
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
