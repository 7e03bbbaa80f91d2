#pragma once
#include <array>
#include <cstddef>

#include <lamina/core/type_list.hpp>
#include <lamina/network/leaves.hpp>

/// How the leaves of a network become stages, as values: what is laminated onto what, who reads whose output.
namespace lamina {

#ifdef LAMINA_UNFUSED
inline constexpr bool laminate =
    false; ///< every layer is a stage of its own: slower, same numbers (a law of the tests)
#else
inline constexpr bool laminate = true;
#endif

namespace detail {

inline constexpr std::size_t network_input = static_cast<std::size_t>(-2); ///< in place of a stage that is read

/// What does the work of a stage.
enum class work {
  leaf,          ///< the head that is leaf `head`
  pass,          ///< nothing: elementwise layers with no head before them
  pixels,        ///< the same, pixel by pixel, into a slice of a concatenation
  channels_last, ///< a transposition
  planar,        ///< the other one
  concat         ///< nothing: the ends of the paths stand in its output already
};

/// A stage as a value: its head and the elementwise leaves [first, last) laminated onto it.
struct stage_outline {
  work does = work::pass;
  std::size_t head = none;
  std::size_t first = 0, last = 0;
  dimensions in{}, out{};
  bool out_channels_last = false;
  std::size_t input = network_input;         ///< the stage whose output it reads
  std::size_t addend = none;                 ///< the stage whose output is added before its formula, or `network_input`
  std::size_t norm = none;                   ///< the batch norm that inference folds into it
  std::size_t pool = none;                   ///< the pooling that inference does while it writes its output
  std::size_t slice_of = none, slice_at = 0; ///< the concatenation it writes into, and its first channel there
  bool shared = false;                       ///< its output is read by more than the next stage
  std::size_t channels = 0;                  ///< of a pixel of its output; all of a row is one pixel

  constexpr bool adds() const { return addend != none; }
  constexpr bool sliced() const { return slice_of != none; }
};

template <std::size_t Most> struct outline {
  std::array<stage_outline, Most> stages{};
  std::size_t count = 0;
};

/// What the outline must know of a leaf's type.
struct leaf_traits {
  bool accepts_formula = false, accepts_norm = false, accepts_pool = false, is_norm = false, is_pool = false,
       draws = false, of_sequences = false;
};

template <class L> constexpr leaf_traits traits_of() {
  leaf_traits traits{};
  if constexpr (requires { L::accepts_formula; }) traits.accepts_formula = L::accepts_formula;
  traits.accepts_norm = requires { L::accepts_norm; };
  traits.accepts_pool = requires { L::accepts_pool; };
  traits.is_norm = requires { L::folds_at_inference; };
  if constexpr (requires { L::windows_are_apart; }) traits.is_pool = L::windows_are_apart;
  traits.draws = requires { typename L::inference_formula; };
  traits.of_sequences = requires { L::of_sequences; };
  return traits;
}

/// Lays the stages of a network out. In inference a batch norm is a part of the contraction before it, and a pooling
/// whose windows do not overlap a part of the convolution.
template <class Table> struct planner {
  static constexpr std::size_t leaves = std::tuple_size_v<decltype(Table::leaves)>, most = 3 * leaves + 3;

  const Table& table;
  const leaf_traits* traits;
  bool training;
  outline<most> plan{};
  std::size_t current = network_input;                 ///< the stage whose output goes into the next leaf
  bool open = false;                                   ///< whether an elementwise leaf may be laminated onto it
  bool draws = false;                                  ///< it has its noise
  std::array<std::size_t, leaves + 1> forks{}, ends{}; ///< a stack of sources, and of finished paths
  std::array<std::size_t, leaves + 1> ends_before{};
  std::size_t open_blocks = 0, end_count = 0;

  constexpr stage_outline& add_stage(work does, std::size_t leaf, dimensions in, dimensions out, bool channels_last) {
    stage_outline& stage = plan.stages[plan.count];
    stage = {.does = does,
             .first = leaf,
             .last = leaf,
             .in = in,
             .out = out,
             .out_channels_last = channels_last,
             .input = current,
             .channels = out.rank > 1 ? out[0] : out.size()};
    current = plan.count++;
    draws = false;
    return stage;
  }
  constexpr void transpose(reorder how, dimensions image, std::size_t leaf) {
    if (how == reorder::none) return;
    const bool last = how == reorder::channels_last;
    add_stage(last ? work::channels_last : work::planar, leaf, image, image, last);
    open = false;
  }
  /// A stage of its own for what ends a path, where no other may be changed: the sum, or the copy into a slice.
  constexpr std::size_t end_stage(std::size_t from, const leaf& here, std::size_t index) {
    current = from;
    add_stage(work::pass, index, here.in, here.in, from != network_input && plan.stages[from].out_channels_last);
    return current;
  }
  constexpr bool fresh(std::size_t stage, std::size_t source) const {
    return stage != network_input && stage != source && !plan.stages[stage].shared && !plan.stages[stage].sliced();
  }
  constexpr void share(std::size_t stage) {
    if (stage != network_input) plan.stages[stage].shared = true;
    open = false;
  }

  constexpr void end_of_path() { ends[end_count++] = current; }

  constexpr void add_paths(std::size_t index) {
    const std::size_t source = forks[open_blocks], first = ends_before[open_blocks];
    const leaf& here = table.leaves[index];
    std::size_t sum = ends[first];
    for (std::size_t i = first + 1; i < end_count; ++i) {
      std::size_t end = ends[i];
      const bool can = laminate && fresh(end, source) && plan.stages[end].does == work::leaf &&
                       traits[plan.stages[end].head].accepts_formula &&
                       plan.stages[end].last == plan.stages[end].first && !plan.stages[end].adds() &&
                       (sum == network_input || end > sum);
      if (!can) end = end_stage(end, here, index);
      stage_outline& stage = plan.stages[end];
      stage.addend = sum;
      if (sum != network_input) plan.stages[sum].shared = true;
      stage.first = stage.last = index + 1;
      sum = end;
    }
    current = sum;
    // A formula that follows belongs to this stage only where it is the last one.
    open = laminate && current + 1 == plan.count;
    draws = false;
  }
  constexpr void join_paths(std::size_t index) {
    const std::size_t source = forks[open_blocks], first = ends_before[open_blocks];
    const leaf& here = table.leaves[index];
    for (std::size_t i = first; i < end_count; ++i) {
      bool twice = false;
      for (std::size_t j = first; j < i; ++j) twice = twice || ends[j] == ends[i];
      if (twice || !fresh(ends[i], source) || plan.stages[ends[i]].does == work::concat) {
        const leaf& end = table.leaves[end_leaf(index, i - first)];
        ends[i] = end_stage(ends[i], end, index);
      }
    }
    const std::size_t joint = plan.count;
    std::size_t at = 0;
    for (std::size_t i = first; i < end_count; ++i) {
      stage_outline& end = plan.stages[ends[i]];
      end.slice_of = joint, end.slice_at = at;
      if (here.channels_last && end.does == work::pass) end.does = work::pixels;
      if (here.channels_last)
        end.out_channels_last = true;
      else
        end.channels = end.out.size();
      at += end.channels;
    }
    add_stage(work::concat, index, here.out, here.out, here.channels_last).input = none;
    open = false;
  }
  /// The mark that ends path `path` of the block joined at leaf `index`.
  constexpr std::size_t end_leaf(std::size_t index, std::size_t path) const {
    std::size_t marks[leaves + 1]{}, count = 0, depth = 0;
    marks[count++] = index;
    for (std::size_t i = index; i-- > 0;) {
      const leaf_kind kind = table.leaves[i].kind;
      if (kind == leaf_kind::add || kind == leaf_kind::concat) ++depth;
      if (kind == leaf_kind::next_path && depth == 0) marks[count++] = i;
      if (kind == leaf_kind::fork && depth-- == 0) break;
    }
    return marks[count - 1 - path];
  }

  constexpr void visit(std::size_t i) {
    const leaf& here = table.leaves[i];
    transpose(here.before, here.reordered, i);
    switch (here.kind) {
    case leaf_kind::view:
      break;
    case leaf_kind::fork:
      share(current);
      ends_before[open_blocks] = end_count;
      forks[open_blocks++] = current;
      break;
    case leaf_kind::next_path:
      end_of_path();
      current = forks[open_blocks - 1];
      open = false;
      break;
    case leaf_kind::add:
    case leaf_kind::concat:
      end_of_path();
      --open_blocks;
      here.kind == leaf_kind::add ? add_paths(i) : join_paths(i);
      end_count = ends_before[open_blocks];
      break;
    case leaf_kind::elementwise:
      if (!open || (draws && traits[i].draws)) add_stage(work::pass, i, here.in, here.out, here.channels_last);
      plan.stages[current].last = i + 1;
      draws = draws || traits[i].draws;
      open = laminate;
      break;
    case leaf_kind::head: {
      if (laminate && !training && traits[i].is_norm && open && takes_norm(plan.stages[current])) {
        plan.stages[current].norm = i;
        plan.stages[current].first = plan.stages[current].last = i + 1;
        break;
      }
      if (laminate && !training && traits[i].is_pool && open && takes_pool(plan.stages[current])) {
        plan.stages[current].pool = i;
        plan.stages[current].out = here.out;
        open = false;
        break;
      }
      stage_outline& stage = add_stage(work::leaf, i + 1, here.in, here.out, here.channels_last);
      stage.head = i;
      if (traits[i].of_sequences) stage.channels = here.out.last();
      open = laminate && traits[i].accepts_formula;
    }
    }
  }
  constexpr bool takes_norm(const stage_outline& stage) const {
    return stage.does == work::leaf && traits[stage.head].accepts_norm && stage.norm == none && !stage.adds() &&
           stage.first == stage.last;
  }
  constexpr bool takes_pool(const stage_outline& stage) const {
    return stage.does == work::leaf && traits[stage.head].accepts_pool;
  }
  constexpr outline<most> lay_out() {
    for (std::size_t i = 0; i < leaves; ++i) visit(i);
    transpose(table.after, table.reordered, leaves);
    if (plan.count == 0) add_stage(work::pass, leaves, table.at.shape, table.at.shape, false);
    return plan;
  }
};

template <class Net, class... Leaves> constexpr auto make_outline(type_list<Leaves...>, bool training) {
  constexpr leaf_traits traits[]{traits_of<Leaves>()..., {}};
  return planner<std::remove_cvref_t<decltype(Net::leaf_table)>>{Net::leaf_table, traits, training}.lay_out();
}

} // namespace detail
} // namespace lamina
