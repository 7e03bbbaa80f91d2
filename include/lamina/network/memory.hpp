#pragma once
#include <array>
#include <cstddef>
#include <utility>

#include <lamina/network/plan.hpp>
#include <lamina/simd/narrow.hpp>
#include <lamina/simd/panels.hpp>
#include <lamina/simd/traits.hpp>

/// Where everything stands: parameters in the model's block, activations and gradients in the arena of a workspace.
namespace lamina {

/// The parameters of a network for one scalar and architecture, each with its place in the block.
template <class Net, class T, class Arch> struct parameter_block {
  static constexpr auto parameters = [] {
    auto table = Net::leaf_table.parameters;
    std::size_t offset = 0;
    for (parameter& p : table) {
      const std::size_t rows = p.matrix ? p.shape[0] : 1, depth = p.shape.size() / rows;
      if (p.matrix && !simd::is_narrow<T, Arch>(rows)) {
        const std::size_t padded = simd::padded<T, Arch>(rows);
        p.layout = {offset, padded * depth, simd::panels<T, Arch>::columns, padded, depth, 0};
      } else {
        const std::size_t stride = simd::padded<T, Arch>(depth);
        p.layout = {offset, rows * stride, 0, rows, depth, stride};
      }
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

  /// The offsets of the parameters of stage `S`.
  template <std::size_t S>
  static constexpr auto offsets = [] {
    using stage = typename plan<Net>::template stage<S>;
    std::array<std::size_t, stage::parameter_tensors + 1> found{};
    for (std::size_t i = 0; i < stage::parameter_tensors; ++i)
      found[i] = parameters[stage::first_parameter + i].layout.offset;
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
template <std::size_t Stages> struct arena_plan {
  std::array<arena_buffer, Stages> output{}, input{}, gradient{};
  std::array<std::size_t, Stages> kept{}; ///< where heads keep what does not grow with the batch
  std::size_t elements_per_sample = 0;
  std::size_t scratch = 0, kept_elements = 0;
};

namespace detail {

/// What the arena's layout must know about a stage.
struct stage_needs {
  std::size_t width = 0;   ///< padded features of the output
  std::size_t scratch = 0; ///< of its backward
  std::size_t kept = 0;    ///< what its head leaves for backward, whatever the batch
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

/// The arena of a training step (`training`) or of inference alone.
template <std::size_t S> constexpr arena_plan<S> lay_out(const std::array<stage_needs, S>& stages, bool training) {
  arena_plan<S> plan{};
  std::array<arena_buffer*, 3 * S> order{};
  std::size_t count = 0, first_trained = 0;
  while (first_trained + 1 < S && !stages[first_trained].trains) ++first_trained;
  const auto input_moment = [](std::size_t s) { return S + 1 + 2 * (S - 1 - s); };
  for (std::size_t s = 0; s < S; ++s) {
    const stage_needs& stage = stages[s];
    const bool last = s + 1 == S;
    // The gradient at z of this stage is formed when the next one's input gradient is: from it, the formula's
    // derivative is read.
    const std::size_t formed = last ? S : input_moment(s + 1);
    std::size_t dies = s + 1;
    if (training && s >= first_trained) {
      if (stage.formula_reads_output && formed > dies) dies = formed;
      if (stage.reads_output && input_moment(s) > dies) dies = input_moment(s);
    }
    if (training && !last && stages[s + 1].reads_input && input_moment(s + 1) + 1 > dies)
      dies = input_moment(s + 1) + 1;
    plan.output[s] = {stage.width, s, dies};
    order[count++] = &plan.output[s];
    if (training && stage.formula_reads_input && s >= first_trained) {
      plan.input[s] = {stage.width, s, formed};
      order[count++] = &plan.input[s];
    }
    if (training && stage.scratch > plan.scratch && s > first_trained) plan.scratch = stage.scratch;
    plan.kept[s] = plan.kept_elements;
    if (training) plan.kept_elements += stage.kept;
  }
  if (training)
    for (std::size_t s = S; s-- > first_trained;) {
      plan.gradient[s] = {stages[s].width, s + 1 == S ? S : input_moment(s + 1), input_moment(s) + 1};
      order[count++] = &plan.gradient[s];
    }
  plan.elements_per_sample = place(order, count);
  return plan;
}

template <class Head, class T, class Arch> constexpr std::size_t kept_by(dimensions in) {
  if constexpr (requires { Head::template kept<T, Arch>(in); })
    return Head::template kept<T, Arch>(in);
  else
    return 0;
}

template <class Net, class T, class Arch, std::size_t... S> constexpr auto needs_of(std::index_sequence<S...>) {
  const auto one = []<std::size_t I>(std::integral_constant<std::size_t, I>) {
    using stage = typename plan<Net>::template stage<I>;
    using head = typename stage::head;
    return stage_needs{.width = simd::padded<T, Arch>(stage::out.size()),
                       .scratch = head::template scratch<T, Arch>(stage::in),
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

/// The arena of a network: by liveness, so that a gradient takes the place of an output nobody reads any more.
template <class Net, class T, class Arch> struct memory {
  static constexpr std::size_t stages = plan<Net>::stage_count;
  static constexpr auto needs = detail::needs_of<Net, T, Arch>(std::make_index_sequence<stages>{});
  static constexpr arena_plan<stages> training = detail::lay_out(needs, true);
  static constexpr arena_plan<stages> inference = detail::lay_out(needs, false);
  /// The first stage with parameters: backward goes no further.
  static constexpr std::size_t first_trained = [] {
    std::size_t s = 0;
    while (s + 1 < stages && !needs[s].trains) ++s;
    return s;
  }();

  /// Bytes for a batch, with the row pointers.
  static constexpr std::size_t bytes(const arena_plan<stages>& plan, std::size_t batch) {
    return (plan.elements_per_sample * batch + plan.scratch + plan.kept_elements) * sizeof(T) +
           2 * batch * sizeof(void*);
  }
};

} // namespace lamina
