#pragma once
#include <cstddef>
#include <utility>

#include <lamina/core/diagnostics.hpp>
#include <lamina/network/network.hpp>
#include <lamina/network/plan.hpp>

/// Which networks can be run one time step at a time, and why others cannot.
namespace lamina {

namespace detail {

/// Whether leaf L gives a step's output from that step and earlier ones.
template <class L> constexpr bool goes_with_time(const leaf& here) {
  const bool has_time = here.in.rank > 1 || here.in.tokens;
  switch (here.kind) {
  case leaf_kind::view:
  case leaf_kind::concat:
    return !has_time;
  case leaf_kind::head:
    if constexpr (requires { L::streams; }) return L::streams && here.in.rank <= 2;
    return !has_time;
  default:
    return here.in.rank <= 2;
  }
}

/// `no_error`, or the first layer that cannot be streamed, and why.
template <class Net> constexpr auto stream_diagnosis() {
  constexpr auto wrong = []<class... L>(type_list<L...>) {
    std::size_t i = 0;
    ((goes_with_time<L>(Net::leaf_table.leaves[i]) && (++i, true)) && ...);
    return i;
  }(typename Net::leaves{});
  if constexpr (Net::input_shape.rank != 2 && Net::input_shape.tokens == 0)
    return shape_error<reason::needs_time, Net>{};
  else if constexpr (wrong < Net::leaves::size)
    return shape_error<reason::needs_whole_window, layer<Net::leaf_table.leaves[wrong].layer>,
                       nth<wrong, typename Net::leaves>>{};
  else
    return no_error{};
}

template <class Diagnosis> inline constexpr bool is_fine = requires { Diagnosis::none; };
/// That there is no mistake: the mistake is the argument, for compilers quote those of the innermost concept.
template <class Diagnosis>
concept NoMistake = is_fine<Diagnosis>;

} // namespace detail

/// A network that can be run one time step at a time: its input is a sequence, and no layer's output at a step depends
/// on later steps. Where it is not, the compiler names the first layer that stands in the way.
template <class Net>
concept Streamable = Network<Net> && detail::NoMistake<decltype(detail::stream_diagnosis<Net>())>;

} // namespace lamina
