#pragma once
#include <cstddef>

#include <lamina/core/diagnostics.hpp>
#include <lamina/core/type_list.hpp>
#include <lamina/expression/value.hpp>
#include <lamina/layer/stage.hpp>
#include <lamina/simd/pixels.hpp>

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
    constexpr std::size_t channels = In[0], pixels = In.size() / channels;
    for (std::size_t m = 0; m < at.batch; ++m)
      if constexpr (Largest) {
        alignas(64) T most[simd::padded<T, Arch>(channels)]{};
        for_channels<T, Arch, In>([&](std::size_t f, std::size_t lanes, auto narrow) {
          largest<T, typename decltype(narrow)::type, In>(at.rows[m] + f, lanes).store_aligned(most + f);
        });
        hand_over_row<T, Arch>(m, most, simd::padded<T, Arch>(channels), epilogue);
      } else {
        simd::pixel_sums<T, Arch, channels, pixels>(
            at.rows + m, 1, [&](std::size_t f, V sum) { epilogue(m, f, sum * V(share<T, In>)); });
      }
  }

  /// The gradient of a maximum goes to the first of the largest numbers, that of a mean to all alike.
  template <class T, class Arch, dimensions In, class Epilogue>
  static void backward_input(const batch_view<T>& at, const gradient_view<T>& gradient, const Epilogue& given) {
    const Epilogue epilogue = given;
    for (std::size_t m = 0; m < at.batch; ++m) {
      const T* const dy = gradient.dz + m * gradient.stride;
      for_channels<T, Arch, In>([&](std::size_t f, std::size_t lanes, auto narrow) {
        using A = typename decltype(narrow)::type;
        using V = simd::vector<T, A>;
        V left = simd::load_lanes<T, A>(dy + f, lanes);
        if constexpr (Largest) {
          const V most = largest<T, A, In>(at.rows[m] + f, lanes);
          for (std::size_t p = 0; p < In.size() / In[0]; ++p) {
            const auto chosen = simd::load_lanes<T, A>(at.rows[m] + p * In[0] + f, lanes) == most;
            epilogue(m, p, f, V(xsimd::select(chosen, left, V(T(0)))), lanes);
            left = xsimd::select(chosen, V(T(0)), left);
          }
        } else {
          left *= V(share<T, In>);
          for (std::size_t p = 0; p < In.size() / In[0]; ++p) epilogue(m, p, f, left, lanes);
        }
      });
    }
  }

private:
  template <class T, dimensions In> static constexpr T share = T(1) / static_cast<T>(In.size() / In[0]);

  /// Calls `visit(f, lanes, type_is<A>)` for the channels, in vectors of an architecture that suits their number.
  template <class T, class Arch, dimensions In, class Visit> static void for_channels(const Visit& visit) {
    using A = simd::fitting<T, Arch, In[0]>;
    for (std::size_t f = 0; f < In[0]; f += simd::width<T, A>) visit(f, In[0] - f, type_is<A>{});
  }
  template <class T, class A, dimensions In> static simd::vector<T, A> largest(const T* x, std::size_t lanes) {
    auto most = simd::load_lanes<T, A>(x, lanes);
    for (std::size_t p = 1; p < In.size() / In[0]; ++p)
      most = math::max(most, simd::load_lanes<T, A>(x + p * In[0], lanes));
    return most;
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
