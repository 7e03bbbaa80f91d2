#pragma once
#include <type_traits>

#include <lamina/core/diagnostics.hpp>
#include <lamina/core/type_list.hpp>
#include <lamina/layer/softmax.hpp>

/// What a loss may ask of the network it is to train.
namespace lamina::detail {

/// The layer that gives the network's output; void where a wrong network has none.
template <class Net> constexpr auto last_layer_of() {
  if constexpr (Net::leaves::size == 0)
    return std::type_identity<void>{};
  else
    return std::type_identity<nth<Net::leaves::size - 1, typename Net::leaves>>{};
}
template <class Net> using last_layer = typename decltype(last_layer_of<Net>())::type;

/// Refuses a network whose outputs cannot be told to be log-probabilities: taken for such, any other numbers give a
/// loss without a lower end, and no error.
template <class Loss, class Net> constexpr auto diagnose_log_probabilities() {
  using last = last_layer<Net>;
  if constexpr (Net::poisoned || std::is_same_v<last, log_softmax>)
    return no_error{};
  else
    return loss_error<reason::no_log_softmax, Loss, last>{};
}

} // namespace lamina::detail
