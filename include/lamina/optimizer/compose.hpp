#pragma once
#include <cstddef>
#include <type_traits>
#include <utility>

#include <lamina/core/diagnostics.hpp>
#include <lamina/expression/rule.hpp>
#include <lamina/optimizer/line_search.hpp>

/// Optimizers composed by `|`: `adam{} | l2{1e-5} | clip_by_value{1} | cosine_annealing{.steps = 1000}`.
namespace lamina {

/// What updates parameters: it has `update()`, a rule in w (the parameter), g (its gradient), slots and
/// hyper-parameters.
template <class O>
concept Optimizer = requires { O::update(); };

/// What is put behind an optimizer. A part offers one or more of these:
///
///   gradient()            lines that change g before the optimizer sees it
///   parameter<Base>()     lines that change w before the update
///   rate(η, t)            the learning rate after t updates, from the one before it
///   begins()              how many updates pass before the schedules behind it begin
///   momentum(β, t)        the momentum after t updates
///   observe(loss)         sees the validation loss of every epoch
///   state(visit)          calls visit(name, double&) for what it remembers from step to step, to be saved and resumed
///   needs_norm            its gradient() reads `norm`, that of the whole gradient as the parts before it left it
///   batches()             so many gradients are averaged before one update
///   longest_row()         rows of weights are shortened to that after the update
template <class P>
concept OptimizerPart = requires { typename P::optimizer_part; };

namespace detail {

template <class P> constexpr auto gradient_lines() {
  if constexpr (requires { P::gradient(); })
    return P::gradient();
  else
    return rule();
}
template <class P, class Base> constexpr auto parameter_lines() {
  if constexpr (requires { P::template parameter<Base>(); })
    return P::template parameter<Base>();
  else
    return rule();
}
template <class P> constexpr bool needs_norm() {
  if constexpr (requires { P::needs_norm; })
    return P::needs_norm;
  else
    return false;
}
template <class P> inline constexpr bool accumulates = requires(const P p) { p.batches(); };

} // namespace detail

/// An optimizer with parts behind it: all of them at once, so that a rule finds every hyper-parameter as a member, and
/// one rule, so that a step stays one pass over the parameters. What needs the whole gradient first (its norm, several
/// batches) is a second pass: `gradient_update` over the stored gradient, then `update`.
template <class Base, class... Parts> struct composed : Base, Parts... {
  using base = Base;

  static constexpr bool needs_norm = (detail::needs_norm<Parts>() || ...);
  static constexpr bool accumulates = (detail::accumulates<Parts> || ...);

  static constexpr auto update() {
    return rule(detail::parameter_lines<Parts, Base>()..., lines<false>(std::index_sequence_for<Parts...>{}),
                Base::update());
  }
  /// What is done to the gradient before its norm is taken.
  static constexpr auto gradient_update() { return lines<true>(std::index_sequence_for<Parts...>{}); }

  void advance(std::size_t step) {
    if constexpr (requires(Base b) { b.advance(step); }) Base::advance(step);
  }

  /// The optimizer as its schedules have it for update number `step`, from 1.
  composed at(std::size_t step) const {
    composed now = *this;
    double t = static_cast<double>(step) - 1;
    bool begun = true;
    (schedule<Parts>(now, t, begun), ...);
    return now;
  }

  void observe(double validation_loss) {
    const auto show = [&]<class P>(P& part) {
      if constexpr (requires { part.observe(validation_loss); }) part.observe(validation_loss);
    };
    (show(static_cast<Parts&>(*this)), ...);
  }

  std::size_t batches() const {
    std::size_t count = 1;
    const auto ask = [&]<class P>(const P& part) {
      if constexpr (detail::accumulates<P>) count *= part.batches();
    };
    (ask(static_cast<const Parts&>(*this)), ...);
    return count;
  }

private:
  static constexpr std::size_t first_norm = [] {
    std::size_t i = 0;
    (void)((detail::needs_norm<Parts>() || (++i, false)) || ...);
    return needs_norm ? i : 0;
  }();

  template <bool Before, std::size_t... I> static constexpr auto lines(std::index_sequence<I...>) {
    return rule(chosen<(I < first_norm) == Before, Parts>()...);
  }
  template <bool Chosen, class P> static constexpr auto chosen() {
    if constexpr (Chosen)
      return detail::gradient_lines<P>();
    else
      return rule();
  }

  template <class P> static void schedule(composed& now, double& t, bool& begun) {
    const P& part = now;
    if (!begun) return;
    if constexpr (requires { part.rate(0.0, t); }) {
      static_assert(requires(Base b) { b.learning_rate; }, "this optimizer has no learning rate to schedule");
      now.learning_rate = part.rate(now.learning_rate, t);
    }
    if constexpr (requires { part.momentum(0.0, t); }) {
      static_assert(
          requires(Base b) { b.beta1; } || requires(Base b) { b.beta; }, "this optimizer has no momentum to schedule");
      static_assert(!requires(Base b) { b.advance(std::size_t{}); }, "this optimizer schedules its momentum itself");
      if constexpr (requires(Base b) { b.beta1; })
        now.beta1 = part.momentum(now.beta1, t);
      else
        now.beta = part.momentum(now.beta, t);
    }
    if constexpr (requires { part.begins(); }) {
      begun = t >= part.begins();
      t -= part.begins();
    }
  }
};

namespace detail {

/// Whether the optimizer looks at the validation loss.
template <class O> inline constexpr bool observes = requires(O o) { o.observe(0.0); };
template <class Base, class... Parts>
inline constexpr bool observes<composed<Base, Parts...>> = (observes<Parts> || ...);

} // namespace detail

template <Optimizer O, OptimizerPart P>
  requires(!LineSearch<O>)
constexpr composed<O, P> operator|(O optimizer, P part) {
  return {optimizer, part};
}
/// A line search goes along the gradient as it is: the type that this gives cannot be used, and says why.
template <LineSearch O, OptimizerPart P>
wrong_call<reason::behind_line_search, O, P> operator|(const O& optimizer, const P& part);

template <class Base, class... Parts, OptimizerPart P>
constexpr composed<Base, Parts..., P> operator|(const composed<Base, Parts...>& optimizer, P part) {
  return {static_cast<const Base&>(optimizer), static_cast<const Parts&>(optimizer)..., part};
}

} // namespace lamina
