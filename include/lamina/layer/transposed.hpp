#pragma once
#include <cstddef>

#include <lamina/core/shape.hpp>
#include <lamina/layer/stage.hpp>
#include <lamina/simd/traits.hpp>

/// The two orders of an image's numbers. The plan puts these heads between layers that do not agree; In is the image.
namespace lamina::detail {

/// Hands the pixels of a row-major image (C, positions) to an epilogue.
template <class T, class Arch, dimensions In, class Epilogue>
void by_pixels(std::size_t m, const T* planar, const Epilogue& epilogue) {
  using V = simd::vector<T, Arch>;
  constexpr std::size_t channels = In[0], positions = In.size() / channels;
  alignas(64) T pixel[V::size]{};
  for (std::size_t p = 0; p < positions; ++p)
    for (std::size_t f = 0; f < channels; f += V::size) {
      const std::size_t lanes = channels - f < V::size ? channels - f : V::size;
      for (std::size_t i = 0; i < lanes; ++i) pixel[i] = planar[(f + i) * positions + p];
      epilogue(m, p, f, V::load_aligned(pixel), lanes);
    }
}

/// Hands an image that stands channels last to an epilogue, row-major.
template <class T, class Arch, dimensions In, class Epilogue>
void by_planes(std::size_t m, const T* pixels, const Epilogue& epilogue) {
  constexpr std::size_t channels = In[0], positions = In.size() / channels, W = simd::width<T, Arch>;
  alignas(64) T numbers[W]{};
  std::size_t n = 0;
  for (std::size_t c = 0; c < channels; ++c)
    for (std::size_t p = 0; p < positions; ++p) {
      numbers[n++ % W] = pixels[p * channels + c];
      if (n % W == 0) epilogue(m, n - W, simd::vector<T, Arch>::load_aligned(numbers));
    }
  if (n % W) {
    for (std::size_t i = n % W; i < W; ++i) numbers[i] = T(0);
    epilogue(m, n / W * W, simd::vector<T, Arch>::load_aligned(numbers));
  }
}

/// Row-major in, channels last out.
struct to_channels_last : head_without_parameters {
  static constexpr bool accepts_formula = true, needs_input = false, needs_output = false, of_images = true;

  template <class T, class Arch, dimensions In, class Epilogue>
  static void forward(const batch_view<T>& at, const Epilogue& epilogue) {
    for (std::size_t m = 0; m < at.batch; ++m) by_pixels<T, Arch, In>(m, at.rows[m], epilogue);
  }
  template <class T, class Arch, dimensions In, class Epilogue>
  static void backward_input(const batch_view<T>& at, const gradient_view<T>& gradient, const Epilogue& epilogue) {
    for (std::size_t m = 0; m < at.batch; ++m) by_planes<T, Arch, In>(m, gradient.dz + m * gradient.stride, epilogue);
  }
};

/// Channels last in, row-major out.
struct to_planar : head_without_parameters {
  static constexpr bool accepts_formula = true, needs_input = false, needs_output = false, of_images = true;

  template <class T, class Arch, dimensions In, class Epilogue>
  static void forward(const batch_view<T>& at, const Epilogue& epilogue) {
    for (std::size_t m = 0; m < at.batch; ++m) by_planes<T, Arch, In>(m, at.rows[m], epilogue);
  }
  template <class T, class Arch, dimensions In, class Epilogue>
  static void backward_input(const batch_view<T>& at, const gradient_view<T>& gradient, const Epilogue& epilogue) {
    for (std::size_t m = 0; m < at.batch; ++m) by_pixels<T, Arch, In>(m, gradient.dz + m * gradient.stride, epilogue);
  }
};

/// The head of a concatenation: the paths have written their slices; backward hands these to the paths by itself.
struct already_there : head_without_parameters {
  static constexpr bool accepts_formula = false, needs_input = false, needs_output = false;
};

} // namespace lamina::detail
