#pragma once
#include <array>
#include <cstddef>
#include <type_traits>
#include <utility>

#include <lamina/network/arena_plan.hpp>
#include <lamina/network/parameter_block.hpp>
#include <lamina/network/plan.hpp>
#include <lamina/network/ties.hpp>
#include <lamina/simd/traits.hpp>

namespace lamina {

namespace detail {

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

template <class Head, class T, class Arch, dimensions In> constexpr std::size_t work_of() {
  if constexpr (requires { Head::template work<T, Arch, In>; })
    return Head::template work<T, Arch, In>;
  else
    return 0;
}

/// Numbers of the weight of a leaf that others use, whose gradients are summed: 0 where it is used once.
template <class Net, class T, class Arch> constexpr std::size_t summed_weight(std::size_t index) {
  if (!is_source<Net>(index)) return 0;
  return parameter_block<Net, T, Arch>::parameters[leaf_at<Net>(index).first_parameter].layout.stored;
}

template <class Net, class Plan, class T, class Arch, std::size_t... S>
constexpr auto needs_of(std::index_sequence<S...>) {
  const auto one = []<std::size_t I>(std::integral_constant<std::size_t, I>) {
    using stage = typename Plan::template stage<I>;
    using head = typename stage::head;
    return stage_needs{.width = simd::padded<T, Arch>(stage::out.size()),
                       .scratch = scratch_of<head, T, Arch, stage::in>(),
                       .backward_scratch = head::template scratch<T, Arch, stage::in>,
                       .gathered = gathered_by<head, T, Arch, stage::in>(),
                       .kept = kept_by<head, T, Arch>(stage::in) + summed_weight<Net, T, Arch>(stage::where.head),
                       .work = work_of<head, T, Arch, stage::in>(),
                       .reads_input = head::needs_input,
                       .reads_output = head::needs_output,
                       .formula_reads_output = stage::formula_keeps_output,
                       .formula_reads_input = stage::formula_keeps_input,
                       .trains = stage::trains};
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
  static constexpr auto needs = detail::needs_of<Net, plan, T, Arch>(std::make_index_sequence<stages>{});
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
