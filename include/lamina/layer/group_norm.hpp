#pragma once
#include <array>
#include <cmath>
#include <cstddef>

#include <lamina/core/diagnostics.hpp>
#include <lamina/core/parameter.hpp>
#include <lamina/initializer.hpp>
#include <lamina/layer/stage.hpp>
#include <lamina/simd/pixels.hpp>

namespace lamina {

/// Brings so many groups of neighbouring channels, each with all of its pixels, to mean 0 and variance 1 in every
/// sample, then scales and shifts each channel by parameters; the same in training and inference.
/// Shape: same, (C, H, W), (C, L) or (C). Parameters: weight γ (1 at first), bias β (0), one for each channel. Forward:
/// y = γ (x − mean)/√(variance + 1e-5) + β. Backward keeps: x. Errors: groups where they do not divide the channels.
/// Source: Wu and He 2018; torch.nn.GroupNorm.
template <std::size_t Groups> struct group_norm : detail::head_without_parameters {
  static_assert(Groups > 0, "group_norm<G>: at least 1");
  static constexpr bool accepts_formula = true, of_images = true, needs_input = true, needs_output = false,
                        backward_at_once = true;
  static constexpr std::size_t parameter_tensors = 2;
  static constexpr double epsilon = 1e-5;

  static constexpr shape_answer infer(dimensions in) {
    if (in[0] % Groups) return does_not_fit(reason::groups, {1, {Groups}}, {1, {in[0]}});
    return fits(in);
  }
  static constexpr std::array<parameter, parameter_tensors> parameters(dimensions in) {
    std::array<parameter, parameter_tensors> all{};
    all[0].name.append("weight"), all[1].name.append("bias");
    all[0].shape = all[1].shape = {1, {in[0]}};
    all[0].draw = [](const parameter&, std::uint64_t, std::uint64_t, std::size_t) { return 1.0; };
    all[1].draw = [](const parameter&, std::uint64_t, std::uint64_t, std::size_t) { return 0.0; };
    return all;
  }

  template <class T, class Arch, dimensions In, class Epilogue>
  static void forward(const detail::batch_view<T>& at, const Epilogue& epilogue) {
    alignas(64) T scale[simd::padded<T, Arch>(In[0])]{}, shift[simd::padded<T, Arch>(In[0])]{};
    const T *const weight = at.block + at.offsets[0], *const bias = at.block + at.offsets[1];
    for (std::size_t m = 0; m < at.batch; ++m) {
      const statistics<T, Arch, In> measured{at.rows + m};
      for (std::size_t f = 0; f < In[0]; ++f) {
        scale[f] = weight[f] * measured.inverse[f];
        shift[f] = bias[f] - scale[f] * measured.mean[f];
      }
      simd::scale_channels<T, Arch, In[0], In.size()>(at.rows, m, m + 1, scale, shift, epilogue);
    }
  }

  /// dx = (a − mean a − x̂ mean(a x̂))/√…, a = γ dy, means over the group; and the gradients by the parameters.
  template <class T, class Arch, dimensions In, class Epilogue, class Sink>
  static void backward(const detail::batch_view<T>& at, const detail::gradient_view<T>& gradient,
                       const Epilogue& epilogue, const Sink& sink) {
    using V = simd::vector<T, Arch>;
    constexpr std::size_t C = In[0], padded = simd::padded<T, Arch>(C);
    const T* const weight = at.block + at.offsets[0];
    alignas(64) T by_weight[padded]{}, by_bias[padded]{}, products[padded], sums[padded];
    alignas(64) T by_dy[padded]{}, by_x[padded]{}, rest[padded]{}; // dx = by_dy·dy + by_x·x + rest
    for (std::size_t m = 0; m < at.batch; ++m) {
      const statistics<T, Arch, In> measured{at.rows + m};
      simd::channel_products<T, Arch, C, In.size()>(gradient.rows + m, at.rows + m, 1, measured.mean, products, sums);
      for (std::size_t f = 0; f < C; ++f) {
        products[f] *= measured.inverse[f];
        by_weight[f] += products[f], by_bias[f] += sums[f];
        products[f] *= weight[f], sums[f] *= weight[f];
      }
      share_in_groups<T, In>(products), share_in_groups<T, In>(sums);
      for (std::size_t f = 0; f < C; ++f) {
        const T inverse = measured.inverse[f];
        by_dy[f] = weight[f] * inverse;
        by_x[f] = -inverse * inverse * products[f];
        rest[f] = -inverse * sums[f] - by_x[f] * measured.mean[f];
      }
      simd::mix_channels<T, Arch, C, In.size()>(gradient.rows, at.rows, m, m + 1, by_dy, by_x, rest, epilogue);
    }
    for (std::size_t f = 0; f < C; f += V::size) {
      sink(at.offsets[0] + f, V::load_aligned(by_weight + f));
      sink(at.offsets[1] + f, V::load_aligned(by_bias + f));
    }
  }

private:
  /// Gives each channel the mean of its group, from the sums of the channels.
  template <class T, dimensions In> static void share_in_groups(T* channels) {
    constexpr std::size_t size = In[0] / Groups;
    for (std::size_t first = 0; first < In[0]; first += size) {
      T sum = 0;
      for (std::size_t f = first; f < first + size; ++f) sum += channels[f];
      for (std::size_t f = first; f < first + size; ++f)
        channels[f] = sum * (T(1) / static_cast<T>(In.size() / Groups));
    }
  }
  /// The mean and 1/deviation that each channel shares with its group, of one sample.
  template <class T, class Arch, dimensions In> struct statistics {
    static constexpr std::size_t padded = simd::padded<T, Arch>(In[0]);
    alignas(64) T mean[padded], inverse[padded];

    explicit statistics(const T* const* row) {
      using V = simd::vector<T, Arch>;
      alignas(64) T sums[padded];
      simd::pixel_sums<T, Arch, In[0], In.size() / In[0]>(row, 1,
                                                          [&](std::size_t f, V sum) { sum.store_aligned(mean + f); });
      share_in_groups<T, In>(mean);
      simd::channel_moments<T, Arch, In[0], In.size()>(row, 1, mean, sums, inverse);
      share_in_groups<T, In>(inverse);
      for (std::size_t f = 0; f < In[0]; ++f) inverse[f] = 1 / std::sqrt(inverse[f] + static_cast<T>(epsilon));
    }
  };
};

} // namespace lamina
