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
  kernel_size,        ///< a kernel larger than the padded image
  groups,             ///< groups that do not divide the channels or the filters
  same_stride,        ///< `same_padding` is for stride 1
  pool_padding,       ///< more padding than half of a pooling's window
  residual_shape,     ///< what is added has another shape
  joined_shape,       ///< paths that are joined differ where they must agree
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
  already_softmax     ///< the loss takes logits and applies softmax itself
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
