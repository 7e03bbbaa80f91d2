#pragma once
#include <cstddef>

#include <lamina/expression/compiled.hpp>
#include <lamina/expression/cost.hpp>
#include <lamina/expression/substitute.hpp>
#include <lamina/model/storage.hpp>
#include <lamina/optimizer/compose.hpp>
#include <lamina/simd/map.hpp>
#include <lamina/simd/traits.hpp>

/// An optimizer's rule as something gradients are handed to.
namespace lamina {

namespace detail {

template <class O> using rule_of = compiled_rule<O::update()>;

template <class Rule> inline constexpr std::size_t rule_operations = light_operations + 1;
template <class... Targets, class... Values>
inline constexpr std::size_t rule_operations<compiled<rule_t<terms::assignment<Targets, Values>...>>> =
    (operation_count<Values> + ... + 0);

/// Whether a rule leaves a parameter without a gradient, and its slots, as they are: 0 for g leaves nothing of its
/// lines but `w = w`. So plain descent and Adagrad; momentum, decay and Adam move on.
template <class Rule> inline constexpr bool rests_without = false;
template <class... Targets, class... Values>
inline constexpr bool rests_without<compiled<rule_t<terms::assignment<Targets, Values>...>>> =
    (std::is_same_v<Targets, substitute_t<Values, terms::term<"g">, terms::constant<0.0>>> && ...);

/// Applies the rule to the parameters whose gradient is finished, while it is still in registers.
template <class T, class Arch, class Rule> struct update_parameters {
  static constexpr bool light = rule_operations<Rule> <= light_operations, rests_without_gradient = rests_without<Rule>;
  using V = simd::vector<T, Arch>;
  T* block;
  T* slots;         ///< slot s of the parameter at `offset` is at `slots + s * size + offset`
  std::size_t size; ///< of a block
  V uniforms[Rule::uniform_count + 1];

  [[gnu::always_inline]] void operator()(std::size_t offset, V g) const {
    V w = V::load_aligned(block + offset), s[Rule::slot_count + 1];
    for (std::size_t i = 0; i < Rule::slot_count; ++i) s[i] = V::load_aligned(slots + i * size + offset);
    Rule::apply(w, g, s, uniforms);
    for (std::size_t i = 0; i < Rule::slot_count; ++i) s[i].store_aligned(slots + i * size + offset);
    w.store_aligned(block + offset);
  }
  /// What is no parameter of the optimizer's, running statistics: stored as it comes.
  template <class Value> void keep(std::size_t offset, Value v) const { v.store_aligned(block + offset); }
  [[gnu::always_inline]] void prefetch(std::size_t offset) const {
    simd::prefetch_write(block + offset);
    for (std::size_t i = 0; i < Rule::slot_count; ++i) simd::prefetch_write(slots + i * size + offset);
  }
};

/// The optimizer as it is for update number `step`: schedules have set its rates.
template <class O> const O& scheduled(const O& optimizer, std::size_t) { return optimizer; }
template <class Base, class... Parts> auto scheduled(const composed<Base, Parts...>& optimizer, std::size_t step) {
  return optimizer.at(step);
}

/// The memory of an optimizer for a block of `Size` parameters: its slots and the number of updates so far.
template <class O, class T, class Arch, std::size_t Size> class optimizer_state {
public:
  using rule = rule_of<O>;

  /// Computes what is the same for all parameters, once a step and in double, and gives the sink for this step.
  update_parameters<T, Arch, rule> next(O& optimizer, T* block, double norm = 0) {
    ++step_;
    if constexpr (requires { optimizer.advance(step_); }) optimizer.advance(step_);
    double numbers[rule::uniform_count + 1]{};
    rule::prepare(numbers, scheduled(optimizer, step_), static_cast<double>(step_), norm);
    update_parameters<T, Arch, rule> sink{block, slots_.data(), Size, {}};
    for (std::size_t i = 0; i < rule::uniform_count; ++i)
      sink.uniforms[i] = simd::vector<T, Arch>(static_cast<T>(numbers[i]));
    return sink;
  }
  std::size_t step() const { return step_; }
  void go_on_from(std::size_t step) { step_ = step; }
  T* slot(std::size_t index) { return slots_.data() + index * Size; }
  const T* slot(std::size_t index) const { return slots_.data() + index * Size; }

private:
  aligned_block<T> slots_{rule::slot_count * Size};
  std::size_t step_ = 0;
};

} // namespace detail
} // namespace lamina
