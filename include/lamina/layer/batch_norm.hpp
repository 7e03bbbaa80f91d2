#pragma once
#include <array>
#include <cstddef>

#include <lamina/core/diagnostics.hpp>
#include <lamina/core/parameter.hpp>
#include <lamina/expression/value.hpp>
#include <lamina/initializer.hpp>
#include <lamina/layer/stage.hpp>
#include <lamina/simd/pixels.hpp>

namespace lamina {

/// Brings each feature, or each channel of an image, to mean 0 and variance 1 over the batch (and the pixels), then
/// scales and shifts it by parameters; in inference by running statistics instead, as a part of the layer before it.
/// Shape: same, (K), (C, L) or (C, H, W). Parameters: weight γ (1 at first), bias β (0); not trained, but saved:
/// running_mean (0), running_var (1), which every update moves a tenth of the way to the batch's (variance: over n − 1
/// of n numbers). Forward: y = γ (x − mean)/√(variance + 1e-5) + β. Backward keeps: x, the mean and the inverse
/// deviation. A batch of one number gives β. Source: Ioffe and Szegedy 2015; torch.nn.BatchNorm1d and 2d.
struct batch_norm : detail::head_without_parameters {
  static constexpr bool accepts_formula = true, needs_input = true, needs_output = false, trains_differently = true,
                        of_images = true, folds_at_inference = true, backward_at_once = true;
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
    alignas(64) T scale[simd::padded<T, Arch>(In[0])], shift[simd::padded<T, Arch>(In[0])];
    map_of_inference<T, Arch>(at.block, at.offsets, In[0], scale, shift);
    simd::scale_channels<T, Arch, In[0], In.size()>(at.rows, 0, at.batch, scale, shift, epilogue);
  }

  /// Sums (x − s) and (x − s)² in one walk. s is the mean of the first sample, which of B samples is at most √B
  /// deviations from the mean of all: no more than log₂ B bits of the variance are lost.
  template <class T, class Arch, dimensions In, class Epilogue>
  static void forward_training(const detail::batch_view<T>& at, const Epilogue& epilogue) {
    using V = simd::vector<T, Arch>;
    constexpr std::size_t padded = simd::padded<T, Arch>(In[0]), pixels = In.size() / In[0];
    const V share(T(1) / static_cast<T>(at.batch * pixels)), share_of_one(T(1) / static_cast<T>(pixels));
    alignas(64) T sums[padded], squares[padded], scale[padded], shift[padded];
    T* const mean = at.kept;
    T* const inverse = at.kept + padded;
    simd::pixel_sums<T, Arch, In[0], pixels>(
        at.rows, 1, [&](std::size_t f, V sum) { (sum * share_of_one).store_aligned(mean + f); });
    simd::channel_moments<T, Arch, In[0], In.size()>(at.rows, at.batch, mean, sums, squares);
    for (std::size_t f = 0; f < padded; f += V::size) {
      const V off = V::load_aligned(sums + f) * share, square = V::load_aligned(squares + f) * share - off * off;
      const V deviation = V(T(1)) / math::sqrt(math::max(square, V(T(0))) + V(static_cast<T>(epsilon)));
      const V middle = V::load_aligned(mean + f) + off,
              slope = deviation * V::load_aligned(at.block + at.offsets[0] + f);
      middle.store_aligned(mean + f);
      deviation.store_aligned(inverse + f);
      slope.store_aligned(scale + f);
      (V::load_aligned(at.block + at.offsets[1] + f) - slope * middle).store_aligned(shift + f);
    }
    simd::scale_channels<T, Arch, In[0], In.size()>(at.rows, 0, at.batch, scale, shift, epilogue);
  }

  /// dx = γ/√(…) (dy − mean dy − x̂ mean(dy x̂)), and the gradients by the parameters, which are two of its sums.
  template <class T, class Arch, dimensions In, class Epilogue, class Sink>
  static void backward(const detail::batch_view<T>& at, const detail::gradient_view<T>& gradient,
                       const Epilogue& epilogue, const Sink& sink) {
    using V = simd::vector<T, Arch>;
    constexpr std::size_t padded = simd::padded<T, Arch>(In[0]), pixels = In.size() / In[0];
    const V share(T(1) / static_cast<T>(at.batch * pixels)), none(T(0));
    const T *const mean = at.kept, *const inverse = at.kept + padded;
    alignas(64) T weight[padded], bias[padded]; // the gradients
    simd::channel_products<T, Arch, In[0], In.size()>(gradient.rows, at.rows, at.batch, mean, weight, bias);
    alignas(64) T by_dy[padded], by_x[padded], rest[padded]; // dx = by_dy·dy + by_x·x + rest
    for (std::size_t f = 0; f < padded; f += V::size) {
      const V inverse_here = V::load_aligned(inverse + f),
              slope = inverse_here * V::load_aligned(at.block + at.offsets[0] + f);
      const V along = V::load_aligned(weight + f) * inverse_here, by = none - slope * inverse_here * along * share;
      along.store_aligned(weight + f);
      slope.store_aligned(by_dy + f);
      by.store_aligned(by_x + f);
      (none - slope * V::load_aligned(bias + f) * share - by * V::load_aligned(mean + f)).store_aligned(rest + f);
    }
    simd::mix_channels<T, Arch, In[0], In.size()>(gradient.rows, at.rows, 0, at.batch, by_dy, by_x, rest, epilogue);

    const double count = static_cast<double>(at.batch * pixels), unbiased = count > 1 ? count / (count - 1) : 1;
    const auto moved = [&](std::size_t offset, V to) {
      const V now = V::load_aligned(at.block + offset);
      sink.keep(offset, math::fma(to - now, V(static_cast<T>(momentum)), now));
    };
    for (std::size_t f = 0; f < In[0]; f += V::size) {
      const V deviation = V::load_aligned(inverse + f);
      const V variance = V(T(1)) / (deviation * deviation) - V(static_cast<T>(epsilon));
      sink(at.offsets[0] + f, V::load_aligned(weight + f));
      sink(at.offsets[1] + f, V::load_aligned(bias + f));
      moved(at.offsets[2] + f, V::load_aligned(mean + f));
      moved(at.offsets[3] + f, math::max(variance, none) * V(static_cast<T>(unbiased)));
    }
  }

private:
  static double draw_one(const parameter&, std::uint64_t, std::uint64_t, std::size_t) { return 1; }
  static double draw_zero(const parameter&, std::uint64_t, std::uint64_t, std::size_t) { return 0; }
};

} // namespace lamina
