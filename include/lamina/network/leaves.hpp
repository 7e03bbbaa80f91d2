#pragma once
#include <array>
#include <cstddef>
#include <string_view>

#include <lamina/core/parameter.hpp>
#include <lamina/core/type_list.hpp>
#include <lamina/network/check.hpp>

/// A network opened into its leaves: nested networks replaced by their layers, names taken off the types and kept as
/// values.
namespace lamina::detail {

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

template <class L> inline constexpr bool is_leaf = !Network<L> && !Composite<L> && std::is_same_v<plain<L>, L>;

template <bool Flat, class... Layers> struct opened {
  using type = type_list<Layers...>;
};
template <class... Layers> struct opened<false, Layers...> {
  using type = typename joined<typename leaves_of_layer<Layers>::type...>::type;
};
template <class... Layers> using leaves_of = typename opened<(is_leaf<Layers> && ...), Layers...>::type;

enum class leaf_kind { head, elementwise, view };

template <class L> constexpr leaf_kind kind_of() {
  if constexpr (requires { typename L::formula; })
    return leaf_kind::elementwise;
  else if constexpr (requires { L::renames_shape; })
    return leaf_kind::view;
  else
    return leaf_kind::head;
}

/// One leaf as a value.
struct leaf {
  short_text name{};
  dimensions in{}, out{};
  leaf_kind kind{};
  std::size_t layer = 0; ///< of the outermost network
  std::size_t first_parameter = 0, parameters = 0;
  std::size_t forward_flops = 0, backward_flops = 0;
};

template <std::size_t Leaves, std::size_t Parameters> struct leaf_table {
  std::array<leaf, Leaves> leaves{};
  std::array<parameter, Parameters> parameters{};
  std::size_t leaf_count = 0, tensor_count = 0;

  constexpr std::size_t parameter_count() const {
    std::size_t count = 0;
    for (const parameter& p : parameters)
      if (p.trainable) count += p.shape.size();
    return count;
  }
};

template <class L> constexpr std::size_t leaf_total() {
  if constexpr (Network<plain<L>>)
    return plain<L>::leaves::size;
  else if constexpr (Composite<plain<L>>)
    return plain<L>::parts::size;
  else
    return 1;
}
template <class L> constexpr std::size_t tensor_total() {
  using layer = plain<L>;
  if constexpr (Network<layer>)
    return layer::leaf_table.parameters.size();
  else if constexpr (Composite<layer>)
    return
        []<class... Parts>(type_list<Parts...>) { return (tensor_total<Parts>() + ... + 0); }(typename layer::parts{});
  else if constexpr (kind_of<layer>() == leaf_kind::head)
    return layer::parameter_tensors;
  else
    return 0;
}

constexpr short_text layer_name(std::size_t index, std::string_view given) {
  short_text name;
  return given.empty() ? name.append(index) : name.append(given);
}

template <class layer, class Table>
constexpr void add_leaf(Table& table, dimensions& at, std::size_t index, const short_text& name);

template <class L, class Table> constexpr void add_leaves(Table& table, dimensions& at, std::size_t index) {
  using layer = plain<L>;
  const short_text name = layer_name(index, unwrapped<L>::name);
  if constexpr (Composite<layer>) {
    [&]<class... Parts>(type_list<Parts...>) {
      (add_leaf<Parts>(table, at, index, name), ...);
    }(typename layer::parts{});
  } else if constexpr (Network<layer>) {
    const std::size_t tensors = table.tensor_count;
    for (leaf inner : layer::leaf_table.leaves) {
      inner.name = short_text{name}.append(".").append(inner.name.view());
      inner.layer = index;
      inner.first_parameter += tensors;
      table.leaves[table.leaf_count++] = inner;
    }
    for (parameter inner : layer::leaf_table.parameters) {
      inner.name = short_text{name}.append(".").append(inner.name.view());
      table.parameters[table.tensor_count++] = inner;
    }
    at = layer::output_shape;
  } else {
    add_leaf<layer>(table, at, index, name);
  }
}

template <class layer, class Table>
constexpr void add_leaf(Table& table, dimensions& at, std::size_t index, const short_text& name) {
  leaf& here = table.leaves[table.leaf_count++];
  here = {.name = name,
          .in = at,
          .out = layer::infer(at).output,
          .kind = kind_of<layer>(),
          .layer = index,
          .first_parameter = table.tensor_count};
  if constexpr (kind_of<layer>() == leaf_kind::head) {
    here.parameters = layer::parameter_tensors;
    here.forward_flops = layer::forward_flops(at);
    here.backward_flops = layer::backward_flops(at);
    if constexpr (layer::parameter_tensors > 0)
      for (parameter p : layer::parameters(at)) {
        p.name = short_text{name}.append(".").append(p.name.view());
        table.parameters[table.tensor_count++] = p;
      }
  }
  at = here.out;
}

template <class Input, class... Layers> constexpr auto make_leaf_table() {
  leaf_table<(leaf_total<Layers>() + ... + 0), (tensor_total<Layers>() + ... + 0)> table{};
  dimensions at = Input::extents;
  std::size_t index = 0;
  (add_leaves<Layers>(table, at, index++), ...);
  return table;
}

} // namespace lamina::detail
