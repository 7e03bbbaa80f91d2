#pragma once
#include <type_traits>

#include <lamina/loss/formula.hpp>

namespace lamina {

/// A loss from a formula in y, t and fields of its own, which are set at run time: a struct with `formula()`.
///
///     struct scaled_cauchy {
///       double scale = 1;
///       static constexpr auto formula() {
///         using namespace lamina::terms;
///         constexpr lamina::hyper<&scaled_cauchy::scale> scale;
///         return log(1 + square((y - t) / scale));
///       }
///     };
///
/// What depends on the fields alone is computed once a batch, in double. All else is as with `loss`: the mean over all
/// outputs, the derivative by y derived, a loss_error for other terms. Example: tests/loss/losses.cpp.
template <class Loss>
concept ParametricLoss = requires { Loss::formula(); };

namespace detail {

/// What a trainer needs of a parametric loss.
template <ParametricLoss Loss> struct parametric_loss {
  Loss fields;
  static constexpr bool takes_labels = false, takes_values = true;

  constexpr parametric_loss(const Loss& loss) : fields{loss} {}

  template <class Net> static constexpr auto diagnose() {
    if constexpr (is_formula_in<frozen<Loss::formula()>, terms::term<"y">, terms::term<"t">, fields_of<Loss>>)
      return no_error{};
    else
      return loss_error<reason::unknown_term, Loss>{};
  }
  static constexpr double divisor(std::size_t batch, std::size_t features) {
    return mean_over_outputs::divisor(batch, features);
  }
  template <class T, class Arch> double sum(const loss_view<T>& at, const T* const* targets) const {
    return sum_of_formula<frozen<Loss::formula()>, mean_over_outputs, T, Arch>(fields, at, targets);
  }
};

template <class Loss> struct complete {
  using type = Loss;
};
template <ParametricLoss Loss> struct complete<Loss> {
  using type = parametric_loss<Loss>;
};

/// A loss as trainers and measures call it, made from what a user writes.
template <class Loss> using complete_loss = typename complete<Loss>::type;

} // namespace detail
} // namespace lamina
