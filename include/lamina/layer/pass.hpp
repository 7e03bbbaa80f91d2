#pragma once
#include <cstddef>

#include <lamina/core/shape.hpp>
#include <lamina/layer/stage.hpp>
#include <lamina/simd/partial.hpp>

namespace lamina::detail {

/// The head of a stage that has none: elementwise layers with no contraction before them.
struct pass : head_without_parameters {
  static constexpr bool accepts_formula = true, needs_input = false, needs_output = false;

  template <class T, class Arch, dimensions In, class Epilogue>
  static void forward(const batch_view<T>& at, const Epilogue& epilogue) {
    for (std::size_t m = 0; m < at.batch; ++m) row<T, Arch, In>(m, at.rows[m], epilogue);
  }
  template <class T, class Arch, dimensions In, class Epilogue>
  static void forward_one(const T* x, const T*, const std::size_t*, const Epilogue& epilogue) {
    row<T, Arch, In>(0, x, epilogue);
  }
  template <class T, class Arch, dimensions In, class Epilogue>
  static void backward_input(const batch_view<T>& at, const gradient_view<T>& gradient, const Epilogue& epilogue) {
    for (std::size_t m = 0; m < at.batch; ++m) row<T, Arch, In>(m, gradient.dz + m * gradient.stride, epilogue);
  }

private:
  template <class T, class Arch, dimensions In, class Epilogue>
  static void row(std::size_t m, const T* x, const Epilogue& epilogue) {
    constexpr std::size_t W = simd::width<T, Arch>, whole = In.size() / W * W;
    for (std::size_t n = 0; n < whole; n += W) epilogue(m, n, simd::vector<T, Arch>::load_unaligned(x + n));
    if constexpr (whole < In.size()) epilogue(m, whole, simd::load_partial<T, Arch>(x + whole, In.size() - whole));
  }
};

/// The same for images, pixel by pixel, whose output does not stand in one piece.
struct pass_pixels : head_without_parameters {
  static constexpr bool accepts_formula = true, needs_input = false, needs_output = false, of_images = true;

  template <class T, class Arch, dimensions In, class Epilogue>
  static void forward(const batch_view<T>& at, const Epilogue& epilogue) {
    for (std::size_t m = 0; m < at.batch; ++m) hand_over_pixels<T, Arch, In>(m, at.rows[m], epilogue);
  }
  template <class T, class Arch, dimensions In, class Epilogue>
  static void backward_input(const batch_view<T>& at, const gradient_view<T>& gradient, const Epilogue& epilogue) {
    for (std::size_t m = 0; m < at.batch; ++m)
      hand_over_pixels<T, Arch, In>(m, gradient.dz + m * gradient.stride, epilogue);
  }
};

} // namespace lamina::detail
