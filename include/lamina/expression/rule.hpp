#pragma once
#include <lamina/expression/freeze.hpp>

namespace lamina {

/// An update as a list of assignments, done in order: `rule(u = beta * u + g, w = w - eta * u)`. Assigned may be the
/// parameter w, the gradient g, slots, and any other term, which then is a local variable of the rule.
template <class... Lines> struct rule_t;

template <> struct rule_t<> {
  using rule_tag = void;
};

template <class First, class... Rest> struct rule_t<First, Rest...> {
  using rule_tag = void;
  First first;
  rule_t<Rest...> rest;
};

namespace detail {

template <class Target, class Value> constexpr auto line(terms::assignment<Target, Value> a) { return a; }
template <class Target, class Value> constexpr auto line(terms::binding<Target, Value> b) {
  return terms::assignment<Target, terms::number>{static_cast<double>(b.value)};
}

template <class... Lines> constexpr rule_t<Lines...> append(rule_t<>, rule_t<Lines...> more) { return more; }
template <class First, class... Rest, class... Lines>
constexpr rule_t<First, Rest..., Lines...> append(rule_t<First, Rest...> r, rule_t<Lines...> more) {
  return {r.first, append(r.rest, more)};
}

template <class Line> constexpr auto as_rule(Line l) {
  if constexpr (requires { typename Line::rule_tag; })
    return l;
  else
    return rule_t<decltype(line(l))>{line(l), {}};
}

template <auto Rule> constexpr auto freeze_rule() {
  if constexpr (requires { Rule.first; }) {
    using target = typename decltype(Rule.first)::target;
    using line = terms::assignment<target, frozen<Rule.first.value>>;
    return append(rule_t<line>{}, freeze_rule<Rule.rest>());
  } else {
    return Rule;
  }
}

} // namespace detail

constexpr rule_t<> rule() { return {}; }

/// A rule of these lines, in this order; a line may be a rule itself: `rule(g = g + decay * w, sgd_update)`.
template <class First, class... Rest> constexpr auto rule(First first, Rest... rest) {
  return detail::append(detail::as_rule(first), rule(rest...));
}

/// The type that says all about a rule: its expressions are frozen.
template <auto Rule> using frozen_rule = std::remove_const_t<decltype(detail::freeze_rule<Rule>())>;

} // namespace lamina
