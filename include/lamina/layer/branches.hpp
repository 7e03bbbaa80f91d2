#pragma once
#include <array>
#include <cstddef>

#include <lamina/layer/residual.hpp>

namespace lamina {

/// One of several ways through `branches`; an empty one is the identity.
template <class... Layers> struct path;

namespace detail {

/// What is no path counts as one of a single layer until it is refused.
template <class P> struct layers_of_path : type_is<type_list<P>> {
  static constexpr bool is_path = false;
};
template <class... Layers> struct layers_of_path<path<Layers...>> : type_is<type_list<Layers...>> {
  static constexpr bool is_path = true;
};

template <class Layers> struct path_of;
template <class... Layers> struct path_of<type_list<Layers...>> : type_is<path<Layers...>> {};

/// What is no joint counts as one until it is refused.
template <class Join> struct mark_of : type_is<add_mark> {
  static constexpr bool is_joint = false;
};
template <class Join>
  requires requires { typename Join::mark; }
struct mark_of<Join> : type_is<typename Join::mark> {
  static constexpr bool is_joint = true;
};

/// Where paths are joined one behind the other.
struct concat_mark {
  static constexpr bool joins_paths = true;
};

} // namespace detail

/// Paths are joined along the first axis, the channels of images: (C₁, H, W), (C₂, H, W) → (C₁ + C₂, H, W).
struct concat {
  using mark = detail::concat_mark;
  template <std::size_t N> static constexpr shape_answer joined(const std::array<dimensions, N>& ends) {
    dimensions all = ends[0];
    for (std::size_t i = 1; i < N; ++i) {
      dimensions fitting = ends[0];
      fitting.extent[0] = ends[i][0];
      if (ends[i] != fitting) return does_not_fit(reason::joined_shape, fitting, ends[i]);
      all.extent[0] += ends[i][0];
    }
    return fits(all);
  }
};

/// Paths are joined by a sum; all have one shape.
struct add {
  using mark = detail::add_mark;
  template <std::size_t N> static constexpr shape_answer joined(const std::array<dimensions, N>& ends) {
    for (const dimensions& end : ends)
      if (end != ends[0]) return does_not_fit(reason::joined_shape, ends[0], end);
    return fits(ends[0]);
  }
};

/// Several ways through the network, side by side, joined by `concat` or `add`.
/// Shape: (D...) → by the joint's rule. `branches<concat, path<…>, path<…>>`. Parameters: "0.1.2.weight" for layer 2 of
/// path 1 of a block that is layer 0. A path writes its part of a concatenation where it belongs, nothing is copied
/// afterwards; a sum is a part of the last layers' stages. Errors: joined_shape where shapes do not fit each other;
/// no_joint and no_path for what stands in place of one; mistakes inside name the way there. Source: Szegedy et al.
/// 2015. Example: examples/23_residual.cpp.
template <class Join, class... Paths> struct branches {
  using paths = detail::type_list<typename detail::layers_of_path<Paths>::type...>;
  using join = typename detail::mark_of<Join>::type;

  static constexpr shape_answer joined(const std::array<dimensions, sizeof...(Paths)>& ends) {
    if constexpr (!detail::mark_of<Join>::is_joint)
      return does_not_fit(reason::no_joint, {}, {});
    else if constexpr (sizeof...(Paths) == 0 || !(detail::layers_of_path<Paths>::is_path && ...))
      return does_not_fit(reason::no_path, {}, {});
    else
      return Join::joined(ends);
  }
  static constexpr short_text name_of(std::size_t path) { return short_text{}.append(path); }
  template <class... Lists> using with_paths = branches<Join, typename detail::path_of<Lists>::type...>;
  template <std::size_t Path> using where = detail::type_list<inside::path<Path>>;
};

} // namespace lamina
