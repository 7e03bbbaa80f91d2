#pragma once
#include <cstddef>

#include <lamina/core/diagnostics.hpp>

namespace lamina {

/// Reads a sample's elements as one vector.
/// Shape: (D...) → (product of D...). No parameters, no work: the plan only renames the shape. Source:
/// torch.nn.Flatten.
struct flatten {
  static constexpr bool renames_shape = true, flattens = true;
  static constexpr shape_answer infer(dimensions in) { return fits({1, {in.size()}}); }
};

/// Reads a sample's elements, in the same order, with other extents.
/// Shape: (D...) → (Extents...). No parameters, no work. Errors: element_count where the products differ. Source:
/// torch.nn.Unflatten.
template <std::size_t... Extents> struct reshape {
  static constexpr bool renames_shape = true;
  static constexpr shape_answer infer(dimensions in) {
    if (in.size() != shape<Extents...>.size()) return does_not_fit(reason::element_count, shape<Extents...>, in);
    return fits(shape<Extents...>);
  }
};

} // namespace lamina
