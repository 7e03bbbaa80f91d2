#pragma once
#include <array>
#include <cstddef>

#include <lamina/core/diagnostics.hpp>
#include <lamina/core/parameter.hpp>
#include <lamina/layer/tied_weight.hpp>

/// A leaf of a network as a value, and the table of all of them.
namespace lamina::detail {

inline constexpr std::size_t none = static_cast<std::size_t>(-1); ///< no leaf, no stage

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

/// The leaf `index` of a network; where it is `none`, one without parameters.
template <class Net> constexpr leaf leaf_at(std::size_t index) {
  return index == none ? leaf{} : Net::leaf_table.leaves[index];
}

} // namespace lamina::detail
