#pragma once
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

#include <lamina/core/diagnostics.hpp>
#include <lamina/core/parameter.hpp>
#include <lamina/core/type_list.hpp>
#include <lamina/layer/options.hpp>

/// The one place that checks how layers fit: a fold over shapes that are values, which stops at the first mistake.
namespace lamina {

struct network_base {}; ///< what every network derives from

/// A network: a type that derives from `network<input<…>, layer…>`.
template <class N>
concept Network = std::is_base_of_v<network_base, N>;

namespace detail {

template <class L> inline constexpr bool is_input = false;
template <std::size_t... Extents> inline constexpr bool is_input<input<Extents...>> = true;

template <class L> struct unwrapped : type_is<L> {
  static constexpr std::string_view name{};
};
template <fixed_string Name, class L> struct unwrapped<named<Name, L>> : type_is<L> {
  static constexpr std::string_view name = Name.view();
};
template <class L> using plain = typename unwrapped<L>::type;

/// Where the fold over the layers stands: the shape that arrives, or the first mistake.
struct walk {
  dimensions at{};
  std::size_t index = 0;
  shape_answer mistake{};

  constexpr bool good() const { return mistake.why == reason::none; }
};

template <class L> constexpr shape_answer answer_of(dimensions in) {
  if constexpr (is_input<L>)
    return does_not_fit(reason::second_input, {}, in);
  else if constexpr (Network<L>) {
    if (L::poisoned) return fits(in); // its own message says enough
    return in == L::input_shape ? fits(L::output_shape) : does_not_fit(reason::input_size, L::input_shape, in);
  } else
    return L::infer(in);
}

template <class L> constexpr void step(walk& w) {
  if (!w.good()) return;
  const shape_answer answer = answer_of<plain<L>>(w.at);
  if (answer.why != reason::none) {
    w.mistake = answer;
    return;
  }
  w.at = answer.output;
  ++w.index;
}

/// The index of the first layer whose name another has before it.
template <class... Layers> constexpr std::size_t doubled_name_at() {
  const std::string_view names[sizeof...(Layers) + 1]{unwrapped<Layers>::name...};
  for (std::size_t i = 0; i < sizeof...(Layers); ++i)
    for (std::size_t j = 0; j < i && !names[i].empty(); ++j)
      if (names[i] == names[j]) return i;
  return sizeof...(Layers);
}

template <class Input, class... Layers> constexpr walk walked() {
  walk w{.at = Input::extents};
  (step<Layers>(w), ...);
  return w;
}

/// The shapes that leave the layers.
template <class Input, class... Layers> struct shapes_of {
  dimensions after[sizeof...(Layers) + 1]{};
  constexpr shapes_of() {
    walk w{.at = Input::extents};
    std::size_t i = 0;
    ((step<Layers>(w), after[i++] = w.at), ...);
  }
};

/// `no_error`, or the first mistake with the layer as it was written.
template <class... Layers> constexpr auto diagnose() {
  if constexpr (sizeof...(Layers) == 0)
    return shape_error<reason::no_input>{};
  else
    return []<class First, class... Rest>(type_list<First, Rest...>) {
      if constexpr (!is_input<First>)
        return shape_error<reason::no_input, layer<0>, First>{};
      else if constexpr (sizeof...(Rest) == 0)
        return shape_error<reason::empty_network, First>{};
      else {
        constexpr walk w = walked<First, Rest...>();
        if constexpr (!w.good())
          return shape_error<w.mistake.why, layer<w.index>, nth<w.index, type_list<Rest...>>,
                             spelled<expects, w.mistake.expected>, spelled<gets, w.mistake.got>>{};
        else if constexpr (constexpr std::size_t doubled = doubled_name_at<Rest...>(); doubled < sizeof...(Rest))
          return shape_error<reason::doubled_name, layer<doubled>, nth<doubled, type_list<Rest...>>>{};
        else
          return no_error{};
      }
    }(type_list<Layers...>{});
}

template <class... Layers> inline constexpr bool is_sound = requires { decltype(diagnose<Layers...>())::none; };

} // namespace detail
} // namespace lamina
