#pragma once
#include <cstddef>

#include <lamina/core/diagnostics.hpp>
#include <lamina/expression/freeze.hpp>

namespace lamina {

/// An elementwise layer from a formula in the term `x`: `activation<x * sigmoid(1.702 * x)>`, or
/// `struct quick_gelu : activation<x * sigmoid(1.702 * x)> {};` for a name of its own.
/// Shape: same. Forward: the formula, in the epilogue of the stage before it. Backward: its derivative, derived; keeps the output
/// alone where the derivative can be written with it, otherwise the input.
template <auto Formula>
struct activation {
  using formula = frozen<Formula>;
  static constexpr shape_answer infer(dimensions in) { return fits(in); }
};

} // namespace lamina
