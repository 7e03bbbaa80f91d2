#pragma once
#include <cstddef>
#include <string_view>

#include <lamina/core/parameter.hpp>
#include <lamina/core/type_list.hpp>
#include <lamina/network/check.hpp>
#include <lamina/network/leaf.hpp>
#include <lamina/network/ties.hpp>

/// A network opened into its leaves: nested networks replaced by their layers, names taken off the types and kept as
/// values.
namespace lamina::detail {

template <class List> struct leaves_of_list;

template <class L> struct leaves_of_layer {
  using type = type_list<L>;
};
template <fixed_string Name, class L> struct leaves_of_layer<named<Name, L>> : leaves_of_layer<L> {};
template <Network L> struct leaves_of_layer<L> {
  using type = typename L::leaves;
};
/// A layer that is made of others, which share its name.
template <class L>
concept Composite = requires { typename L::parts; };
template <Composite L> struct leaves_of_layer<L> {
  using type = typename L::parts;
};

/// Where a block begins, where its next path does, and where they are joined.
struct fork_mark {
  static constexpr bool marks_fork = true;
};
struct path_mark {
  static constexpr bool marks_path = true;
};

template <class First, class... Rest> struct paths_opened {
  using type =
      typename joined<typename leaves_of_list<First>::type,
                      typename joined<type_list<path_mark>, typename leaves_of_list<Rest>::type>::type...>::type;
};
template <class L, class Paths> struct leaves_of_paths;
template <class L, class... Paths> struct leaves_of_paths<L, type_list<Paths...>> {
  using type =
      typename joined<type_list<fork_mark>, typename paths_opened<Paths...>::type, type_list<typename L::join>>::type;
};
template <Block L> struct leaves_of_layer<L> : leaves_of_paths<L, typename L::paths> {};

template <class L>
inline constexpr bool is_leaf = !Network<L> && !Composite<L> && !Block<L> && std::is_same_v<plain<L>, L>;

template <bool Flat, class... Layers> struct opened {
  using type = type_list<Layers...>;
};
template <class... Layers> struct opened<false, Layers...> {
  using type = typename joined<typename leaves_of_layer<Layers>::type...>::type;
};
template <class... Layers> using leaves_of = typename opened<(is_leaf<Layers> && ...), Layers...>::type;
template <class... Layers> struct leaves_of_list<type_list<Layers...>> {
  using type = leaves_of<Layers...>;
};

template <class... Leaves> constexpr std::size_t tensors_of(type_list<Leaves...>) {
  constexpr auto one = []<class L>(type_is<L>) {
    if constexpr (kind_of<L>() == leaf_kind::head)
      return L::parameter_tensors;
    else
      return std::size_t{0};
  };
  return (one(type_is<Leaves>{}) + ... + 0);
}

constexpr short_text layer_name(std::size_t index, std::string_view given) {
  short_text name;
  return given.empty() ? name.append(index) : name.append(given);
}

/// Puts a marker of a block into the table: an order is agreed upon where paths begin and where they end.
template <class mark, class Table> constexpr void put_mark(Table& table, const short_text& name, dimensions out) {
  leaf& here = table.leaves[table.leaf_count++];
  here.name = name, here.in = table.at.shape, here.kind = kind_of<mark>(), here.first_parameter = table.tensor_count;
  if (here.kind == leaf_kind::fork) {
    if (table.at.shape.rank == 1) table.make_planar(here);
    if (table.at.shape.rank == 3) table.make_channels_last(here);
    table.forks[table.open_blocks] = table.at;
    table.first_ends[table.open_blocks++] = {};
  } else {
    passing& first = table.first_ends[table.open_blocks - 1];
    const bool last = table.at.shape.rank == 3 || (table.at.shape.rank == 2 && first.shape.rank && !first.planar());
    if (table.at.shape.rank != 2 || first.shape.rank) table.arrange(here, last ? order::channels_last : order::planar);
    if (!first.shape.rank) first = table.at;
    if (here.kind == leaf_kind::next_path) {
      table.at = table.forks[table.open_blocks - 1];
    } else {
      --table.open_blocks;
      table.at = {out, table.at.planar() ? dimensions{} : out};
      if (out.rank == 3 && has_orders(out)) table.at.image = out;
    }
  }
  here.out = table.at.shape;
  here.channels_last = !table.at.planar();
}

template <class layer, class Table> constexpr void add_leaf(Table& table, const short_text& name) {
  leaf& here = table.leaves[table.leaf_count++];
  const dimensions in = table.at.shape;
  here = {.name = name,
          .in = in,
          .out = layer::infer(in).output,
          .kind = kind_of<layer>(),
          .first_parameter = table.tensor_count};
  [[maybe_unused]] dimensions image{}; // that leaves a tied layer
  if constexpr (kind_of<layer>() == leaf_kind::view) {
    constexpr bool flattens = requires { layer::flattens; };
    if (!flattens) table.make_planar(here);
  } else if constexpr (Tied<layer>) {
    image = tie_leaf<layer>(table, here);
  } else {
    table.arrange(here, order_of<layer>(in));
  }
  if constexpr (kind_of<layer>() == leaf_kind::head) {
    here.parameters = layer::parameter_tensors;
    here.lends = lent_by<layer>();
    here.forward_flops = layer::forward_flops(in);
    here.backward_flops = layer::backward_flops(in);
    if constexpr (layer::parameter_tensors > 0)
      for (parameter p : layer::parameters(in)) {
        p.name = inside_of(name, p.name);
        const order taken = order_of<layer>(in);
        const bool by_place = (p.matrix && taken == order::permuted) || (p.shape == in && taken == order::any);
        if (by_place && !table.at.planar())
          p.channels = table.at.image[0], p.positions = table.at.image.size() / table.at.image[0];
        if (image.rank) p.channels = image[0], p.positions = image[1];
        table.parameters[table.tensor_count++] = p;
      }
    const bool last = order_of<layer>(in) == order::channels_last && has_orders(here.out);
    if (order_of<layer>(in) != order::any) table.at.image = last ? here.out : image;
  }
  table.at.shape = here.out;
  here.channels_last = !table.at.planar();
}

template <class L, class Table> constexpr void add_leaves(Table& table, const short_text& outer, std::size_t index);

template <class... Layers, class Table>
constexpr void add_list(Table& table, const short_text& outer, type_list<Layers...>) {
  std::size_t index = 0;
  (add_leaves<Layers>(table, outer, index++), ...);
}

template <class L, class Table> constexpr void add_leaves(Table& table, const short_text& outer, std::size_t index) {
  using layer = plain<L>;
  const short_text name = inside_of(outer, layer_name(index, unwrapped<L>::name));
  if constexpr (Composite<layer>) {
    [&]<class... Parts>(type_list<Parts...>) { (add_leaf<Parts>(table, name), ...); }(typename layer::parts{});
  } else if constexpr (Network<layer>) {
    add_list(table, name, typename layer::layers{});
  } else if constexpr (Block<layer>) {
    const dimensions out = answer_of<layer>(table.at.shape).output;
    put_mark<fork_mark>(table, name, {});
    [&]<class... Paths>(type_list<Paths...>) {
      std::size_t path = 0;
      const auto one = [&]<class Path>(type_is<Path>) {
        if (path > 0) put_mark<path_mark>(table, name, {});
        const short_text before = layer::name_of(path++);
        add_list(table, before.length ? inside_of(name, before) : name, Path{});
      };
      (one(type_is<Paths>{}), ...);
    }(typename layer::paths{});
    put_mark<typename layer::join>(table, name, out);
  } else {
    add_leaf<layer>(table, name);
  }
}

template <class Input, class... Layers> constexpr auto make_leaf_table() {
  using leaves = leaves_of<Layers...>;
  leaf_table<leaves::size, tensors_of(leaves{})> table{};
  table.at.shape = Input::extents;
  std::size_t index = 0;
  const auto one = [&]<class L>(type_is<L>) {
    const std::size_t first = table.leaf_count;
    add_leaves<L>(table, short_text{}, index);
    for (std::size_t i = first; i < table.leaf_count; ++i) table.leaves[i].layer = index;
    ++index;
  };
  (one(type_is<Layers>{}), ...);
  if (!table.at.planar()) table.after = reorder::planar, table.reordered = table.at.image;
  return table;
}

} // namespace lamina::detail
