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

/// Brings each feature to mean 0 and variance 1 over the batch, then scales and shifts it by parameters; in inference
/// by running statistics instead. Shape: same, a row of features. Parameters: weight γ (1 at first), bias β (0); not
/// trained, but saved: running_mean (0), running_var (1), which every update moves a tenth of the way to the batch's
/// (variance: over B − 1). Forward: y = γ (x − mean)/√(variance + 1e-5) + β. Backward keeps: x, the mean and the
/// inverse deviation. A batch of one sample gives β. Source: Ioffe and Szegedy 2015; torch.nn.BatchNorm1d.
struct batch_norm : detail::head_without_parameters {
  static constexpr bool accepts_formula = true, needs_input = true, needs_output = false, trains_differently = true;
  static constexpr std::size_t parameter_tensors = 4;
  static constexpr double epsilon = 1e-5, momentum = 0.1;

  static constexpr shape_answer infer(dimensions in) {
    if (in.rank != 1) return does_not_fit(reason::input_rank, dimensions{1, {in.size()}}, in);
    return fits(in);
  }
  static constexpr std::array<parameter, parameter_tensors> parameters(dimensions in) {
    std::array<parameter, parameter_tensors> all{};
    constexpr const char* names[] = {"weight", "bias", "running_mean", "running_var"};
    for (std::size_t i = 0; i < parameter_tensors; ++i) {
      all[i].name.append(names[i]);
      all[i].shape = in;
      all[i].draw = i == 0 || i == 3 ? draw_one : draw_zero;
      all[i].trainable = i < 2;
    }
    return all;
  }
  template <class T, class Arch> static constexpr std::size_t kept(dimensions in) {
    return 2 * simd::padded<T, Arch>(in.size());
  }

  template <class T, class Arch, dimensions In, class Epilogue>
  static void forward(const detail::batch_view<T>& at, const Epilogue& epilogue) {
    for_columns<T, Arch, In>([&](std::size_t n, std::size_t lanes) {
      const affine<T, Arch> map{at.block, at.offsets, n};
      for (std::size_t m = 0; m < at.batch; ++m) epilogue(m, n, map(simd::load_lanes<T, Arch>(at.rows[m] + n, lanes)));
    });
  }
  template <class T, class Arch, dimensions In, class Epilogue>
  static void forward_one(const T* x, const T* block, const std::size_t* offsets, const Epilogue& epilogue) {
    for_columns<T, Arch, In>([&](std::size_t n, std::size_t lanes) {
      epilogue(0, n, affine<T, Arch>{block, offsets, n}(simd::load_lanes<T, Arch>(x + n, lanes)));
    });
  }

  template <class T, class Arch, dimensions In, class Epilogue>
  static void forward_training(const detail::batch_view<T>& at, const Epilogue& epilogue) {
    using V = simd::vector<T, Arch>;
    const V share(T(1) / static_cast<T>(at.batch));
    for_columns<T, Arch, In>([&](std::size_t n, std::size_t lanes) {
      V sum(T(0)), squares(T(0));
      for (std::size_t m = 0; m < at.batch; ++m) sum += simd::load_lanes<T, Arch>(at.rows[m] + n, lanes);
      const V mean = sum * share;
      for (std::size_t m = 0; m < at.batch; ++m) {
        const V centred = simd::load_lanes<T, Arch>(at.rows[m] + n, lanes) - mean;
        squares = math::fma(centred, centred, squares);
      }
      const V inverse = V(T(1)) / math::sqrt(math::fma(squares, share, V(static_cast<T>(epsilon))));
      mean.store_aligned(at.kept + n);
      inverse.store_aligned(at.kept + simd::padded<T, Arch>(In.size()) + n);
      const V weight = inverse * V::load_aligned(at.block + at.offsets[0] + n);
      const V bias = V::load_aligned(at.block + at.offsets[1] + n);
      for (std::size_t m = 0; m < at.batch; ++m)
        epilogue(m, n, math::fma(simd::load_lanes<T, Arch>(at.rows[m] + n, lanes) - mean, weight, bias));
    });
  }

  /// dx = γ/√(…) (dy − mean dy − x̂ mean(dy x̂)).
  template <class T, class Arch, dimensions In, class Epilogue>
  static void backward_input(const detail::batch_view<T>& at, const detail::gradient_view<T>& gradient,
                             const Epilogue& epilogue) {
    using V = simd::vector<T, Arch>;
    const V share(T(1) / static_cast<T>(at.batch));
    for_columns<T, Arch, In>([&](std::size_t n, std::size_t lanes) {
      const sums<T, Arch> total = summed<T, Arch, In>(at, gradient, n, lanes);
      const V mean = total.bias * share, slope = total.weight * share;
      const V weight = total.inverse * V::load_aligned(at.block + at.offsets[0] + n);
      for (std::size_t m = 0; m < at.batch; ++m) {
        const V normal = (simd::load_lanes<T, Arch>(at.rows[m] + n, lanes) - total.mean) * total.inverse;
        epilogue(m, n, weight * (V::load_aligned(gradient.dz + m * gradient.stride + n) - mean - normal * slope));
      }
    });
  }

  template <class T, class Arch, dimensions In, class Sink>
  static void backward_parameters(const detail::batch_view<T>& at, const detail::gradient_view<T>& gradient,
                                  const Sink& sink) {
    using V = simd::vector<T, Arch>;
    const double batch = static_cast<double>(at.batch), unbiased = batch > 1 ? batch / (batch - 1) : 1;
    const auto moved = [&](std::size_t offset, V to) {
      const V now = V::load_aligned(at.block + offset);
      sink.keep(offset, math::fma(to - now, V(static_cast<T>(momentum)), now));
    };
    for_columns<T, Arch, In>([&](std::size_t n, std::size_t lanes) {
      const sums<T, Arch> total = summed<T, Arch, In>(at, gradient, n, lanes);
      const V variance = V(T(1)) / (total.inverse * total.inverse) - V(static_cast<T>(epsilon));
      sink(at.offsets[0] + n, total.weight);
      sink(at.offsets[1] + n, total.bias);
      moved(at.offsets[2] + n, total.mean);
      moved(at.offsets[3] + n, math::max(variance, V(T(0))) * V(static_cast<T>(unbiased)));
    });
  }

private:
  static double draw_one(const parameter&, std::uint64_t, std::uint64_t, std::size_t) { return 1; }
  static double draw_zero(const parameter&, std::uint64_t, std::uint64_t, std::size_t) { return 0; }

  /// The map of inference for the features n ….
  template <class T, class Arch> struct affine {
    simd::vector<T, Arch> scale, shift;

    affine(const T* block, const std::size_t* offsets, std::size_t n) {
      using V = simd::vector<T, Arch>;
      scale = V::load_aligned(block + offsets[0] + n) /
              math::sqrt(V::load_aligned(block + offsets[3] + n) + V(static_cast<T>(epsilon)));
      shift = V::load_aligned(block + offsets[1] + n) - scale * V::load_aligned(block + offsets[2] + n);
    }
    simd::vector<T, Arch> operator()(simd::vector<T, Arch> x) const { return math::fma(x, scale, shift); }
  };
  /// Sums over the batch for the features n …: the gradients by γ and β; and what forward kept.
  template <class T, class Arch> struct sums {
    simd::vector<T, Arch> weight, bias, mean, inverse;
  };
  template <class T, class Arch, dimensions In>
  static sums<T, Arch> summed(const detail::batch_view<T>& at, const detail::gradient_view<T>& gradient, std::size_t n,
                              std::size_t lanes) {
    using V = simd::vector<T, Arch>;
    sums<T, Arch> total{V(T(0)), V(T(0)), V::load_aligned(at.kept + n),
                        V::load_aligned(at.kept + simd::padded<T, Arch>(In.size()) + n)};
    for (std::size_t m = 0; m < at.batch; ++m) {
      const V dy = V::load_aligned(gradient.dz + m * gradient.stride + n);
      total.weight = math::fma(dy, simd::load_lanes<T, Arch>(at.rows[m] + n, lanes) - total.mean, total.weight);
      total.bias += dy;
    }
    total.weight *= total.inverse;
    return total;
  }
  template <class T, class Arch, dimensions In, class Visit> static void for_columns(const Visit& visit) {
    constexpr std::size_t W = simd::width<T, Arch>;
    for (std::size_t n = 0; n < In.size(); n += W) visit(n, In.size() - n);
  }
};

} // namespace lamina
