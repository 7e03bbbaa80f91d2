#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include <lamina/core/spelling.hpp>
#include <lamina/network/cost.hpp>
#include <lamina/network/fold.hpp>

namespace lamina {

namespace detail {

/// 101770 → "101,770".
inline std::string grouped(std::size_t number) {
  const std::string digits = std::to_string(number);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}
/// A type's spelling with this library's namespace left out inside too.
inline std::string plainly_spelled(std::string_view spelling) {
  constexpr std::string_view ours = "lamina::";
  std::string text;
  while (!spelling.empty()) {
    const std::size_t at = spelling.find(ours);
    text.append(spelling.substr(0, at));
    spelling = at == spelling.npos ? std::string_view{} : spelling.substr(at + ours.size());
  }
  return text;
}
inline std::string spelled_shape(const dimensions& shape) {
  std::string text = "(";
  for (std::size_t i = 0; i < shape.rank; ++i) text.append(i ? ", " : "").append(std::to_string(shape[i]));
  return text.append(")");
}
inline void pad(std::string& line, std::string_view cell, std::size_t width, bool right) {
  const std::size_t blanks = cell.size() < width ? width - cell.size() : 0;
  if (right) line.append(blanks, ' ');
  line.append(cell);
  if (!right) line.append(blanks, ' ');
  line.append("  ");
}

/// What one row of the table says of a leaf.
struct leaf_row {
  std::string_view layer;
  std::size_t stage;
  bool laminated;         ///< onto the head of its stage
  std::string_view keeps; ///< for backward
};

template <class Net, class... Leaves> std::string table_of(type_list<Leaves...>) {
  constexpr std::size_t count = sizeof...(Leaves);
  const std::string names[]{plainly_spelled(spelling<Leaves>())...};
  static constexpr const auto& outline = plan<Net>::outline;
  static constexpr auto folds = folding(type_list<Leaves...>{});
  std::string_view kept_by_stage[outline.count];
  [&]<std::size_t... S>(std::index_sequence<S...>) {
    ((kept_by_stage[S] = plan<Net>::template stage<S>::formula_keeps_output  ? "output"
                         : plan<Net>::template stage<S>::formula_keeps_input ? "input"
                         : plan<Net>::template stage<S>::head::needs_output  ? "output"
                                                                             : "nothing"),
     ...);
  }(std::make_index_sequence<outline.count>{});

  std::size_t widest = 5, widest_name = 5;
  for (const leaf& here : Net::leaf_table.leaves)
    widest_name = here.name.length > widest_name ? here.name.length : widest_name;
  for (const auto& name : names) widest = name.size() > widest ? name.size() : widest;
  std::string text;
  const auto row = [&](std::string_view name, std::string_view layer, std::string_view out, std::string_view parameters,
                       std::string_view flops, std::string_view bytes, std::string_view stage) {
    std::string line;
    pad(line, name, widest_name, false);
    pad(line, layer, widest, false);
    pad(line, out, 14, false);
    pad(line, parameters, 10, true);
    pad(line, flops, 12, true);
    pad(line, bytes, 10, true);
    line.append(stage);
    text.append(line).append("\n");
  };
  row("layer", "type", "output", "parameters", "flops", "bytes", "stage");
  row("", "input", spelled_shape(Net::input_shape), "", "", "", "");
  std::size_t stage = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const leaf& here = Net::leaf_table.leaves[i];
    std::size_t numbers = 0;
    for (std::size_t p = 0; p < here.parameters; ++p)
      numbers += Net::leaf_table.parameters[here.first_parameter + p].shape.size();
    while (stage + 1 < outline.count && i >= outline.stages[stage].last &&
           (outline.stages[stage + 1].head == i ||
            (outline.stages[stage + 1].head == no_leaf && outline.stages[stage + 1].first == i)))
      ++stage;
    std::string where = std::to_string(stage);
    if (here.kind == leaf_kind::view)
      where = "renames the shape";
    else if (here.kind == leaf_kind::elementwise && outline.stages[stage].first <= i &&
             outline.stages[stage].head != no_leaf)
      where.append(", laminated onto ").append(Net::leaf_table.leaves[outline.stages[stage].head].name.view());
    if (folds[i])
      where.append(", folded into ").append(Net::leaf_table.leaves[i - 1].name.view()).append(" by fold_batch_norm()");
    if (i + 1 == outline.stages[stage].last) where.append("; backward keeps ").append(kept_by_stage[stage]);
    row(here.name, names[i], spelled_shape(here.out), numbers ? grouped(numbers) : "-",
        here.forward_flops ? grouped(here.forward_flops) : "-", numbers ? grouped(numbers * sizeof(float)) : "-",
        where);
  }
  return text;
}

} // namespace detail

/// A table of the network: each layer with its shape, parameters, flops of one sample and bytes of parameters, and
/// which stage it was laminated into, with what that stage keeps for backward beside what the next one reads.
template <Network Net> std::string describe() {
  std::string text = detail::table_of<Net>(typename Net::leaves{});
  text.append("total: ").append(detail::grouped(Net::parameter_count)).append(" parameters, ");
  text.append(detail::grouped(cost<Net>.forward_flops)).append(" flops forward and ");
  text.append(detail::grouped(cost<Net>.backward_flops)).append(" backward a sample, ");
  text.append(detail::grouped(cost<Net>.parameter_bytes)).append(" bytes of parameters, ");
  text.append(detail::grouped(cost<Net>.arena_bytes(64))).append(" bytes of arena for training at batch 64\n");
  return text;
}

} // namespace lamina
