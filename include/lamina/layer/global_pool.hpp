#pragma once
#include <cstddef>
#include <limits>

#include <lamina/core/diagnostics.hpp>
#include <lamina/expression/value.hpp>
#include <lamina/layer/stage.hpp>

namespace lamina {

namespace detail {

/// (C, H, W) or (C, L) → (C): one number of each channel.
template <bool Largest> struct global_pool_layer : head_without_parameters {
  static constexpr bool accepts_formula = true, of_images = true, needs_input = Largest, needs_output = false;

  static constexpr shape_answer infer(dimensions in) {
    if (in.rank < 2) return wrong_rank(3, in);
    return fits({1, {in[0]}});
  }

  template <class T, class Arch, dimensions In, class Epilogue>
  static void forward(const batch_view<T>& at, const Epilogue& epilogue) {
    using V = simd::vector<T, Arch>;
    for (std::size_t m = 0; m < at.batch; ++m)
      for (std::size_t f = 0; f < In[0]; f += V::size) {
        V v = pooled<T, Arch, In>(at.rows[m] + f, In[0] - f);
        if constexpr (!Largest) v *= V(share<T, In>);
        epilogue(m, f, v);
      }
  }

  /// The gradient of a maximum goes to the first of the largest numbers, that of a mean to all alike.
  template <class T, class Arch, dimensions In, class Epilogue>
  static void backward_input(const batch_view<T>& at, const gradient_view<T>& gradient, const Epilogue& epilogue) {
    using V = simd::vector<T, Arch>;
    for (std::size_t m = 0; m < at.batch; ++m)
      for (std::size_t f = 0; f < In[0]; f += V::size) {
        const std::size_t lanes = In[0] - f;
        V left = simd::load_lanes<T, Arch>(gradient.dz + m * gradient.stride + f, lanes);
        if constexpr (Largest) {
          const V most = pooled<T, Arch, In>(at.rows[m] + f, lanes);
          for (std::size_t p = 0; p < pixels<In>; ++p) {
            const auto chosen = simd::load_lanes<T, Arch>(at.rows[m] + p * In[0] + f, lanes) == most;
            epilogue(m, p, f, V(xsimd::select(chosen, left, V(T(0)))), lanes);
            left = xsimd::select(chosen, V(T(0)), left);
          }
        } else {
          left *= V(share<T, In>);
          for (std::size_t p = 0; p < pixels<In>; ++p) epilogue(m, p, f, left, lanes);
        }
      }
  }

private:
  template <dimensions In> static constexpr std::size_t pixels = In.size() / In[0];
  template <class T, dimensions In> static constexpr T share = T(1) / static_cast<T>(pixels<In>);

  template <class T, class Arch, dimensions In> static simd::vector<T, Arch> pooled(const T* x, std::size_t lanes) {
    auto v = simd::load_lanes<T, Arch>(x, lanes);
    for (std::size_t p = 1; p < pixels<In>; ++p) {
      const auto next = simd::load_lanes<T, Arch>(x + p * In[0], lanes);
      v = Largest ? math::max(v, next) : v + next;
    }
    return v;
  }
};

} // namespace detail

/// The mean of each channel. Shape: (C, H, W) or (C, L) → (C). Backward keeps: nothing. Errors: input_rank for a row of
/// features. Source: torch.nn.AdaptiveAvgPool2d(1), then Flatten.
struct global_avg_pool : detail::global_pool_layer<false> {};

/// The largest number of each channel; the gradient goes to the first of them. Backward keeps: x. Shape and errors as
/// `global_avg_pool`. Source: torch.nn.AdaptiveMaxPool2d(1), then Flatten.
struct global_max_pool : detail::global_pool_layer<true> {};

} // namespace lamina
