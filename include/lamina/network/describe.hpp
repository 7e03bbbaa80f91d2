#pragma once
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include <lamina/core/shape_text.hpp>
#include <lamina/core/spelling.hpp>
#include <lamina/network/cost.hpp>

namespace lamina {

namespace detail {

/// 101770 → "101,770".
[[gnu::cold]] inline std::string grouped(std::size_t number) {
  const std::string digits = joined_text({number});
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
  const std::string plain = without(spelling, "lamina::");
  std::string_view rest = plain;
  std::string text;
  constexpr std::string_view string = "fixed_string<"; // fixed_string<8>{"encoder"}
  for (std::size_t at; (at = rest.find(string)) != rest.npos;) {
    const std::size_t open = rest.find('"', at), close = rest.find('"', open + 1), next = rest.find('>', close);
    if (next == rest.npos) break;
    text = joined_text({text, rest.substr(0, at), rest.substr(open, close + 1 - open)});
    rest.remove_prefix(next);
  }
  return joined_text({text, rest});
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
  return joined_text(
      {here.transposed ? ", the transposed weight of " : ", the weight of ", leaves[here.source].name.view()});
}

/// What a stage does beside its formula.
[[gnu::cold]] inline std::string joints_of(const stage_outline& stage) {
  std::string text;
  if (stage.adds())
    text = stage.addend == network_input ? ", adds the input" : joined_text({", adds stage ", stage.addend});
  if (stage.sliced()) text = joined_text({text, ", into channels ", stage.slice_at, "… of stage ", stage.slice_of});
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
    pad(text, name, widest_name, false);
    pad(text, layer, widest, false);
    pad(text, out, 14, false);
    pad(text, parameters, 10, true);
    pad(text, flops, 12, true);
    pad(text, bytes, 10, true);
    text = joined_text({text, stage, "\n"});
  };
  row("layer", "type", "output", "parameters", "flops", "bytes", "stage");
  row("", "input", shape_text(Net::input_shape), "", "", "", "");
  const auto head_name = [&](const stage_outline& stage) -> std::string {
    return stage.head == none ? joined_text({"stage ", static_cast<std::size_t>(&stage - stages.data())})
                              : joined_text({Net::leaf_table.leaves[stage.head].name.view()});
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
      where = joined_text({at, tie_of_leaf(Net::leaf_table.leaves, here)});
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
        shape_text(here.out), numbers ? grouped(numbers) : "-", here.forward_flops ? grouped(here.forward_flops) : "-",
        numbers ? grouped(numbers * sizeof(float)) : "-", where);
  }
  return text;
}

} // namespace detail

/// A table of the network: each layer with its shape, parameters, flops of one sample and bytes of parameters, and
/// which stage it was laminated into, with what that stage keeps for backward beside what the next one reads.
template <Network Net> [[gnu::cold]] std::string describe() {
  using detail::grouped;
  return detail::joined_text({detail::table_of<Net>(typename Net::leaves{}), "total: ", grouped(Net::parameter_count),
                              " parameters, ", grouped(cost<Net>.forward_flops), " flops forward and ",
                              grouped(cost<Net>.backward_flops), " backward a sample, ",
                              grouped(cost<Net>.parameter_bytes), " bytes of parameters, ",
                              grouped(cost<Net>.arena_bytes(64)), " bytes of arena for training at batch 64\n"});
}

} // namespace lamina
