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

/// The same for leaf `user` among the leaves that use one weight: that whose own it is comes last.
template <std::size_t N> constexpr share share_of_weight(const std::array<leaf, N>& leaves, std::size_t user) {
  const std::size_t source = leaves[user].source == none ? user : leaves[user].source;
  share result{.completes = user == source};
  for (std::size_t i = user + 1; i < N; ++i)
    if (leaves[i].source == source) result.adds = true;
  return result;
}

/// A sink for a leaf that shares its weight: the shares are summed, and the sum goes to the sink behind it. Its other
/// parameters go there at once.
template <class T, share Share, class Sink> struct sum_shares {
  static constexpr bool light = Sink::light;
  T* sum;
  std::size_t first, size; ///< of the weight, in the block of parameters
  Sink inner;

  template <class V> [[gnu::always_inline]] void operator()(std::size_t offset, V v) const {
    if (offset - first >= size) return inner(offset, v);
    T* const at = sum + (offset - first);
    if constexpr (Share.adds) v += V::load_aligned(at);
    if constexpr (Share.completes)
      inner(offset, v);
    else
      v.store_aligned(at);
  }
  [[gnu::always_inline]] void prefetch(std::size_t offset) const {
    if constexpr (Share.completes) inner.prefetch(offset);
  }
  template <class V> void keep(std::size_t offset, V v) const { inner.keep(offset, v); }
};

constexpr bool is_between(std::size_t n, std::size_t first, std::size_t end) { return first <= n && n < end; }

/// The inputs of its weight that a head's work on the gradient is shared by.
template <class Head> constexpr std::size_t shared_inputs(dimensions in) {
  if constexpr (requires { Head::shared_inputs; })
    return Head::shared_inputs;
  else
    return in.size();
}

template <class Net, class T, class Arch> struct backward_pass {
  using memory = lamina::memory<Net, T, Arch, in_training>;
  using plan = typename memory::plan;
  using block = parameter_block<Net, T, Arch>;
  using forward = forward_pass<Net, T, Arch, in_training>;
  static constexpr const auto& layout = memory::layout;
  static constexpr std::size_t last = memory::stages - 1;

  /// The gradient at stage S from sample `first` on.
  template <std::size_t S> static T* gradient_of(std::size_t first, const arena<T>& arena) {
    return arena.at(layout.gradient[S]) + first * layout.gradient[S].elements;
  }
  /// The epilogue that ends at the gradient of stage `S`, with this share of it, from pixels of so many channels: those
  /// that its reader sees, which may read an image where S gave a row.
  template <std::size_t S, share Share = share{}, std::size_t Channels = plan::stages[S].channels>
  static auto end_at(std::size_t first, const arena<T>& arena) {
    using stage = typename plan::template stage<S>;
    using formula = std::conditional_t<Share.completes, typename stage::formula, identity_formula>;
    using place = output_place<memory, S>;
    constexpr bool keeps = layout.input[S].elements > 0;
    return store_gradient<T, Arch, formula, Share.adds>{
        gradient_of<S>(first, arena),
        arena.at(place::buffer) + first * place::stride + place::first,
        keeps ? arena.at(layout.input[S]) + first * layout.input[S].elements : nullptr,
        layout.gradient[S].elements,
        stage::out.size(),
        Channels,
        place::stride,
        stage::where.sliced() ? place::pixel : Channels,
        {arena.draws, stage::drawing_leaf, stage::out[0], first}};
  }

  /// Rows of a gradient that is there to an epilogue.
  template <class Epilogue>
  static void hand_over(const T* dz, std::size_t stride, std::size_t batch, const Epilogue& end) {
    for (std::size_t m = 0; m < batch; ++m) hand_over_row<T, Arch>(m, dz + m * stride, stride, end);
  }

  /// The loss has left dL/dy in the gradient of the last stage; where that stage has a formula, this makes it dL/dz.
  static void through_last_formula(std::size_t batch, const arena<T>& arena) {
    if constexpr (!plan::template stage<last>::is_identity)
      hand_over(arena.at(layout.gradient[last]), layout.gradient[last].elements, batch, end_at<last>(0, arena));
  }

  /// Pixels do not write the padding behind the last of them, and products read it as 0.
  template <std::size_t S> static void clear_padding(sample_range part, const arena<T>& arena) {
    constexpr std::size_t features = plan::template stage<S>::out.size(), stride = layout.gradient[S].elements;
    if constexpr (features != stride)
      for (std::size_t m = 0; m < part.count; ++m)
        std::memset(gradient_of<S>(part.first + m, arena) + features, 0, (stride - features) * sizeof(T));
  }

  /// The gradient of a concatenation goes to the paths that made it.
  template <std::size_t S, std::size_t Path> static void to_path(sample_range part, const arena<T>& arena) {
    constexpr stage_outline joint = plan::stages[S], path = plan::stages[Path];
    if constexpr (path.slice_of == S && Path >= memory::first_trained) {
      clear_padding<Path>(part, arena);
      constexpr std::size_t pixels = path.out.size() / path.channels, W = simd::width<T, Arch>;
      const auto end = end_at<Path>(part.first, arena);
      for (std::size_t m = 0; m < part.count; ++m) {
        const T* from = gradient_of<S>(part.first + m, arena) + path.slice_at;
        for (std::size_t p = 0; p < pixels; ++p, from += joint.channels)
          for (std::size_t f = 0; f < path.channels; f += W)
            end(m, p, f, simd::load_lanes<T, Arch>(from + f, path.channels - f), path.channels - f);
      }
    }
  }

  /// The gradient at what stage S gave for these samples.
  template <std::size_t S> static gradient_view<T> gradient_at(sample_range part, const arena<T>& arena) {
    using place = output_place<memory, S>;
    const T* const dz = gradient_of<S>(part.first, arena);
    point_rows<T>(arena.addends, dz, layout.gradient[S].elements, part.count);
    return {dz, layout.gradient[S].elements, arena.at(place::buffer) + part.first * place::stride + place::first,
            place::stride, arena.addends};
  }

  /// Whether the gradient by the input of stage S is of use.
  template <std::size_t S>
  static constexpr bool reads_trained = is_between(plan::stages[S].input, memory::first_trained, memory::stages);

  /// The shares of stage S in the gradients of what it reads.
  template <std::size_t S, class Sink>
  static void to_inputs(const T* parameters, const T* const* inputs, sample_range part, const arena<T>& arena,
                        const Sink& sink) {
    using stage = typename plan::template stage<S>;
    constexpr stage_outline where = stage::where;
    if constexpr (where.does == work::concat) {
      [&]<std::size_t... Path>(std::index_sequence<Path...>) {
        (to_path<S, Path>(part, arena), ...);
      }(std::make_index_sequence<S>{});
    } else {
      constexpr share of_input = share_of(plan::stages, S, where.input, false);
      constexpr bool at_once = requires { stage::head::backward_at_once; };
      const batch_view<T> at = forward::template input_at<S>(parameters, inputs, part, arena);
      const gradient_view<T> gradient = gradient_at<S>(part, arena);
      if constexpr (reads_trained<S>) {
        constexpr bool of_sequences = requires { stage::head::of_sequences; };
        if constexpr (of_sequences || requires { stage::head::of_images; }) clear_padding<where.input>(part, arena);
        constexpr std::size_t channels = of_sequences         ? stage::in.last()
                                         : stage::in.rank > 1 ? stage::in[0]
                                                              : plan::stages[where.input].channels;
        const auto end = end_at<where.input, of_input, channels>(part.first, arena);
        if constexpr (at_once)
          stage::head::template backward<T, Arch, stage::in>(at, gradient, end, sink);
        else
          stage::head::template backward_input<T, Arch, stage::in>(at, gradient, end);
      } else if constexpr (requires { stage::head::goes_back_through_time; }) {
        stage::head::template backward_input<T, Arch, stage::in>(at, gradient, to_nobody{});
      } else if constexpr (at_once) {
        stage::head::template backward<T, Arch, stage::in>(at, gradient, to_nobody{}, sink);
      }
      if constexpr (where.adds() && where.addend != network_input && where.addend + 1 > memory::first_trained)
        hand_over(gradient_of<S>(part.first, arena), layout.gradient[S].elements, part.count,
                  end_at<where.addend, share_of(plan::stages, S, where.addend, true)>(part.first, arena));
    }
  }

  /// What stage S hands its gradients to: the sink, or, where it shares its weight, a sum before it.
  template <std::size_t S, class Sink> static auto sink_of(const Sink& sink, [[maybe_unused]] const arena<T>& arena) {
    constexpr leaf here = plan::template stage<S>::leaf;
    constexpr std::size_t head = plan::stages[S].head, source = here.source == none ? head : here.source;
    if constexpr (constexpr std::size_t size = summed_weight<Net, T, Arch>(source); size > 0) {
      constexpr std::size_t home = stage_of_head(source);
      return sum_shares<T, share_of_weight(Net::leaf_table.leaves, head), Sink>{
          arena.kept + layout.kept[home], block::template offsets<source>[0], size, sink};
    } else {
      return sink;
    }
  }
  static constexpr std::size_t stage_of_head(std::size_t index) {
    std::size_t s = 0;
    while (plan::stages[s].head != index) ++s;
    return s;
  }

  /// Padding behind the numbers of a parameter, which kernels of narrower vectors do not write: 0, so that an update
  /// leaves it as it is and a norm does not count it. Heads gather their own parameters last, but for a table, which
  /// has no such padding.
  template <std::size_t S> static void clear_tails(T* end) {
    constexpr leaf here = plan::template stage<S>::leaf;
    for (std::size_t i = here.parameters; i-- > 0; end -= block::parameters[here.first_parameter + i].layout.stored)
      std::memset(end - simd::width<T, Arch>, 0, simd::width<T, Arch> * sizeof(T));
  }

  /// The gradient by the parameters of stage S: shared by inputs, or by halves of the batch that are summed, or the
  /// work of one.
  template <std::size_t S, class Sink>
  static void to_parameters(const T* parameters, const T* const* inputs, std::size_t batch, const arena<T>& arena,
                            const Sink& sink, member& me) {
    using stage = typename plan::template stage<S>;
    using head = typename stage::head;
    constexpr dimensions in = stage::in;
    const sample_range all{0, batch};
    if constexpr (gathered_by<head, T, Arch, in>() > 0) {
      constexpr std::size_t size = gathered_by<head, T, Arch, in>();
      const std::size_t half = (batch + 1) / 2;
      for (std::size_t h = me.index(); h < 2; h += me.count()) {
        const sample_range part = h == 0 ? sample_range{0, half} : sample_range{half, batch - half};
        T* const sums = arena.gathered + h * size;
        if (part.count == 0) continue;
        clear_tails<S>(sums + size);
        head::template gather_gradient<T, Arch, in>(forward::template input_at<S>(parameters, inputs, part, arena),
                                                    gradient_at<S>(part, arena), sums);
      }
      me.wait_for_all();
      if (me.index() == 0)
        head::template give_gradient<T, Arch, in>(block::template offsets<stage::where.head>.data(), arena.gathered,
                                                  batch > 1 ? arena.gathered + size : nullptr, sink);
    } else if constexpr (requires(simd::input_range part) {
                           head::template backward_parameters_of<T, Arch, in>(batch_view<T>{}, gradient_view<T>{}, sink,
                                                                              part);
                         }) {
      constexpr std::size_t all_inputs = shared_inputs<head>(in);
      const simd::input_range part{me.first(all_inputs, simd::rows_shared<Arch>),
                                   me.last(all_inputs, simd::rows_shared<Arch>)};
      if (part.first < part.last)
        head::template backward_parameters_of<T, Arch, in>(
            forward::template input_at<S>(parameters, inputs, all, arena), gradient_at<S>(all, arena), sink, part);
    } else if (me.index() == 0) {
      head::template backward_parameters<T, Arch, in>(forward::template input_at<S>(parameters, inputs, all, arena),
                                                      gradient_at<S>(all, arena), sink);
    }
    me.wait_for_all();
  }

  template <std::size_t S, class Sink>
  static void stage(const T* parameters, const T* const* inputs, std::size_t batch, const arena<T>& arena,
                    const Sink& sink, member& me) {
    using stage = typename plan::template stage<S>;
    // The input's gradient first: it needs the weights as they were in forward.
    constexpr bool at_once = requires { stage::head::backward_at_once; };
    const sample_range part = at_once ? sample_range{0, me.index() == 0 ? batch : 0}
                                      : samples_of<in_training, Arch, typename stage::head>(batch, me);
    if (part.count) to_inputs<S>(parameters, inputs, part, arena, sink);
    me.wait_for_all();
    if constexpr (stage::trains && !at_once)
      to_parameters<S>(parameters, inputs, batch, arena, sink_of<S>(sink, arena), me);
  }

  template <class Sink>
  [[gnu::noinline]] static void run(const T* parameters, const T* const* inputs, std::size_t batch,
                                    const arena<T>& arena, const Sink& sink, member& one) {
    member& me = unseen(one);
    if (me.index() == 0) through_last_formula(batch, arena);
    me.wait_for_all();
    [&]<std::size_t... Back>(std::index_sequence<Back...>) {
      (stage<last - Back>(parameters, inputs, batch, arena, sink, me), ...);
    }(std::make_index_sequence<memory::stages - memory::first_trained>{});
  }
  template <class Sink>
  static void run(const T* parameters, const T* const* inputs, std::size_t batch, const arena<T>& arena,
                  const Sink& sink) {
    member alone;
    run(parameters, inputs, batch, arena, sink, alone);
  }
};

} // namespace lamina::detail
