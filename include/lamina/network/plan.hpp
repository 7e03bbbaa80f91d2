#pragma once
#include <array>
#include <cstddef>
#include <type_traits>

#include <lamina/core/type_list.hpp>
#include <lamina/expression/kept.hpp>
#include <lamina/expression/substitute.hpp>
#include <lamina/layer/pass.hpp>
#include <lamina/network/network.hpp>

/// The plan: which leaves become one stage, and what each stage keeps for backward.
namespace lamina {

#ifdef LAMINA_UNFUSED
inline constexpr bool laminate =
    false; ///< every layer is a stage of its own: slower, same numbers (a law of the tests)
#else
inline constexpr bool laminate = true;
#endif

namespace detail {

inline constexpr std::size_t no_leaf = static_cast<std::size_t>(-1);

/// A stage as a value: its head and the elementwise leaves [first, last) laminated onto it.
struct stage_outline {
  std::size_t head = no_leaf;
  std::size_t first = 0, last = 0;
  dimensions in{}, out{};
};

template <std::size_t Leaves> struct outline {
  std::array<stage_outline, Leaves + 1> stages{};
  std::size_t count = 0;
};

template <class Head> constexpr bool accepts_formula() {
  if constexpr (requires { Head::accepts_formula; })
    return Head::accepts_formula;
  else
    return false;
}

/// Layers that draw, and do nothing in inference. A stage holds one at most, since a formula has one noise.
template <class L> inline constexpr bool is_stochastic = requires { typename L::inference_formula; };

template <class... Leaves>
constexpr std::size_t drawing_leaf(type_list<Leaves...>, std::size_t first, std::size_t last) {
  constexpr bool drawing[]{is_stochastic<Leaves>..., false};
  while (first < last && !drawing[first]) ++first;
  return first;
}

template <class Net, class... Leaves> constexpr auto make_outline(type_list<Leaves...>) {
  constexpr bool accepting[]{accepts_formula<Leaves>()..., false}, drawing[]{is_stochastic<Leaves>..., false};
  outline<sizeof...(Leaves)> plan{};
  bool open = false, draws = false;
  for (std::size_t i = 0; i < sizeof...(Leaves); ++i) {
    const leaf& here = Net::leaf_table.leaves[i];
    if (here.kind == leaf_kind::view) {
      if (plan.count) plan.stages[plan.count - 1].out = here.out;
      continue;
    }
    if (here.kind == leaf_kind::elementwise && open && plan.count && !(draws && drawing[i])) {
      stage_outline& last = plan.stages[plan.count - 1];
      last.last = i + 1;
      last.out = here.out;
    } else {
      const bool head = here.kind == leaf_kind::head;
      plan.stages[plan.count++] = {head ? i : no_leaf, head ? i + 1 : i, i + 1, here.in, here.out};
      draws = false;
    }
    draws = draws || drawing[i];
    open = laminate && (here.kind == leaf_kind::elementwise || accepting[i]);
  }
  if (plan.count == 0) plan.stages[plan.count++] = {no_leaf, 0, 0, Net::input_shape, Net::output_shape};
  return plan;
}

using identity_formula = terms::term<"x">;

struct in_training;
struct in_inference;

template <class Layer, class Mode> struct formula_of {
  using type = typename Layer::formula;
};
template <class Layer>
  requires is_stochastic<Layer>
struct formula_of<Layer, in_inference> {
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

template <std::size_t Head, class Leaves> struct head_at : nth_type<Head, Leaves> {};
template <class Leaves> struct head_at<no_leaf, Leaves> : type_is<pass> {};

} // namespace detail

/// The stages of a network as types and what holds for each.
template <class Net> struct plan {
  static constexpr auto outline = detail::make_outline<Net>(typename Net::leaves{});
  static constexpr std::size_t stage_count = outline.count;

  template <std::size_t S> struct stage {
    static constexpr detail::stage_outline where = outline.stages[S];
    using head = typename detail::head_at<where.head, typename Net::leaves>::type;
    using formula = typename decltype(detail::laminated<typename Net::leaves, detail::in_training, where.first,
                                                        where.last>())::type;
    using inference_formula = typename decltype(detail::laminated<typename Net::leaves, detail::in_inference,
                                                                  where.first, where.last>())::type;

    static constexpr dimensions in = where.in, out = where.out;
    static constexpr bool is_identity = std::is_same_v<formula, detail::identity_formula>;
    /// What the derivative of the formula reads.
    static constexpr bool formula_keeps_output = !is_identity && kept<formula> == keeps::output;
    static constexpr bool formula_keeps_input = !is_identity && kept<formula> == keeps::input;
    /// What its noise is drawn for: the leaf that draws, the same however the leaves are grouped.
    static constexpr std::size_t drawing_leaf = detail::drawing_leaf(typename Net::leaves{}, where.first, where.last);
    static constexpr std::size_t parameter_tensors = head::parameter_tensors;
    static constexpr std::size_t first_parameter =
        where.head == detail::no_leaf
            ? 0
            : Net::leaf_table.leaves[where.head == detail::no_leaf ? 0 : where.head].first_parameter;
  };
};

} // namespace lamina
