#pragma once
#include <array>
#include <cstddef>
#include <string_view>

#include <lamina/core/parameter.hpp>
#include <lamina/core/type_list.hpp>
#include <lamina/layer/tied_weight.hpp>
#include <lamina/network/check.hpp>

/// A network opened into its leaves: nested networks replaced by their layers, names taken off the types and kept as
/// values.
namespace lamina::detail {

inline constexpr std::size_t none = static_cast<std::size_t>(-1); ///< no leaf, no stage

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

enum class leaf_kind { head, elementwise, view, fork, next_path, add, concat };

template <class L> constexpr leaf_kind kind_of() {
  if constexpr (requires { typename L::formula; })
    return leaf_kind::elementwise;
  else if constexpr (requires { L::renames_shape; })
    return leaf_kind::view;
  else if constexpr (requires { L::marks_fork; })
    return leaf_kind::fork;
  else if constexpr (requires { L::marks_path; })
    return leaf_kind::next_path;
  else if constexpr (requires { L::adds_paths; })
    return leaf_kind::add;
  else if constexpr (requires { L::joins_paths; })
    return leaf_kind::concat;
  else
    return leaf_kind::head;
}

/// A transposition that the plan puts before a leaf, because it takes its numbers in the other order.
enum class reorder { none, channels_last, planar };

/// A sample on its way through the leaves: its shape, and the image (channels, positions) whose numbers stand channels
/// last; no positions where they stand row-major.
struct passing {
  dimensions shape{};
  dimensions image{};

  constexpr bool planar() const { return image.rank == 0; }
};

/// What a leaf takes: rows as they come, images channels last, row-major, or a row of numbers in either order.
enum class order { any, channels_last, planar, permuted };

template <class L> constexpr order order_of(dimensions in) {
  if constexpr (requires { L::in_any_order(in); })
    if (L::in_any_order(in)) return order::any;
  if constexpr (requires { L::of_channels; })
    return order::channels_last;
  else if constexpr (kind_of<L>() == leaf_kind::elementwise)
    return order::any;
  else if constexpr (requires { L::of_images; })
    return in.rank > 1 ? order::channels_last : order::planar;
  else if constexpr (requires { L::permutes_weight; })
    return order::permuted;
  else
    return order::planar;
}

/// Whether the two orders of an image differ.
constexpr bool has_orders(dimensions shape) { return shape.rank > 1 && shape[0] > 1 && shape.size() > shape[0]; }

/// One leaf as a value.
struct leaf {
  short_text name{};
  dimensions in{}, out{};
  leaf_kind kind{};
  reorder before = reorder::none;
  dimensions reordered{};     ///< the image that is put into the other order before it
  bool channels_last = false; ///< what leaves it stands channels last
  std::size_t layer = 0;      ///< of the outermost network
  std::size_t first_parameter = 0, parameters = 0;
  lent lends = lent::nothing;
  std::size_t source = none; ///< the leaf whose weight it uses
  bool transposed = false;   ///< and in which way
  std::size_t forward_flops = 0, backward_flops = 0;
};

template <std::size_t Leaves, std::size_t Parameters> struct leaf_table {
  std::array<leaf, Leaves> leaves{};
  std::array<parameter, Parameters> parameters{};
  std::size_t leaf_count = 0, tensor_count = 0;
  passing at{};
  std::array<passing, Leaves + 1> forks{}, first_ends{}; ///< of the blocks that are open
  std::size_t open_blocks = 0;
  reorder after = reorder::none; ///< the last leaf, so that the output is row-major
  dimensions reordered{};
  bool ties = false;          ///< some leaf uses the weight of another
  shape_answer wrong_tie{};   ///< the first that does not fit
  std::size_t wrong_leaf = 0; ///< and where it is

  constexpr std::size_t parameter_count() const {
    std::size_t count = 0;
    for (const parameter& p : parameters)
      if (p.trainable) count += p.shape.size();
    return count;
  }
  constexpr void make_planar(leaf& here) {
    if (at.planar()) return;
    here.before = reorder::planar, here.reordered = at.image, at.image = {};
  }
  constexpr void make_channels_last(leaf& here) {
    if (!has_orders(at.shape) || at.image == at.shape) return;
    here.before = reorder::channels_last, here.reordered = at.image = at.shape;
  }
  constexpr void arrange(leaf& here, order wanted) {
    if (wanted == order::planar) make_planar(here);
    if (wanted == order::channels_last) make_channels_last(here);
  }
};

constexpr short_text inside_of(const short_text& outer, const short_text& inner) {
  return outer.length == 0 ? inner : short_text{outer}.append(".").append(inner.view());
}

/// The leaf that a layer called `from` means by `name`: one that lends its weight, if any of them does.
template <class Table>
constexpr std::size_t leaf_named(const Table& table, std::string_view from, std::string_view name) {
  std::size_t found = none;
  while (found == none && !from.empty()) {
    const std::size_t dot = from.rfind('.');
    from = from.substr(0, dot == from.npos ? 0 : dot);
    const short_text wanted = inside_of(from, name);
    for (std::size_t i = 0; i + 1 < table.leaf_count; ++i)
      if (table.leaves[i].name.view() == wanted.view() && (found == none || table.leaves[i].lends != lent::nothing))
        found = i;
  }
  return found;
}

/// The image whose numbers, channels last, the inputs of this leaf's weight are; of rank 0 where they are none.
template <class Table> constexpr dimensions image_of_weight(const Table& table, const leaf& source) {
  const parameter& weight = table.parameters[source.first_parameter];
  return weight.positions > 1 ? dimensions{2, {weight.channels, weight.positions}} : dimensions{};
}

/// Finds the weight of a tied layer, or says why it has none, and takes its numbers in the order of that weight. Gives
/// the image whose numbers leave it.
template <class layer, class Table> constexpr dimensions tie_leaf(Table& table, leaf& here) {
  table.ties = true;
  here.source = leaf_named(table, here.name.view(), layer::tied.name);
  here.transposed = layer::tied.transposed;
  shape_answer answer = fits({});
  dimensions image{};
  if (here.source == none) {
    answer = does_not_fit(reason::tied_name, {}, {});
  } else if (const leaf& source = table.leaves[here.source]; !layer::borrows(source.lends)) {
    answer = does_not_fit(reason::tied_weight, {}, {});
  } else {
    const dimensions& weight = table.parameters[source.first_parameter].shape;
    const std::size_t inputs = here.in.last(), outputs = here.out.last();
    const dimensions wanted = here.transposed ? dimensions{2, {inputs, outputs}} : dimensions{2, {outputs, inputs}};
    if (weight != wanted) answer = does_not_fit(reason::tied_shape, wanted, weight);
    image = image_of_weight(table, source);
  }
  const dimensions taken = here.transposed ? dimensions{} : image;
  if (taken.rank == 0)
    table.make_planar(here);
  else if (table.at.planar())
    here.before = reorder::channels_last, here.reordered = taken;
  else if (table.at.image[0] != taken[0])
    answer = does_not_fit(reason::tied_shape, taken, table.at.image);
  if (answer.why == reason::none) return here.transposed ? image : dimensions{};
  if (table.wrong_tie.why == reason::none) table.wrong_tie = answer, table.wrong_leaf = table.leaf_count - 1;
  here.source = none;
  return {};
}

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
