#pragma once
#include <cstddef>
#include <utility>

#include <lamina/core/shape.hpp>

/// The vocabulary of compile-time errors. A check returns a *type*: `no_error`, which has a member `none`, or a
/// description of the first mistake, which has not; `static_assert(decltype(check())::none)` then quotes that type in
/// the compiler's own words.
namespace lamina {

enum class reason : int {
  none,
  no_input,           ///< the first thing in a network is its input
  second_input,       ///< a network has one input
  empty_network,      ///< an input and nothing after it
  input_size,         ///< another number of features than stated by `from`
  input_rank,         ///< e.g. `dense` after an image that was not flattened
  not_a_layer,        ///< what stands there is no layer: an option outside of its layer, a path outside of branches
  no_kernel,          ///< a convolution without `kernel`
  option_twice,       ///< an option of a layer that was given already
  unknown_option,     ///< what is no option of this layer, or two numbers where it takes one
  kernel_size,        ///< a kernel larger than the padded image
  groups,             ///< groups that do not divide the channels or the filters
  heads,              ///< heads of attention that do not divide the features
  same_stride,        ///< `same_padding` is for stride 1
  pool_padding,       ///< more padding than half of a pooling's window
  residual_shape,     ///< what is added has another shape
  joined_shape,       ///< paths that are joined differ where they must agree
  no_joint,           ///< branches begin with how they are joined, `concat` or `add`
  no_path,            ///< branches are made of `path<…>`, one at least
  element_count,      ///< `reshape` neither adds nor loses elements
  input_length,       ///< a sample of another length than the network's input
  doubled_name,       ///< two layers of one name
  target_type,        ///< labels where values are due, or the other way round
  out_of_range,       ///< a number of a layer outside its domain: a probability, a deviation
  unknown_term,       ///< a formula in a term that has no meaning where it stands
  behind_line_search, ///< nothing is put behind a line search
  other_network,      ///< the parameters of another network
  top_k,              ///< more of the largest outputs than there are outputs, or none
  no_log_softmax,     ///< the loss takes log-probabilities, which log_softmax gives
  empty_search,       ///< a search over no setting and no network
  already_softmax,    ///< the loss takes logits and applies softmax itself
  tokens,             ///< tokens where numbers are due, or numbers where tokens are: an embedding stands between them
  tied_name,          ///< a layer uses the weight of one that does not stand before it
  tied_weight,        ///< that layer has no weight of its own that can be used so
  tied_shape,         ///< that weight has another shape
  needs_time,         ///< a stream of a network whose input is no sequence
  needs_whole_window  ///< a stream through a layer whose output depends on later steps, or on all of them
};

template <std::size_t... Path>
struct layer; ///< `layer<2>`: the layer with index 2; `layer<2, 0>`: layer 0 of the network nested there
namespace inside {
template <std::size_t Index> struct path; ///< `inside::path<1>`: the second path of the branches named before it
struct shortcut;                          ///< the shortcut of the residual block named before it
} // namespace inside
template <std::size_t... Extents> struct expects;
template <std::size_t... Extents> struct gets;
template <std::size_t First, std::size_t Last> struct expects_from_to;

struct expects_labels;
struct expects_values;
struct gets_labels;
struct gets_values;

template <reason Why, class... Details> struct shape_error {};
template <reason Why, class... Details> struct loss_error {};
template <reason Why, class... Details> struct wrong_call;
struct no_error {
  static constexpr bool none = true;
};

/// What a layer's shape rule answers: the shape that leaves it, or why what arrives does not fit.
struct shape_answer {
  dimensions output{};
  reason why = reason::none;
  dimensions expected{}, got{};
};

constexpr shape_answer fits(dimensions output) { return {output}; }
constexpr shape_answer does_not_fit(reason why, dimensions expected, dimensions got) {
  return {{}, why, expected, got};
}

/// The refusal of a sample for its number of axes. What is expected has as many elements as what arrives, and sides as
/// equal as they come: (1, 28, 28) for (784), (3, 8, 8) for (3, 64).
constexpr shape_answer wrong_rank(std::size_t rank, dimensions got) {
  if (rank == 1) return does_not_fit(reason::input_rank, {1, {got.size()}}, got);
  const std::size_t channels = got.rank > 1 && got[0] ? got[0] : 1, pixels = got.size() / channels;
  if (rank == 2) return does_not_fit(reason::input_rank, {2, {channels, pixels}}, got);
  std::size_t height = 1;
  for (std::size_t side = 1; side * side <= pixels; ++side)
    if (pixels % side == 0) height = side;
  return does_not_fit(reason::input_rank, {3, {channels, height, pixels / height}}, got);
}

namespace detail {

template <template <std::size_t...> class List, dimensions Shape, class = std::make_index_sequence<Shape.rank>>
struct spell;
template <template <std::size_t...> class List, dimensions Shape, std::size_t... I>
struct spell<List, Shape, std::index_sequence<I...>> {
  using type = List<Shape.extent[I]...>;
};
/// The type `List<extents...>` for a shape that is a value.
template <template <std::size_t...> class List, dimensions Shape> using spelled = typename spell<List, Shape>::type;

} // namespace detail
} // namespace lamina
