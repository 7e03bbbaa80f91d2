#pragma once
#include <cstddef>

#include <lamina/core/diagnostics.hpp>
#include <lamina/expression/freeze.hpp>
#include <lamina/expression/known_terms.hpp>

namespace lamina {

/// An elementwise layer from a formula in the term `x`: `activation<x * sigmoid(1.702 * x)>`, or
/// `struct quick_gelu : activation<x * sigmoid(1.702 * x)> {};` for a name of its own.
/// Shape: same. Forward: the formula, in the epilogue of the stage before it. Backward: its derivative, derived; keeps
/// the output alone where the derivative can be written with it, otherwise the input.
/// Errors: a formula in another term is a shape error of the network.
template <auto Formula> struct activation {
  using formula = frozen<Formula>;
  static constexpr shape_answer infer(dimensions in) {
    return is_formula_in<formula, terms::term<"x">> ? fits(in) : does_not_fit(reason::unknown_term, {}, {});
  }
};

} // namespace lamina
