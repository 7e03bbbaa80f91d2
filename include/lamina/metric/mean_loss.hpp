#pragma once
#include <cstddef>
#include <type_traits>

#include <lamina/core/diagnostics.hpp>
#include <lamina/loss/parametric.hpp>
#include <lamina/metric/measurement.hpp>

namespace lamina {

namespace detail {

template <class Loss, class Net> using verdict_on = decltype(complete_loss<Loss>::template diagnose<Net>());
template <reason Why, class... Details> wrong_call<Why, Details...> refused(loss_error<Why, Details...>);

} // namespace detail

/// The loss of a model on a data set, in inference mode.
/// Errors: a loss that does not fit the network does not compile; argument_error where the data set is empty or does
/// not fit the network, or a label is too large.
template <class Net, class T, class Storage, class Arch, class Loss, class Target>
  requires std::is_same_v<detail::verdict_on<Loss, Net>, no_error>
double mean_loss(const model<Net, T, Storage, Arch>& model, const Loss& loss, const dataset<Target>& data) {
  detail::require_fit<Net>(data, "mean_loss");
  constexpr std::size_t out = Net::output_shape.size();
  const detail::complete_loss<Loss> complete{loss};
  detail::measurement<Net, T, Arch, Target> measurement;
  double total = 0;
  measurement.run(model.data(), data, [&](std::size_t first, std::size_t batch, const T* y, std::size_t stride) {
    total +=
        complete.template sum<T, Arch>(detail::loss_view<T>{y, nullptr, stride, batch, out, Net::output_shape.last()},
                                       measurement.targets_from(data, first, batch));
  });
  return total / complete.divisor(data.size(), out);
}

// A loss that does not fit the network: the type that this gives cannot be used, and says why.
template <class Net, class T, class Storage, class Arch, class Loss, class Target>
  requires(!std::is_same_v<detail::verdict_on<Loss, Net>, no_error>)
decltype(detail::refused(detail::verdict_on<Loss, Net>{})) mean_loss(const model<Net, T, Storage, Arch>& model,
                                                                     const Loss& loss, const dataset<Target>& data);

} // namespace lamina
