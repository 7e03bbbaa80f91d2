#pragma once
#include <array>
#include <cstddef>
#include <type_traits>

#include <lamina/core/type_list.hpp>
#include <lamina/expression/kept.hpp>
#include <lamina/expression/substitute.hpp>
#include <lamina/layer/pass.hpp>
#include <lamina/layer/transposed.hpp>
#include <lamina/network/network.hpp>
#include <lamina/network/outline.hpp>

/// The plan: the stages of a network as types, and what each keeps for backward.
namespace lamina {

struct in_training;
struct in_inference;
struct in_streaming; ///< one step of a sequence at a time

namespace detail {

/// Layers that draw, and do nothing in inference. A stage holds one at most, since a formula has one noise.
template <class L> inline constexpr bool is_stochastic = requires { typename L::inference_formula; };

template <class... Leaves>
constexpr std::size_t drawing_leaf(type_list<Leaves...>, std::size_t first, std::size_t last) {
  constexpr bool drawing[]{is_stochastic<Leaves>..., false};
  while (first < last && !drawing[first]) ++first;
  return first;
}

using identity_formula = terms::term<"x">;

template <class Layer, class Mode> struct formula_of {
  using type = typename Layer::formula;
};
template <class Layer, class Mode>
  requires(is_stochastic<Layer> && !std::is_same_v<Mode, in_training>)
struct formula_of<Layer, Mode> {
  using type = typename Layer::inference_formula;
};

/// The formula of the leaves [First, Last), one put into the next.
template <class Leaves, class Mode, std::size_t First, std::size_t Last, class Inner = identity_formula>
constexpr auto laminated() {
  if constexpr (First >= Last)
    return type_is<Inner>{};
  else {
    using layer = nth<First, Leaves>;
    if constexpr (kind_of<layer>() == leaf_kind::elementwise)
      return laminated<Leaves, Mode, First + 1, Last,
                       substitute_t<typename formula_of<layer, Mode>::type, terms::term<"x">, Inner>>();
    else
      return laminated<Leaves, Mode, First + 1, Last, Inner>();
  }
}

template <work Does, std::size_t Head, class Leaves> struct head_at;
template <std::size_t Head, class Leaves> struct head_at<work::leaf, Head, Leaves> : nth_type<Head, Leaves> {};
template <std::size_t Head, class Leaves> struct head_at<work::pass, Head, Leaves> : type_is<pass> {};
template <std::size_t Head, class Leaves> struct head_at<work::pixels, Head, Leaves> : type_is<pass_pixels> {};
template <std::size_t Head, class Leaves>
struct head_at<work::channels_last, Head, Leaves> : type_is<to_channels_last> {};
template <std::size_t Head, class Leaves> struct head_at<work::planar, Head, Leaves> : type_is<to_planar> {};
template <std::size_t Head, class Leaves> struct head_at<work::concat, Head, Leaves> : type_is<already_there> {};

/// A head, or, where it uses the weight of leaf `Source`, what does its work then.
template <std::size_t Source, class Head, class Leaves> struct tied_head {
  using type = typename Head::template head<nth<Source, Leaves>>;
};
template <class Head, class Leaves> struct tied_head<none, Head, Leaves> : type_is<Head> {};

/// An outline without the room it was made in.
template <std::size_t Count, class Outline> constexpr std::array<stage_outline, Count> trimmed(const Outline& outline) {
  std::array<stage_outline, Count> stages{};
  for (std::size_t s = 0; s < Count; ++s) stages[s] = outline.stages[s];
  return stages;
}

/// The shape of one step of a sequence; anything else as it is.
constexpr dimensions step_shape(dimensions shape) {
  if (shape.rank == 2 || shape.tokens) shape.extent[0] = 1;
  return shape;
}
template <std::size_t Count>
constexpr std::array<stage_outline, Count> one_step_at_a_time(std::array<stage_outline, Count> stages) {
  for (stage_outline& stage : stages) stage.in = step_shape(stage.in), stage.out = step_shape(stage.out);
  return stages;
}

} // namespace detail

/// The stages of a network as types and what holds for each.
template <class Net, class Mode = in_training> struct plan {
private:
  static constexpr auto outlined = detail::make_outline<Net>(typename Net::leaves{}, std::is_same_v<Mode, in_training>);

public:
  static constexpr std::size_t stage_count = outlined.count;
  static constexpr auto stages = [] {
    constexpr auto all = detail::trimmed<stage_count>(outlined);
    if constexpr (std::is_same_v<Mode, in_streaming>)
      return detail::one_step_at_a_time(all);
    else
      return all;
  }();

  template <std::size_t S> struct stage {
    static constexpr detail::stage_outline where = stages[S];
    /// Its head's leaf; one without parameters where there is none.
    static constexpr detail::leaf leaf = detail::leaf_at<Net>(where.head);
    using layer = typename detail::head_at<where.does, where.head, typename Net::leaves>::type;
    using head = typename detail::tied_head<leaf.source, layer, typename Net::leaves>::type;
    using formula = typename decltype(detail::laminated<typename Net::leaves, Mode, where.first, where.last>())::type;

    static constexpr dimensions in = where.in, out = where.out;
    static constexpr bool is_identity = std::is_same_v<formula, detail::identity_formula>;
    /// What the derivative of the formula reads.
    static constexpr bool formula_keeps_output = !is_identity && kept<formula> == keeps::output;
    static constexpr bool formula_keeps_input = !is_identity && kept<formula> == keeps::input;
    /// What its noise is drawn for: the leaf that draws, the same however the leaves are grouped.
    static constexpr std::size_t drawing_leaf = detail::drawing_leaf(typename Net::leaves{}, where.first, where.last);
    static constexpr std::size_t parameter_tensors = leaf.parameters, first_parameter = leaf.first_parameter;
    /// It has parameters, or uses another's.
    static constexpr bool trains = head::parameter_tensors > 0;
  };
};

} // namespace lamina
