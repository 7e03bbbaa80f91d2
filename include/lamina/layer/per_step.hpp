#pragma once
#include <cstddef>
#include <cstring>

#include <lamina/layer/causal_conv1d.hpp>
#include <lamina/layer/dense.hpp>
#include <lamina/simd/narrow.hpp>
#include <lamina/simd/pixels.hpp>

namespace lamina {

/// Applies a layer to every step of a sequence: (L, F) → (L, what the layer makes of (F)).
/// `per_step<dense<N>>`: weight (N, F), bias (N), as torch.nn.Linear does with a tensor (batch, L, F). Layers that work
/// elementwise or along the last axis need no `per_step`. Forward: y[t] = W x[t] + b. Backward keeps: x. Errors:
/// not_a_layer around another layer, input_rank for what is no sequence, input_size where the layer states another F.
/// Example: examples/27_sequences.cpp.
template <class Layer> struct per_step {};

template <std::size_t Outputs, class... Options>
struct per_step<dense<Outputs, Options...>> : detail::step_convolution<per_step<dense<Outputs, Options...>>> {
private:
  using convolution = detail::step_convolution<per_step>;
  /// Where the outputs are few, their weights stand in rows and products run along the inputs.
  template <class T, class Arch, dimensions In> static constexpr bool narrow = simd::is_narrow<T, Arch>(Outputs, In[1]);
  template <class T, class Arch, dimensions In> using row_arch = simd::gate_arch<T, Arch, In[1]>;

public:
  using inner = dense<Outputs, Options...>;
  static constexpr detail::window options{.kernel = {1, 1}, .stride = {1, 1}};

  static constexpr bool biased = inner::biased;
  static constexpr std::size_t parameter_tensors = inner::parameter_tensors;
  static constexpr shape_answer infer(dimensions in) {
    if (in.rank != 2) return wrong_rank(2, in);
    const shape_answer step = inner::infer({1, {in[1]}});
    return step.why == reason::none ? fits({2, {in[0], Outputs}}) : step;
  }
  static constexpr simd::convolution geometry_for(dimensions in) {
    return detail::causal_geometry(options, in, Outputs);
  }
  static constexpr dimensions weight_shape(dimensions in) { return {2, {Outputs, in[1]}}; }
  static constexpr auto parameters(dimensions in) {
    auto all = convolution::parameters(in);
    all[0].narrow = true;
    return all;
  }

  template <class T, class Arch, dimensions In, class Epilogue>
  static void forward(const detail::batch_view<T>& at, const Epilogue& epilogue) {
    if constexpr (narrow<T, Arch, In>)
      for (std::size_t m = 0; m < at.batch; ++m)
        for (std::size_t t = 0; t < In[0]; ++t)
          step<T, Arch, In>(at.rows[m] + t * In[1], at.block, at.offsets, m, t, epilogue);
    else
      convolution::template forward<T, Arch, In>(at, epilogue);
  }
  template <class T, class Arch, dimensions In, class Epilogue>
  [[gnu::always_inline]] static void stream_one(const T* x, const T* block, const std::size_t* offsets, T* past,
                                                std::size_t position, const Epilogue& epilogue) {
    if constexpr (narrow<T, Arch, In>)
      step<T, Arch, In>(x, block, offsets, 0, 0, epilogue);
    else
      convolution::template stream_one<T, Arch, In>(x, block, offsets, past, position, epilogue);
  }
  template <class T, class Arch, dimensions In, class Epilogue>
  static void backward_input(const detail::batch_view<T>& at, const detail::gradient_view<T>& gradient,
                             const Epilogue& epilogue) {
    if constexpr (narrow<T, Arch, In>)
      for (std::size_t m = 0; m < at.batch; ++m)
        simd::narrow_input<T, row_arch<T, Arch, In>, Outputs>(
            gradient.rows[m], Outputs, In[0], at.block + at.offsets[0], In[1],
            [&](std::size_t t, std::size_t k, auto v) { epilogue(m, t, k, v, In[1] - k); });
    else
      convolution::template backward_input<T, Arch, In>(at, gradient, epilogue);
  }
  template <class T, class Arch, dimensions In>
  static void gather_gradient(const detail::batch_view<T>& at, const detail::gradient_view<T>& gradient, T* sums) {
    if constexpr (narrow<T, Arch, In>) {
      struct steps {
        const T* first;
        const T* operator[](std::size_t t) const { return first + t * In[1]; }
      };
      constexpr std::size_t weights = convolution::template weight_block<T, Arch, In>;
      std::memset(sums, 0, weights * sizeof(T));
      for (std::size_t m = 0; m < at.batch; ++m)
        simd::narrow_gradient<T, row_arch<T, Arch, In>, Outputs>(
            steps{at.rows[m]}, In[0], In[1], gradient.rows[m], Outputs, [&]<class V>(std::size_t offset, V v) {
              (v + V::load_aligned(sums + offset)).store_aligned(sums + offset);
            });
      if constexpr (biased)
        simd::pixel_sums<T, Arch, Outputs, In[0]>(gradient.rows, at.batch, [&](std::size_t f, simd::vector<T, Arch> v) {
          v.store_aligned(sums + weights + f);
        });
    } else {
      convolution::template gather_gradient<T, Arch, In>(at, gradient, sums);
    }
  }

private:
  template <class T, class Arch, dimensions In, class Epilogue>
  [[gnu::always_inline]] static void step(const T* x, const T* block, const std::size_t* offsets, std::size_t m,
                                          std::size_t t, const Epilogue& epilogue) {
    using V = simd::vector<T, row_arch<T, Arch, In>>;
    V sums = simd::narrow_sums<T, row_arch<T, Arch, In>, Outputs, In[1]>(x, block + offsets[0]);
    if constexpr (biased) sums += V::load_unaligned(block + offsets[1]);
    epilogue(m, t, 0, sums, Outputs);
  }
};

} // namespace lamina
