#pragma once
#include <array>
#include <cstddef>

#include <lamina/core/diagnostics.hpp>
#include <lamina/core/parameter.hpp>
#include <lamina/expression/value.hpp>
#include <lamina/initializer.hpp>
#include <lamina/layer/stage.hpp>
#include <lamina/simd/partial.hpp>

namespace lamina {

/// Brings each feature, or each channel of an image, to mean 0 and variance 1 over the batch (and the pixels), then
/// scales and shifts it by parameters; in inference by running statistics instead, as a part of the layer before it.
/// Shape: same, (K), (C, L) or (C, H, W). Parameters: weight γ (1 at first), bias β (0); not trained, but saved:
/// running_mean (0), running_var (1), which every update moves a tenth of the way to the batch's (variance: over n − 1
/// of n numbers). Forward: y = γ (x − mean)/√(variance + 1e-5) + β. Backward keeps: x, the mean and the inverse
/// deviation. A batch of one number gives β. Source: Ioffe and Szegedy 2015; torch.nn.BatchNorm1d and 2d.
struct batch_norm : detail::head_without_parameters {
  static constexpr bool accepts_formula = true, needs_input = true, needs_output = false, trains_differently = true,
                        of_images = true, folds_at_inference = true;
  static constexpr std::size_t parameter_tensors = 4;
  static constexpr double epsilon = 1e-5, momentum = 0.1;

  static constexpr shape_answer infer(dimensions in) { return fits(in); }
  static constexpr std::array<parameter, parameter_tensors> parameters(dimensions in) {
    std::array<parameter, parameter_tensors> all{};
    constexpr const char* names[] = {"weight", "bias", "running_mean", "running_var"};
    for (std::size_t i = 0; i < parameter_tensors; ++i) {
      all[i].name.append(names[i]);
      all[i].shape = {1, {in[0]}};
      all[i].draw = i == 0 || i == 3 ? draw_one : draw_zero;
      all[i].trainable = i < 2;
    }
    return all;
  }
  template <class T, class Arch> static constexpr std::size_t kept(dimensions in) {
    return 2 * simd::padded<T, Arch>(in[0]);
  }

  /// The map of inference, y = scale·x + shift, for `features` channels.
  template <class T, class Arch>
  static void map_of_inference(const T* block, const std::size_t* offsets, std::size_t features, T* scale, T* shift) {
    using V = simd::vector<T, Arch>;
    for (std::size_t n = 0; n < features; n += V::size) {
      const V slope = V::load_aligned(block + offsets[0] + n) /
                      math::sqrt(V::load_aligned(block + offsets[3] + n) + V(static_cast<T>(epsilon)));
      slope.store_aligned(scale + n);
      (V::load_aligned(block + offsets[1] + n) - slope * V::load_aligned(block + offsets[2] + n))
          .store_aligned(shift + n);
    }
  }

  template <class T, class Arch, dimensions In, class Epilogue>
  static void forward(const detail::batch_view<T>& at, const Epilogue& epilogue) {
    using V = simd::vector<T, Arch>;
    alignas(64) T scale[simd::padded<T, Arch>(In[0])], shift[simd::padded<T, Arch>(In[0])];
    map_of_inference<T, Arch>(at.block, at.offsets, In[0], scale, shift);
    for_pixels<T, Arch, In>(at.batch, [&](std::size_t m, std::size_t p, std::size_t f, std::size_t lanes) {
      const V x = simd::load_lanes<T, Arch>(at.rows[m] + p * In[0] + f, lanes);
      hand_over<In>(epilogue, m, p, f, math::fma(x, V::load_aligned(scale + f), V::load_aligned(shift + f)), lanes);
    });
  }

  template <class T, class Arch, dimensions In, class Epilogue>
  static void forward_training(const detail::batch_view<T>& at, const Epilogue& epilogue) {
    using V = simd::vector<T, Arch>;
    constexpr std::size_t padded = simd::padded<T, Arch>(In[0]);
    const V share(T(1) / static_cast<T>(at.batch * pixels<In>));
    alignas(64) T sums[padded]{}, squares[padded]{}, weight[padded];
    T* const mean = at.kept;
    T* const inverse = at.kept + padded;
    for_pixels<T, Arch, In>(at.batch, [&](std::size_t m, std::size_t p, std::size_t f, std::size_t lanes) {
      add<T, Arch>(sums + f, simd::load_lanes<T, Arch>(at.rows[m] + p * In[0] + f, lanes));
    });
    for (std::size_t f = 0; f < padded; f += V::size) (V::load_aligned(sums + f) * share).store_aligned(mean + f);
    for_pixels<T, Arch, In>(at.batch, [&](std::size_t m, std::size_t p, std::size_t f, std::size_t lanes) {
      const V centred = simd::load_lanes<T, Arch>(at.rows[m] + p * In[0] + f, lanes) - V::load_aligned(mean + f);
      math::fma(centred, centred, V::load_aligned(squares + f)).store_aligned(squares + f);
    });
    for (std::size_t f = 0; f < padded; f += V::size) {
      const V variance = math::fma(V::load_aligned(squares + f), share, V(static_cast<T>(epsilon)));
      const V deviation = V(T(1)) / math::sqrt(variance);
      deviation.store_aligned(inverse + f);
      (deviation * V::load_aligned(at.block + at.offsets[0] + f)).store_aligned(weight + f);
    }
    for_pixels<T, Arch, In>(at.batch, [&](std::size_t m, std::size_t p, std::size_t f, std::size_t lanes) {
      const V centred = simd::load_lanes<T, Arch>(at.rows[m] + p * In[0] + f, lanes) - V::load_aligned(mean + f);
      const V bias = V::load_aligned(at.block + at.offsets[1] + f);
      hand_over<In>(epilogue, m, p, f, math::fma(centred, V::load_aligned(weight + f), bias), lanes);
    });
  }

  /// dx = γ/√(…) (dy − mean dy − x̂ mean(dy x̂)).
  template <class T, class Arch, dimensions In, class Epilogue>
  static void backward_input(const detail::batch_view<T>& at, const detail::gradient_view<T>& gradient,
                             const Epilogue& epilogue) {
    using V = simd::vector<T, Arch>;
    const V share(T(1) / static_cast<T>(at.batch * pixels<In>));
    const sums_of<T, Arch, In> total{at, gradient};
    for_pixels<T, Arch, In>(at.batch, [&](std::size_t m, std::size_t p, std::size_t f, std::size_t lanes) {
      const std::size_t n = p * In[0] + f;
      const V inverse = total.inverse(f), weight = inverse * V::load_aligned(at.block + at.offsets[0] + f);
      const V normal = (simd::load_lanes<T, Arch>(at.rows[m] + n, lanes) - total.mean(f)) * inverse;
      const V dy = simd::load_lanes<T, Arch>(gradient.dz + m * gradient.stride + n, lanes);
      const V slope = V::load_aligned(total.weight + f) * share;
      hand_over<In>(epilogue, m, p, f, weight * (dy - V::load_aligned(total.bias + f) * share - normal * slope), lanes);
    });
  }

  template <class T, class Arch, dimensions In, class Sink>
  static void backward_parameters(const detail::batch_view<T>& at, const detail::gradient_view<T>& gradient,
                                  const Sink& sink) {
    using V = simd::vector<T, Arch>;
    const double count = static_cast<double>(at.batch * pixels<In>), unbiased = count > 1 ? count / (count - 1) : 1;
    const auto moved = [&](std::size_t offset, V to) {
      const V now = V::load_aligned(at.block + offset);
      sink.keep(offset, math::fma(to - now, V(static_cast<T>(momentum)), now));
    };
    const sums_of<T, Arch, In> total{at, gradient};
    for (std::size_t f = 0; f < In[0]; f += V::size) {
      const V inverse = total.inverse(f), variance = V(T(1)) / (inverse * inverse) - V(static_cast<T>(epsilon));
      sink(at.offsets[0] + f, V::load_aligned(total.weight + f));
      sink(at.offsets[1] + f, V::load_aligned(total.bias + f));
      moved(at.offsets[2] + f, total.mean(f));
      moved(at.offsets[3] + f, math::max(variance, V(T(0))) * V(static_cast<T>(unbiased)));
    }
  }

private:
  static double draw_one(const parameter&, std::uint64_t, std::uint64_t, std::size_t) { return 1; }
  static double draw_zero(const parameter&, std::uint64_t, std::uint64_t, std::size_t) { return 0; }

  template <dimensions In> static constexpr std::size_t pixels = In.size() / In[0];

  template <class T, class Arch> static void add(T* to, simd::vector<T, Arch> v) {
    (simd::vector<T, Arch>::load_aligned(to) + v).store_aligned(to);
  }
  /// Visits the vectors of all pixels; a row of features is one pixel.
  template <class T, class Arch, dimensions In, class Visit>
  static void for_pixels(std::size_t batch, const Visit& visit) {
    for (std::size_t m = 0; m < batch; ++m)
      for (std::size_t p = 0; p < pixels<In>; ++p)
        for (std::size_t f = 0; f < In[0]; f += simd::width<T, Arch>) visit(m, p, f, In[0] - f);
  }
  template <dimensions In, class Epilogue, class V>
  static void hand_over(const Epilogue& epilogue, std::size_t m, std::size_t p, std::size_t f, V v, std::size_t lanes) {
    if constexpr (In.rank == 1)
      epilogue(m, f, v);
    else
      epilogue(m, p, f, v, lanes);
  }
  /// Sums over the batch: the gradients by γ and β; and what forward kept.
  template <class T, class Arch, dimensions In> struct sums_of {
    using V = simd::vector<T, Arch>;
    static constexpr std::size_t padded = simd::padded<T, Arch>(In[0]);
    const T* kept;
    alignas(64) T weight[padded]{}, bias[padded]{};

    sums_of(const detail::batch_view<T>& at, const detail::gradient_view<T>& gradient) : kept{at.kept} {
      for_pixels<T, Arch, In>(at.batch, [&](std::size_t m, std::size_t p, std::size_t f, std::size_t lanes) {
        const std::size_t n = p * In[0] + f;
        const V dy = simd::load_lanes<T, Arch>(gradient.dz + m * gradient.stride + n, lanes);
        const V centred = simd::load_lanes<T, Arch>(at.rows[m] + n, lanes) - mean(f);
        math::fma(dy, centred, V::load_aligned(weight + f)).store_aligned(weight + f);
        add<T, Arch>(bias + f, dy);
      });
      for (std::size_t f = 0; f < padded; f += V::size)
        (V::load_aligned(weight + f) * inverse(f)).store_aligned(weight + f);
    }
    V mean(std::size_t f) const { return V::load_aligned(kept + f); }
    V inverse(std::size_t f) const { return V::load_aligned(kept + padded + f); }
  };
};

} // namespace lamina
