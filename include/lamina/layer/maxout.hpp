#pragma once
#include <cstddef>

#include <lamina/core/type_list.hpp>
#include <lamina/expression/value.hpp>
#include <lamina/layer/dense.hpp>

namespace lamina {

/// How many affine maps a maxout unit chooses from: `maxout<32, pieces<3>>`.
template <std::size_t Count> struct pieces {
  static_assert(Count > 0, "pieces<P>: at least 1");
  static constexpr std::size_t count = Count;
};

namespace detail {

/// (P·N) → (N): the largest of each unit's pieces, which stand N apart.
template <std::size_t Outputs, std::size_t Pieces> struct largest_piece : head_without_parameters {
  static constexpr bool accepts_formula = true, needs_input = true, needs_output = false;
  static constexpr shape_answer infer(dimensions) { return fits(shape<Outputs>); }

  template <class T, class Arch, dimensions In, class Epilogue>
  static void forward(const batch_view<T>& at, const Epilogue& epilogue) {
    for (std::size_t m = 0; m < at.batch; ++m) sample<T, Arch>(m, at.rows[m], epilogue);
  }
  template <class T, class Arch, dimensions In, class Epilogue>
  static void forward_one(const T* x, const T*, const std::size_t*, const Epilogue& epilogue) {
    sample<T, Arch>(0, x, epilogue);
  }
  /// The gradient goes to the first of the largest pieces.
  template <class T, class Arch, dimensions In, class Epilogue>
  static void backward_input(const batch_view<T>& at, const gradient_view<T>& gradient, const Epilogue& epilogue) {
    using V = simd::vector<T, Arch>;
    constexpr std::size_t W = simd::width<T, Arch>;
    alignas(64) T dx[simd::padded<T, Arch>(In.size())]{};
    for (std::size_t m = 0; m < at.batch; ++m) {
      for (std::size_t n = 0; n < Outputs; n += W) {
        const T* const x = at.rows[m] + n;
        const std::size_t lanes = Outputs - n;
        V left = V::load_aligned(gradient.dz + m * gradient.stride + n), most = largest<T, Arch>(x, lanes);
        for (std::size_t p = 0; p < Pieces; ++p) {
          const auto chosen = simd::load_lanes<T, Arch>(x + p * Outputs, lanes) == most;
          const V share = xsimd::select(chosen, left, V(T(0)));
          left = xsimd::select(chosen, V(T(0)), left);
          simd::store_lanes<T, Arch>(dx + p * Outputs + n, lanes, share);
        }
      }
      hand_over_row<T, Arch>(m, dx, simd::padded<T, Arch>(In.size()), epilogue);
    }
  }

private:
  template <class T, class Arch> static simd::vector<T, Arch> largest(const T* x, std::size_t lanes) {
    auto most = simd::load_lanes<T, Arch>(x, lanes);
    for (std::size_t p = 1; p < Pieces; ++p) most = math::max(most, simd::load_lanes<T, Arch>(x + p * Outputs, lanes));
    return most;
  }
  template <class T, class Arch, class Epilogue>
  static void sample(std::size_t m, const T* x, const Epilogue& epilogue) {
    for (std::size_t n = 0; n < Outputs; n += simd::width<T, Arch>)
      epilogue(m, n, largest<T, Arch>(x + n, Outputs - n));
  }
};

} // namespace detail

/// The largest of several affine maps for each unit.
/// Shape: (K) → (N). Parameters: weight (P·N, K), bias (P·N); piece p of unit n is row p·N + n. Forward:
/// yₙ = maxₚ (W x + b)ₚₙ. Backward keeps: x and the pieces. Source: Goodfellow et al. 2013.
template <std::size_t Outputs, class Pieces = pieces<2>> struct maxout {
  /// What it is made of, under one name.
  using parts = detail::type_list<dense<Pieces::count * Outputs>, detail::largest_piece<Outputs, Pieces::count>>;
  static constexpr shape_answer infer(dimensions in) {
    const shape_answer answer = dense<Pieces::count * Outputs>::infer(in);
    return answer.why == reason::none ? fits(shape<Outputs>) : answer;
  }
};

} // namespace lamina
