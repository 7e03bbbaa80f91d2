#pragma once
#include <array>
#include <cstddef>
#include <utility>

#include <lamina/network/plan.hpp>
#include <lamina/simd/fitting.hpp>
#include <lamina/simd/narrow.hpp>
#include <lamina/simd/panels.hpp>
#include <lamina/simd/traits.hpp>

/// Where everything stands: parameters in the model's block, activations and gradients in the arena of a workspace.
namespace lamina {

namespace detail {

/// The layout of a parameter that begins at this offset of the block.
template <class T, class Arch> constexpr parameter_layout layout_of(const parameter& p, std::size_t offset) {
  const std::size_t all = p.matrix ? p.shape[0] : 1, depth = p.shape.size() / all, rows = all / p.groups;
  parameter_layout at{
      .offset = offset, .depth = depth, .channels = p.channels, .positions = p.positions, .outputs = rows};
  if (p.matrix && p.fitted) {
    const std::size_t width = simd::fitting_width<T, Arch>(rows);
    at.rows = (rows + width - 1) / width * width;
    at.columns = simd::panels<T, Arch>::vectors * width;
    at.group = simd::padded<T, Arch>(at.rows * depth);
    at.stored = p.groups * at.group;
  } else if (p.matrix && !simd::is_narrow<T, Arch>(rows)) {
    at.rows = simd::padded<T, Arch>(rows);
    at.columns = simd::panels<T, Arch>::columns;
    at.stored = at.rows * depth;
  } else {
    at.rows = rows;
    at.stride = simd::padded<T, Arch>(depth);
    at.stored = rows * at.stride;
  }
  return at;
}

} // namespace detail

/// The parameters of a network for one scalar and architecture, each with its place in the block.
template <class Net, class T, class Arch> struct parameter_block {
  static constexpr auto parameters = [] {
    auto table = Net::leaf_table.parameters;
    std::size_t offset = 0;
    for (parameter& p : table) {
      p.layout = detail::layout_of<T, Arch>(p, offset);
      offset += p.layout.stored;
    }
    return table;
  }();
  /// Elements of the block, padding included.
  static constexpr std::size_t size = [] {
    std::size_t size = 0;
    for (const parameter& p : parameters) size += p.layout.stored;
    return size;
  }();

  /// The offsets of the parameters of leaf `Leaf`.
  template <std::size_t Leaf>
  static constexpr auto offsets = [] {
    constexpr std::size_t count =
        Leaf == detail::none ? 0 : Net::leaf_table.leaves[Leaf == detail::none ? 0 : Leaf].parameters;
    std::array<std::size_t, count + 1> found{};
    for (std::size_t i = 0; i < count; ++i)
      found[i] = parameters[Net::leaf_table.leaves[Leaf].first_parameter + i].layout.offset;
    return found;
  }();
};

/// A buffer of the arena: so many elements a sample, needed from one moment of a step to another.
/// Moments: stage s forward is s; the loss is S; backward of stage s is S+1+2(S−1−s) for its input, one later for its
/// parameters.
struct arena_buffer {
  std::size_t elements = 0;
  std::size_t born = 0, dies = 0;
  std::size_t offset = 0; ///< elements a sample
};

/// What backward and forward write: for each stage its output y, its pre-activation z (if kept), and the gradient at z.
/// A stage that writes into a concatenation has no output of its own.
template <std::size_t Stages> struct arena_plan {
  std::array<arena_buffer, Stages> output{}, input{}, gradient{};
  std::array<std::size_t, Stages> kept{}; ///< where heads keep what does not grow with the batch
  std::size_t elements_per_sample = 0;
  std::size_t scratch = 0, kept_elements = 0;
  std::size_t gathered = 0; ///< for the gradients of one stage's parameters, twice: for either half of the batch
};

namespace detail {

/// What the arena's layout must know about a stage.
struct stage_needs {
  std::size_t width = 0;                         ///< padded features of the output
  std::size_t scratch = 0, backward_scratch = 0; ///< of its passes
  std::size_t gathered = 0;                      ///< where it gathers gradients
  std::size_t kept = 0;                          ///< what its head leaves for backward, whatever the batch
  bool reads_input = false, reads_output = false;
  bool formula_reads_output = false, formula_reads_input = false;
  bool trains = false; ///< it has parameters
};

/// Gives each buffer the lowest place that no buffer alive at the same time has.
template <std::size_t N> constexpr std::size_t place(std::array<arena_buffer*, N>& buffers, std::size_t count) {
  std::size_t total = 0;
  for (std::size_t i = 0; i < count; ++i) {
    arena_buffer& b = *buffers[i];
    for (bool moved = true; moved;) {
      moved = false;
      for (std::size_t j = 0; j < i; ++j) {
        const arena_buffer& a = *buffers[j];
        const bool together = a.born <= b.dies && b.born <= a.dies;
        if (together && a.offset < b.offset + b.elements && b.offset < a.offset + a.elements) {
          b.offset = a.offset + a.elements;
          moved = true;
        }
      }
    }
    if (b.offset + b.elements > total) total = b.offset + b.elements;
  }
  return total;
}

/// Whether stage c gives a share of the gradient at stage s, counting those that are summed.
constexpr std::size_t shares(const stage_outline& c, std::size_t index_of_c, const stage_outline& s,
                             std::size_t index_of_s) {
  return (c.input == index_of_s ? 1u : 0u) + (c.addend == index_of_s ? 1u : 0u) + (s.slice_of == index_of_c ? 1u : 0u);
}

/// The first stage with parameters: backward goes no further.
template <std::size_t S> constexpr std::size_t first_trained(const std::array<stage_needs, S>& needs) {
  std::size_t s = 0;
  while (s + 1 < S && !needs[s].trains) ++s;
  return s;
}

constexpr void live_until(arena_buffer& buffer, std::size_t moment) {
  if (moment > buffer.dies) buffer.dies = moment;
}

/// The arena of a training step (`training`) or of inference alone.
template <std::size_t S>
constexpr arena_plan<S> lay_out(const std::array<stage_outline, S>& stages, const std::array<stage_needs, S>& needs,
                                bool training) {
  arena_plan<S> plan{};
  const std::size_t trained = first_trained(needs);
  const auto input_moment = [](std::size_t s) { return S + 1 + 2 * (S - 1 - s); };
  for (std::size_t s = 0; s < S; ++s) {
    const stage_needs& stage = needs[s];
    // Who reads the output, first and last; backward meets them in the opposite order.
    std::size_t nearest = S, farthest = s;
    for (std::size_t c = s + 1; c < S; ++c)
      if (shares(stages[c], c, stages[s], s)) {
        if (nearest == S) nearest = c;
        farthest = c;
      }
    arena_buffer& home = plan.output[stages[s].sliced() ? stages[s].slice_of : s];
    const bool own = !stages[s].sliced();
    if (own) {
      home.elements = stage.width;
      if (home.dies == 0 && stages[s].does != work::concat) home.born = s;
      live_until(home, s + 1);
    } else {
      if (home.dies == 0) home.born = s;
      live_until(home, stages[s].slice_of);
    }
    if (own) live_until(home, farthest);
    // The gradient at z is complete when the nearest reader has given its share: then the formula's derivative is read.
    const std::size_t formed = nearest == S ? S : input_moment(nearest);
    if (training && s >= trained) {
      if (stage.formula_reads_output) live_until(home, formed);
      if (stage.reads_output) live_until(home, input_moment(s) + 1);
      if (stage.formula_reads_input) plan.input[s] = {stage.width, s, formed};
      plan.gradient[s] = {stage.width, nearest == S ? S : input_moment(farthest), input_moment(s) + 1};
    }
    if (training && own)
      for (std::size_t c = s + 1; c < S; ++c)
        if (stages[c].input == s && needs[c].reads_input) live_until(home, input_moment(c) + 1);
    if (stage.scratch > plan.scratch) plan.scratch = stage.scratch;
    if (training && s >= trained && stage.backward_scratch > plan.scratch) plan.scratch = stage.backward_scratch;
    if (training && 2 * stage.gathered > plan.gathered) plan.gathered = 2 * stage.gathered;
    plan.kept[s] = plan.kept_elements;
    if (training) plan.kept_elements += stage.kept;
  }
  std::array<arena_buffer*, 3 * S> order{};
  std::size_t count = 0;
  for (std::size_t s = 0; s < S; ++s) {
    if (plan.output[s].elements) order[count++] = &plan.output[s];
    if (plan.input[s].elements) order[count++] = &plan.input[s];
  }
  for (std::size_t s = S; s-- > 0;)
    if (plan.gradient[s].elements) order[count++] = &plan.gradient[s];
  plan.elements_per_sample = place(order, count);
  return plan;
}

template <class Head, class T, class Arch> constexpr std::size_t kept_by(dimensions in) {
  if constexpr (requires { Head::template kept<T, Arch>(in); })
    return Head::template kept<T, Arch>(in);
  else
    return 0;
}
template <class Head, class T, class Arch, dimensions In> constexpr std::size_t scratch_of() {
  if constexpr (requires { Head::template forward_scratch<T, Arch, In>; })
    return Head::template forward_scratch<T, Arch, In>;
  else
    return 0;
}

template <class Head, class T, class Arch, dimensions In> constexpr std::size_t gathered_by() {
  if constexpr (requires { Head::template gathered<T, Arch, In>; })
    return Head::template gathered<T, Arch, In>;
  else
    return 0;
}

template <class Plan, class T, class Arch, std::size_t... S> constexpr auto needs_of(std::index_sequence<S...>) {
  const auto one = []<std::size_t I>(std::integral_constant<std::size_t, I>) {
    using stage = typename Plan::template stage<I>;
    using head = typename stage::head;
    return stage_needs{.width = simd::padded<T, Arch>(stage::out.size()),
                       .scratch = scratch_of<head, T, Arch, stage::in>(),
                       .backward_scratch = head::template scratch<T, Arch, stage::in>,
                       .gathered = gathered_by<head, T, Arch, stage::in>(),
                       .kept = kept_by<head, T, Arch>(stage::in),
                       .reads_input = head::needs_input,
                       .reads_output = head::needs_output,
                       .formula_reads_output = stage::formula_keeps_output,
                       .formula_reads_input = stage::formula_keeps_input,
                       .trains = head::parameter_tensors > 0};
  };
  return std::array<stage_needs, sizeof...(S)>{one(std::integral_constant<std::size_t, S>{})...};
}

} // namespace detail

/// The arena of a network for training or for inference: by liveness, so that a gradient takes the place of an output
/// nobody reads any more.
template <class Net, class T, class Arch, class Mode> struct memory {
  using plan = lamina::plan<Net, Mode>;
  static constexpr bool training = std::is_same_v<Mode, in_training>;
  static constexpr std::size_t stages = plan::stage_count;
  static constexpr auto needs = detail::needs_of<plan, T, Arch>(std::make_index_sequence<stages>{});
  static constexpr arena_plan<stages> layout = detail::lay_out(plan::stages, needs, training);
  static constexpr std::size_t first_trained = detail::first_trained(needs);

  /// Bytes for a batch, with three row pointers a sample.
  static constexpr std::size_t bytes(std::size_t batch) {
    return (layout.elements_per_sample * batch + layout.scratch + layout.gathered + layout.kept_elements +
            simd::width<T, Arch>)*sizeof(T) +
           3 * batch * sizeof(void*);
  }
};

} // namespace lamina
