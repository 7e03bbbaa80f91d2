#pragma once
#include <array>
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
template <std::size_t Steps, std::size_t Tokens> inline constexpr bool is_input<token_input<Steps, Tokens>> = true;

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
  bool doubled_name = false; ///< the mistake is the name of layer `index`

  constexpr bool good() const { return mistake.why == reason::none; }
};

/// A layer made of paths that begin at one input and are joined: `residual`, `branches`. It gives `paths`, a list of
/// lists of layers; `with_paths<lists…>`, the same block with others; `joined(shapes)`, the shape rule of the joint;
/// `join`, what the joint does; `name_of(path)`, what stands before the names of a path's parameters; and
/// `where<Path>`, how messages call a path.
template <class L>
concept Block = requires { typename L::paths; };

template <class... Layers> constexpr walk walked_from(dimensions in);
template <class List> struct walk_of;
template <class... Layers> struct walk_of<type_list<Layers...>> {
  static constexpr walk from(dimensions in) { return walked_from<Layers...>(in); }
};

/// The walks through the paths of a block.
template <class L, class... Paths> constexpr auto walked_paths(type_list<Paths...>, dimensions in) {
  return std::array<walk, sizeof...(Paths)>{walk_of<Paths>::from(in)...};
}
template <class L> constexpr shape_answer answer_of_block(dimensions in) {
  const auto walks = walked_paths<L>(typename L::paths{}, in);
  std::array<dimensions, walks.size()> ends{};
  for (std::size_t i = 0; i < walks.size(); ++i) {
    if (!walks[i].good()) return walks[i].mistake;
    ends[i] = walks[i].at;
  }
  return L::joined(ends);
}

template <class L> constexpr shape_answer answer_of(dimensions in) {
  if constexpr (is_input<L>)
    return does_not_fit(reason::second_input, {}, in);
  else if constexpr (Network<L>) {
    if (L::poisoned) return fits(in); // its own message says enough
    return in == L::input_shape ? fits(L::output_shape) : does_not_fit(reason::input_size, L::input_shape, in);
  } else if constexpr (Block<L>)
    return answer_of_block<L>(in);
  else if constexpr (requires { L::infer(in); }) {
    constexpr bool takes_tokens = requires { L::takes_tokens; };
    return takes_tokens == (in.tokens > 0) ? L::infer(in) : does_not_fit(reason::tokens, {}, {});
  } else
    return does_not_fit(reason::not_a_layer, {}, {});
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

/// The index of the first layer whose given name another has, before it or as its index.
template <class... Layers> constexpr std::size_t doubled_name_at() {
  constexpr std::size_t count = sizeof...(Layers);
  const std::string_view names[count + 1]{unwrapped<Layers>::name...};
  for (std::size_t i = 0; i < count; ++i)
    for (std::size_t j = 0; j < count && !names[i].empty(); ++j)
      if (i != j && (names[j].empty() ? names[i] == short_text{}.append(j).view() : j < i && names[i] == names[j]))
        return i;
  return count;
}

template <class... Layers> constexpr walk walked_from(dimensions in) {
  walk w{.at = in};
  (step<Layers>(w), ...);
  if (const std::size_t doubled = doubled_name_at<Layers...>(); w.good() && doubled < sizeof...(Layers)) {
    w.index = doubled;
    w.mistake.why = reason::doubled_name;
    w.doubled_name = true;
  }
  return w;
}

/// The error of a layer, with the shapes that it is about, if it is about shapes.
template <class L, shape_answer Mistake, class... Way> constexpr auto explained_here() {
  if constexpr (Mistake.expected.rank == 0 && Mistake.got.rank == 0)
    return shape_error<Mistake.why, Way..., L>{};
  else
    return shape_error<Mistake.why, Way..., L, spelled<expects, Mistake.expected>, spelled<gets, Mistake.got>>{};
}

template <class Layers, walk W, class... Way> constexpr auto explained_in();

/// The error of a layer that does not take `In`: inside a block, that of the layer it comes from, with the way there.
template <class L, dimensions In, class... Way> constexpr auto explained() {
  constexpr shape_answer mistake = answer_of<plain<L>>(In);
  if constexpr (Block<plain<L>>) {
    using block = plain<L>;
    constexpr auto walks = walked_paths<block>(typename block::paths{}, In);
    constexpr std::size_t wrong = [&] {
      std::size_t i = 0;
      while (i < walks.size() && walks[i].good()) ++i;
      return i;
    }();
    if constexpr (wrong < walks.size()) {
      using layers = nth<wrong, typename block::paths>;
      return [&]<class... Step>(type_list<Step...>) {
        return explained_in<layers, walks[wrong], Way..., Step...>();
      }(typename block::template where<wrong>{});
    } else {
      return explained_here<L, mistake, Way...>();
    }
  } else {
    return explained_here<L, mistake, Way...>();
  }
}
/// The same for the first mistake in a list of layers.
template <class Layers, walk W, class... Way> constexpr auto explained_in() {
  using L = nth<W.index, Layers>;
  if constexpr (W.doubled_name)
    return shape_error<reason::doubled_name, Way..., layer<W.index>, L>{};
  else
    return explained<L, W.at, Way..., layer<W.index>>();
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

/// `no_error`, or the first mistake in shapes, with the layer as it was written.
template <class... Layers> constexpr auto diagnose_shapes() {
  if constexpr (sizeof...(Layers) == 0)
    return shape_error<reason::no_input>{};
  else
    return []<class First, class... Rest>(type_list<First, Rest...>) {
      if constexpr (!is_input<First>)
        return shape_error<reason::no_input, layer<0>, First>{};
      else if constexpr (First::extents.size() == 0)
        return shape_error<reason::out_of_range, First>{};
      else if constexpr (sizeof...(Rest) == 0)
        return shape_error<reason::empty_network, First>{};
      else {
        constexpr walk w = walked_from<Rest...>(First::extents);
        if constexpr (!w.good())
          return explained_in<type_list<Rest...>, w>();
        else
          return no_error{};
      }
    }(type_list<Layers...>{});
}

} // namespace detail
} // namespace lamina
