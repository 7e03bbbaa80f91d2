#pragma once
#include <array>
#include <cstddef>
#include <string_view>

#include <lamina/core/diagnostics.hpp>
#include <lamina/core/parameter.hpp>
#include <lamina/network/leaf.hpp>

/// Which leaf's weight another one uses.
namespace lamina::detail {

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

/// Why a layer cannot use this weight as its own, or as the transposition of it.
constexpr shape_answer fit_weight(const parameter& own, const parameter& weight, bool transposed) {
  const dimensions wanted = transposed ? dimensions{2, {own.shape[1], own.shape[0]}} : own.shape;
  if (weight.shape != wanted) return does_not_fit(reason::tied_shape, wanted, weight.shape);
  return weight.groups == own.groups ? fits(weight.shape) : does_not_fit(reason::tied_weight, {}, {});
}

/// The image whose numbers, channels last, the inputs of a dense layer's weight are; of rank 0 where they are none.
constexpr dimensions image_of_inputs(const parameter& weight) {
  return weight.positions > 1 ? dimensions{2, {weight.channels, weight.positions}} : dimensions{};
}

/// Finds the weight of a tied layer, or says why it has none, and takes a row's numbers in the order of that weight.
/// Gives the image whose numbers leave it.
template <class layer, class Table> constexpr dimensions tie_leaf(Table& table, leaf& here) {
  table.ties = true;
  here.source = leaf_named(table, here.name.view(), layer::tied.name);
  here.transposed = layer::tied.transposed;
  shape_answer answer{};
  dimensions image{};
  if (here.source == none) {
    answer = does_not_fit(reason::tied_name, {}, {});
  } else if (const leaf& source = table.leaves[here.source]; !layer::borrows(source.lends)) {
    answer = does_not_fit(reason::tied_weight, {}, {});
  } else {
    const parameter& weight = table.parameters[source.first_parameter];
    answer = fit_weight(layer::untied::parameters(here.in)[0], weight, here.transposed);
    if (here.in.rank == 1) image = image_of_inputs(weight);
  }
  const dimensions taken = here.transposed ? dimensions{} : image;
  if (here.in.rank > 1)
    table.arrange(here, order_of<layer>(here.in));
  else if (taken.rank == 0)
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

/// The name that a file may hold a parameter under once more: that of a layer that uses it as its weight.
struct second_name {
  short_text name{};
  std::size_t parameter = 0;
};
template <class Net> constexpr auto second_names_of() {
  constexpr auto is_user = [](const leaf& user) { return user.source != none && !user.transposed; };
  constexpr std::size_t count = [&] {
    std::size_t users = 0;
    if (Net::leaf_table.ties)
      for (const leaf& user : Net::leaf_table.leaves) users += is_user(user) ? 1 : 0;
    return users;
  }();
  std::array<second_name, count> names{};
  std::size_t i = 0;
  if constexpr (count > 0)
    for (const leaf& user : Net::leaf_table.leaves)
      if (is_user(user))
        names[i++] = {inside_of(user.name, short_text{"weight"}), Net::leaf_table.leaves[user.source].first_parameter};
  return names;
}

/// Whether a later leaf uses the weight of this one.
template <class Net> constexpr bool is_source(std::size_t index) {
  if (index != none && Net::leaf_table.ties)
    for (const leaf& other : Net::leaf_table.leaves)
      if (other.source == index) return true;
  return false;
}

} // namespace lamina::detail
