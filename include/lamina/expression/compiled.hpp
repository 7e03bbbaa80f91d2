#pragma once
#include <array>
#include <lamina/expression/rule.hpp>
#include <lamina/expression/uniform.hpp>
#include <string_view>

namespace lamina {

namespace detail {

template <class E> struct is_slot {
  static constexpr bool value = false;
};
template <fixed_string Name> struct is_slot<slot<Name>> {
  static constexpr bool value = true;
};

/// Terms that a rule assigns but that are neither the parameter nor its gradient.
template <class E> struct is_local {
  static constexpr bool value = false;
};
template <fixed_string Name> struct is_local<terms::term<Name>> {
  static constexpr bool value = !(Name == fixed_string{"w"}) && !(Name == fixed_string{"g"});
};

/// What the lines of a rule read and write while it runs on one element or batch.
template <class Slots, class Locals, class Uniforms, class V, class U> struct registers {
  V& w;
  V& g;
  V* slots;
  V* locals;
  const U* uniforms;
};

template <class E, class Slots, class Locals, class Uniforms, class V, class U>
[[gnu::always_inline]] inline constexpr auto& at(const registers<Slots, Locals, Uniforms, V, U>& r) {
  if constexpr (std::is_same_v<E, terms::term<"w">>)
    return r.w;
  else if constexpr (std::is_same_v<E, terms::term<"g">>)
    return r.g;
  else if constexpr (is_slot<E>::value)
    return r.slots[index_in<E, Slots>];
  else
    return r.locals[index_in<E, Locals>];
}

template <class E, class Slots, class Locals, class Uniforms, class V, class U>
[[gnu::always_inline]] inline constexpr V bound(const registers<Slots, Locals, Uniforms, V, U>& r) {
  if constexpr (is_hoisted<E>::value) {
    return math::convert<V>(r.uniforms[index_in<E, Uniforms>]);
  } else {
    static_assert(!is_local<E>::value || index_in<E, Locals> < Locals::size,
                  "a rule reads a term that is neither w, g nor assigned by the rule");
    return at<E>(r);
  }
}

template <class Rule> struct compiled;

template <class... Targets, class... Values> struct compiled<rule_t<terms::assignment<Targets, Values>...>> {
  using slots = typename collect<is_slot, list<>, list<list<Targets, Values>...>>::type;
  using locals = typename collect<is_local, list<>, list<Targets...>>::type;
  using uniforms = typename collect<is_hoisted, list<>, list<loop_formula<Values>...>>::type;

  /// How many numbers per parameter the rule remembers.
  static constexpr std::size_t slot_count = slots::size;
  /// How many numbers are computed once per update.
  static constexpr std::size_t uniform_count = uniforms::size;
  /// The names of the slots, in order of first appearance.
  static constexpr std::array<std::string_view, slot_count> slot_names =
      []<fixed_string... Names>(list<slot<Names>...>) {
        return std::array<std::string_view, sizeof...(Names)>{slot<Names>::name.view()...};
      }(slots{});

  /// Computes the uniforms of update number `step` (from 1) into `out`, in double.
  template <class Optimizer>
  static constexpr void prepare(double* out, const Optimizer& optimizer, double step, double norm = 0) {
    prepare_uniforms(uniforms{}, out, optimizer, step, norm);
  }

  /// Runs the rule on one parameter or batch of them; `s` are its slots, `u` the prepared uniforms as V or numbers.
  template <class V, class U> [[gnu::always_inline]] static constexpr void apply(V& w, V g, V* s, const U* u) {
    change_gradient(w, g, s, u);
  }

  /// The same for a rule whose result is the gradient: `g` is changed too.
  template <class V, class U>
  [[gnu::always_inline]] static constexpr void change_gradient(V& w, V& g, V* s, const U* u) {
    V scratch[locals::size + 1]{};
    const registers<slots, locals, uniforms, V, U> r{w, g, s, scratch, u};
    ((at<Targets>(r) = evaluate_as<V>(loop_formula<Values>{}, r)), ...);
  }
};

/// The bindings of a formula and its uniforms.
template <class Uniforms, class U, class... Bindings> struct formula_environment : environment<Bindings...> {
  const U* uniforms;
};
template <class E, class Uniforms, class U, class... Bindings>
  requires is_hoisted<E>::value
[[gnu::always_inline]] inline constexpr const U& bound(const formula_environment<Uniforms, U, Bindings...>& given) {
  return given.uniforms[index_in<E, Uniforms>];
}

} // namespace detail

/// A rule ready for loops: `using update = compiled_rule<my_momentum::update()>`, then `update::prepare` once per
/// update and `update::apply` for every parameter.
template <auto Rule> using compiled_rule = detail::compiled<frozen_rule<Rule>>;

/// A frozen formula ready for loops, its uniform parts hoisted.
template <Expression E> struct compiled_formula {
  using formula = detail::loop_formula<E>;
  using uniforms = typename detail::collect<detail::is_hoisted, detail::list<>, formula>::type;

  static constexpr std::size_t uniform_count = uniforms::size;

  /// Computes the uniforms into `out`, in double: hyper-parameters are members of `owner`.
  template <class Owner> static constexpr void prepare(double* out, const Owner& owner, double step = 1) {
    detail::prepare_uniforms(uniforms{}, out, owner, step, 0);
  }

  /// The value for these bindings; `u` are the prepared uniforms, as values or numbers.
  template <class U, class... Terms, class... Values>
  [[gnu::always_inline]] static constexpr auto evaluate(const U* u, const terms::binding<Terms, Values>&... bindings) {
    using V = typename math::common_value<Values...>::type;
    const detail::formula_environment<uniforms, U, terms::binding<Terms, Values>...> given{{bindings...}, u};
    return detail::evaluate_as<V>(formula{}, given);
  }
};

} // namespace lamina
