#pragma once
#include <cmath>
#include <cstddef>

#include <lamina/core/parameter.hpp>
#include <lamina/model/epilogue.hpp>
#include <lamina/simd/reduce.hpp>
#include <lamina/train/update.hpp>

/// Updates that need all of the gradient before the first parameter changes: clipping by its norm, several batches.
/// Backward leaves the gradient in a block, and a second pass over the block updates.
namespace lamina::detail {

template <class O> inline constexpr bool needs_norm_of = false;
template <class Base, class... Parts>
inline constexpr bool needs_norm_of<composed<Base, Parts...>> = composed<Base, Parts...>::needs_norm;
template <class O> inline constexpr bool accumulates_in = false;
template <class Base, class... Parts>
inline constexpr bool accumulates_in<composed<Base, Parts...>> = composed<Base, Parts...>::accumulates;
template <class O> inline constexpr bool needs_whole_gradient = needs_norm_of<O> || accumulates_in<O>;

/// Stores every gradient in a block; what heads keep goes to the parameters at once.
template <class T, class Arch> struct gather_parameter_gradient : store_parameter_gradient<T, Arch> {
  T* parameters;

  template <class V> void keep(std::size_t offset, V v) const { v.store_aligned(parameters + offset); }
};

/// Adds a share of every gradient to a block.
template <class T, class Arch> struct add_parameter_gradient {
  static constexpr bool light = true, rests_without_gradient = true;
  using V = simd::vector<T, Arch>;
  T* gradient;
  T* parameters;
  V share;

  [[gnu::always_inline]] void operator()(std::size_t offset, V v) const {
    math::fma(v, share, V::load_aligned(gradient + offset)).store_aligned(gradient + offset);
  }
  [[gnu::always_inline]] void prefetch(std::size_t offset) const { simd::prefetch_write(gradient + offset); }
  template <class Value> void keep(std::size_t offset, Value v) const { v.store_aligned(parameters + offset); }
};

/// Calls `visit(offset)` for every vector of the parameters that are trained.
template <class Layout, std::size_t W, class Visit> void for_trained_vectors(const Visit& visit) {
  for (const parameter& p : Layout::parameters)
    if (p.trainable)
      for (std::size_t i = 0; i < p.layout.stored; i += W) visit(p.layout.offset + i);
}

/// Σ g² over the parameters that are trained, after `prepare(numbers, count)` of each part, which stays in the cache:
/// in double from part to part, so that the sum of millions is not that of its roundings.
template <class Layout, class Arch, class T, class Prepare>
double sum_of_trained_squares(T* block, const Prepare& prepare) {
  constexpr std::size_t part = 2048;
  double squares = 0;
  for (const parameter& p : Layout::parameters)
    if (p.trainable)
      for (std::size_t i = 0; i < p.layout.stored; i += part) {
        const std::size_t left = p.layout.stored - i, count = left < part ? left : part;
        T* const at = block + p.layout.offset + i;
        prepare(at, count);
        squares += static_cast<double>(simd::sum_of_squares<T, Arch>(at, count));
      }
  return squares;
}

/// The gradient of one or several batches, waiting for its update.
template <class O, class T, class Arch, class Layout> class whole_gradient {
  using V = simd::vector<T, Arch>;
  static constexpr std::size_t W = simd::width<T, Arch>;

public:
  /// The sink of the next batch.
  auto sink(const O& optimizer, T* parameters) {
    if constexpr (accumulates_in<O>) {
      if (gathered_ == 0)
        for (std::size_t i = 0; i < Layout::size; ++i) block_.data()[i] = 0;
      ++gathered_;
      return add_parameter_gradient<T, Arch>{block_.data(), parameters,
                                             V(static_cast<T>(1.0 / static_cast<double>(optimizer.batches())))};
    } else {
      return gather_parameter_gradient<T, Arch>{{block_.data()}, parameters};
    }
  }

  /// Updates, if this was the last batch to wait for.
  void finish(O& optimizer, optimizer_state<O, T, Arch, Layout::size>& state, T* parameters) {
    if constexpr (accumulates_in<O>) {
      if (gathered_ < optimizer.batches()) return;
      gathered_ = 0;
    }
    const auto update = state.next(optimizer, parameters, norm(optimizer, state.step() + 1, parameters));
    for_trained_vectors<Layout, W>([&](std::size_t at) { update(at, V::load_aligned(block_.data() + at)); });
  }

  const T* data() const { return block_.data(); }
  T* data() { return block_.data(); }
  std::size_t gathered() const { return gathered_; }
  void go_on_from(std::size_t gathered) { gathered_ = gathered; }

private:
  /// Applies what stands before the clipping and gives the norm.
  double norm(const O& optimizer, std::size_t step, const T* parameters) {
    if constexpr (needs_norm_of<O>) {
      using rule = compiled_rule<O::gradient_update()>;
      double numbers[rule::uniform_count + 1]{};
      rule::prepare(numbers, optimizer, static_cast<double>(step));
      V uniforms[rule::uniform_count + 1];
      for (std::size_t i = 0; i < rule::uniform_count; ++i) uniforms[i] = V(static_cast<T>(numbers[i]));
      const auto change = [&](T* from, std::size_t count) {
        if constexpr (!std::is_same_v<rule, compiled_rule<lamina::rule()>>)
          for (T* at = from; at < from + count; at += W) {
            V g = V::load_aligned(at), w = V::load_aligned(parameters + (at - block_.data())), none[1]{};
            rule::change_gradient(w, g, none, uniforms);
            g.store_aligned(at);
          }
      };
      return std::sqrt(sum_of_trained_squares<Layout, Arch>(block_.data(), change));
    } else {
      return 0;
    }
  }

  aligned_block<T> block_{Layout::size};
  std::size_t gathered_ = 0;
};

} // namespace lamina::detail
