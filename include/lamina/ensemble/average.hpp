#pragma once
#include <concepts>
#include <cstddef>
#include <type_traits>

#include <lamina/core/diagnostics.hpp>
#include <lamina/model/model.hpp>

namespace lamina {

namespace detail {

/// A model like this one that owns its parameters.
template <class Model> struct owning {
  using type = Model;
};
template <class Net, class T, class Arch> struct owning<model<Net, T, external, Arch>> {
  using type = model<Net, T, heap, Arch>;
};

} // namespace detail

/// The mean of models of one type in weight space: w = (w₁ + … + wₙ) / n, running statistics too. Sums are in double.
/// It makes sense for models that came from one start, or from one run; members of an ensemble that were drawn apart
/// are averaged by their predictions (ensemble/ensemble.hpp). The result owns its parameters and has the first one's
/// seed. Errors: models of several networks do not compile. Source: Polyak and Juditsky 1992; Wortsman et al. 2022.
/// Example: `const model<digits> both = average(first, second);` (tests/ensemble/average.cpp)
template <class Net, class T, class Storage, class Arch, class... More>
  requires(std::same_as<model<Net, T, Storage, Arch>, More> && ...)
auto average(const model<Net, T, Storage, Arch>& first, const More&... more) {
  typename detail::owning<model<Net, T, Storage, Arch>>::type mean{first.drawn_from()};
  T* const w = mean.data();
  for (std::size_t i = 0; i < mean.block_size; ++i)
    w[i] = static_cast<T>((static_cast<double>(first.data()[i]) + ... + static_cast<double>(more.data()[i])) /
                          static_cast<double>(1 + sizeof...(More)));
  return mean;
}

/// Models of several types have no mean: the type that this gives cannot be used, and says why.
template <class Net, class T, class Storage, class Arch, class... More>
  requires(!(std::same_as<model<Net, T, Storage, Arch>, More> && ...))
wrong_call<reason::other_network, model<Net, T, Storage, Arch>, More...> average(const model<Net, T, Storage, Arch>&,
                                                                                 const More&...);

} // namespace lamina
