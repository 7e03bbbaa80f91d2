#pragma once
#include <cstddef>
#include <cstring>

#include <lamina/optimizer/line_search.hpp>
#include <lamina/train/whole_gradient.hpp>

namespace lamina::detail {

/// What a line search needs beside the parameters: the gradient, and the parameters as they were.
template <class O, class T, class Arch, class Layout> class line_searcher {
  using V = simd::vector<T, Arch>;
  static constexpr std::size_t W = simd::width<T, Arch>;

public:
  auto sink(T* parameters) { return gather_parameter_gradient<T, Arch>{{gradient_.data()}, parameters}; }

  /// Looks for the rate, with `evaluate()` as the loss by the parameters as they stand, and updates.
  template <class Evaluate>
  void finish(O& optimizer, optimizer_state<O, T, Arch, Layout::size>& state, T* parameters, double loss,
              const Evaluate& evaluate) {
    std::memcpy(before_.data(), parameters, Layout::size * sizeof(T));
    const double squares = sum_of_trained_squares<Layout, Arch>(gradient_.data(), [](T*, std::size_t) {});
    const auto loss_at = [&](double rate) {
      const V eta(static_cast<T>(rate));
      for_trained_vectors<Layout, W>([&](std::size_t at) {
        math::fma(-eta, V::load_aligned(gradient_.data() + at), V::load_aligned(before_.data() + at))
            .store_aligned(parameters + at);
      });
      return evaluate();
    };
    optimizer.rate = optimizer.search(loss_at, loss, squares);
    std::memcpy(parameters, before_.data(), Layout::size * sizeof(T));
    const auto update = state.next(optimizer, parameters);
    for_trained_vectors<Layout, W>([&](std::size_t at) { update(at, V::load_aligned(gradient_.data() + at)); });
  }

private:
  aligned_block<T> gradient_{Layout::size}, before_{Layout::size};
};

/// What a trainer holds for updates that need more than one pass; nothing for the others.
struct no_second_pass {};
template <class O, class T, class Arch, class Layout> constexpr auto second_pass_of() {
  if constexpr (LineSearch<O>)
    return std::type_identity<line_searcher<O, T, Arch, Layout>>{};
  else if constexpr (needs_whole_gradient<O>)
    return std::type_identity<whole_gradient<O, T, Arch, Layout>>{};
  else
    return std::type_identity<no_second_pass>{};
}
template <class O, class T, class Arch, class Layout>
using second_pass = typename decltype(second_pass_of<O, T, Arch, Layout>())::type;

} // namespace lamina::detail
