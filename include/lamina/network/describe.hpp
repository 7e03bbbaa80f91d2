#pragma once
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include <lamina/core/spelling.hpp>
#include <lamina/network/cost.hpp>

namespace lamina {

namespace detail {

/// 101770 → "101,770".
[[gnu::cold]] inline std::string grouped(std::size_t number) {
  const std::string digits = std::to_string(number);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}
/// The text without each `before` in it.
[[gnu::cold]] inline std::string without(std::string_view text, std::string_view before) {
  std::string rest;
  while (!text.empty()) {
    const std::size_t at = text.find(before);
    rest.append(text.substr(0, at));
    text = at == text.npos ? std::string_view{} : text.substr(at + before.size());
  }
  return rest;
}
/// A type's spelling with this library's namespace left out inside too, and names as they were written.
[[gnu::cold]] inline std::string plainly_spelled(std::string_view spelling) {
  std::string text = without(spelling, "lamina::");
  constexpr std::string_view string = "fixed_string<"; // fixed_string<8>{"encoder"}
  for (std::size_t at = 0; (at = text.find(string, at)) != text.npos;) {
    const std::size_t open = text.find('"', at), close = text.find('"', open + 1), next = text.find('>', close);
    if (next == text.npos) break;
    text.replace(at, next - at, text.substr(open, close + 1 - open));
  }
  return text;
}
[[gnu::cold]] inline std::string spelled_shape(const dimensions& shape) {
  std::string text = "(";
  for (std::size_t i = 0; i < shape.rank; ++i) text.append(i ? ", " : "").append(std::to_string(shape[i]));
  return text.append(")");
}
[[gnu::cold]] inline void pad(std::string& line, std::string_view cell, std::size_t width, bool right) {
  const std::size_t blanks = cell.size() < width ? width - cell.size() : 0;
  if (right) line.append(blanks, ' ');
  line.append(cell);
  if (!right) line.append(blanks, ' ');
  line.append("  ");
}

/// The stage of the plan that leaf `index` is the head of, or a part of.
template <std::size_t N> constexpr std::size_t stage_of(const std::array<stage_outline, N>& stages, std::size_t index) {
  for (std::size_t s = 0; s < N; ++s)
    if (stages[s].head == index || stages[s].norm == index || stages[s].pool == index ||
        (stages[s].first <= index && index < stages[s].last))
      return s;
  return none;
}

/// Whose weight a layer uses.
template <class Leaves> [[gnu::cold]] std::string tie_of_leaf(const Leaves& leaves, const leaf& here) {
  if (here.source == none) return "";
  return std::string(here.transposed ? ", the transposed weight of " : ", the weight of ")
      .append(leaves[here.source].name.view());
}

/// What a stage does beside its formula.
[[gnu::cold]] inline std::string joints_of(const stage_outline& stage) {
  std::string text;
  if (stage.adds())
    text.append(", adds ").append(stage.addend == network_input ? "the input"
                                                                : "stage " + std::to_string(stage.addend));
  if (stage.sliced())
    text.append(", into channels ")
        .append(std::to_string(stage.slice_at))
        .append("… of stage ")
        .append(std::to_string(stage.slice_of));
  return text;
}

template <class Net, class... Leaves> [[gnu::cold]] std::string table_of(type_list<Leaves...>) {
  constexpr std::size_t count = sizeof...(Leaves);
  const std::string names[]{plainly_spelled(spelling<Leaves>())...};
  using plan = lamina::plan<Net, in_training>;
  static constexpr const auto& stages = plan::stages;
  static constexpr const auto& inference = lamina::plan<Net, in_inference>::stages;
  std::string_view kept_by_stage[plan::stage_count];
  [&]<std::size_t... S>(std::index_sequence<S...>) {
    ((kept_by_stage[S] = plan::template stage<S>::formula_keeps_output  ? "output"
                         : plan::template stage<S>::formula_keeps_input ? "input"
                         : plan::template stage<S>::head::needs_output  ? "output"
                                                                        : "nothing"),
     ...);
  }(std::make_index_sequence<plan::stage_count>{});

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
  const auto head_name = [&](const stage_outline& stage) -> std::string {
    return stage.head == none ? "stage " + std::to_string(&stage - stages.data())
                              : std::string(Net::leaf_table.leaves[stage.head].name.view());
  };
  for (std::size_t i = 0; i < count; ++i) {
    const leaf& here = Net::leaf_table.leaves[i];
    const std::size_t at = stage_of(stages, i), inferring = stage_of(inference, i);
    if (here.kind == leaf_kind::fork || here.kind == leaf_kind::next_path || here.kind == leaf_kind::add) continue;
    std::size_t numbers = 0;
    for (std::size_t p = 0; p < here.parameters; ++p)
      numbers += Net::leaf_table.parameters[here.first_parameter + p].shape.size();
    std::string where;
    if (here.kind == leaf_kind::view) {
      where = "renames the shape";
    } else if (here.kind == leaf_kind::concat) {
      where = "joined where its paths wrote it";
    } else {
      where = std::to_string(at) + tie_of_leaf(Net::leaf_table.leaves, here);
      if (here.kind == leaf_kind::elementwise && stages[at].head != none)
        where.append(", laminated onto ").append(head_name(stages[at]));
      if (inferring != none && (inference[inferring].norm == i || inference[inferring].pool == i))
        where.append(", at inference a part of ").append(Net::leaf_table.leaves[inference[inferring].head].name.view());
      if (stages[at].head == i || (stages[at].head == none && stages[at].first == i))
        where.append(joints_of(stages[at]));
      if (i + 1 == stages[at].last || (stages[at].head == i && stages[at].first == stages[at].last))
        where.append("; backward keeps ").append(kept_by_stage[at]);
    }
    row(here.name, here.kind == leaf_kind::concat ? std::string_view{"concat"} : std::string_view{names[i]},
        spelled_shape(here.out), numbers ? grouped(numbers) : "-",
        here.forward_flops ? grouped(here.forward_flops) : "-", numbers ? grouped(numbers * sizeof(float)) : "-",
        where);
  }
  return text;
}

} // namespace detail

/// A table of the network: each layer with its shape, parameters, flops of one sample and bytes of parameters, and
/// which stage it was laminated into, with what that stage keeps for backward beside what the next one reads.
template <Network Net> [[gnu::cold]] std::string describe() {
  std::string text = detail::table_of<Net>(typename Net::leaves{});
  text.append("total: ").append(detail::grouped(Net::parameter_count)).append(" parameters, ");
  text.append(detail::grouped(cost<Net>.forward_flops)).append(" flops forward and ");
  text.append(detail::grouped(cost<Net>.backward_flops)).append(" backward a sample, ");
  text.append(detail::grouped(cost<Net>.parameter_bytes)).append(" bytes of parameters, ");
  text.append(detail::grouped(cost<Net>.arena_bytes(64))).append(" bytes of arena for training at batch 64\n");
  return text;
}

} // namespace lamina
