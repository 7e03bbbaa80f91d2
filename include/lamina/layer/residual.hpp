#pragma once
#include <array>
#include <cstddef>

#include <lamina/core/diagnostics.hpp>
#include <lamina/core/parameter.hpp>
#include <lamina/core/type_list.hpp>

namespace lamina {

/// The way around a residual block, where it is not the identity: `residual<shortcut<conv2d<…>>, …>`.
template <class... Layers> struct shortcut {
  using layers = detail::type_list<Layers...>;
};

namespace detail {

/// Where paths are joined by a sum.
struct add_mark {
  static constexpr bool adds_paths = true;
};

template <class First, class... Layers> struct residual_paths {
  using type = type_list<type_list<>, type_list<First, Layers...>>;
};
template <class... Around, class... Layers> struct residual_paths<shortcut<Around...>, Layers...> {
  using type = type_list<type_list<Around...>, type_list<Layers...>>;
};
template <class Around, class Layers> struct residual_of;

} // namespace detail

/// Adds a way around its layers to what they make of the input: y = layers(x) + x, or + shortcut(x).
/// Shape: (D...) → that of the layers, which must be that of the way around. Parameters: those of the layers,
/// "2.0.weight" for layer 0 of a block that is layer 2, "2.shortcut.0.weight" for the way around. The sum is a part of
/// the last layer's stage, before what follows the block. Errors: residual_shape where the two differ; mistakes inside
/// name the way there. Source: He et al. 2016. Example: examples/23_residual.cpp.
template <class First, class... Layers> struct residual {
  using paths = typename detail::residual_paths<First, Layers...>::type;
  using join = detail::add_mark;

  static constexpr shape_answer joined(const std::array<dimensions, 2>& ends) {
    return ends[0] == ends[1] ? fits(ends[1]) : does_not_fit(reason::residual_shape, ends[0], ends[1]);
  }
  static constexpr short_text name_of(std::size_t path) { return path == 0 ? short_text{"shortcut"} : short_text{}; }
  template <class Around, class Through> using with_paths = typename detail::residual_of<Around, Through>::type;
  template <std::size_t Path>
  using where = std::conditional_t<Path == 0, detail::type_list<inside::shortcut>, detail::type_list<>>;
};

namespace detail {

/// The block with these paths.
template <class... Around, class... Layers> struct residual_of<type_list<Around...>, type_list<Layers...>> {
  using type = residual<shortcut<Around...>, Layers...>;
};

} // namespace detail
} // namespace lamina
