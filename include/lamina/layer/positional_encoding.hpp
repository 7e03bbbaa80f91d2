#pragma once
#include <cmath>
#include <cstddef>

#include <lamina/core/diagnostics.hpp>
#include <lamina/layer/stage.hpp>
#include <lamina/simd/partial.hpp>

namespace lamina {

/// Adds to each step waves that tell where it stands, for layers that see no order.
/// Shape: (L, D) → (L, D). Forward: y[t, 2i] = x[t, 2i] + sin(t / 10000^(2i/D)), y[t, 2i+1] = x[t, 2i+1] + cos(t /
/// 10000^(2i/D)). Backward keeps: nothing. The waves of a window are computed once, by the first call; a stream
/// computes those of its step. Errors: input_rank for what is no sequence. Source: Vaswani et al. 2017. Example:
/// examples/30_attention.cpp.
struct positional_encoding : detail::head_without_parameters {
  static constexpr bool accepts_formula = true, needs_input = false, needs_output = false, of_sequences = true,
                        streams = true;

  static constexpr shape_answer infer(dimensions in) { return in.rank == 2 ? fits(in) : wrong_rank(2, in); }

  template <class T, class Arch, dimensions In, class Epilogue>
  static void forward(const detail::batch_view<T>& at, const Epilogue& epilogue) {
    static const table<T, Arch, In> waves;
    for (std::size_t m = 0; m < at.batch; ++m)
      for (std::size_t t = 0; t < In[0]; ++t)
        add<T, Arch, In[1]>(at.rows[m] + t * In[1], waves.rows[t],
                            [&](std::size_t f, auto v, std::size_t lanes) { epilogue(m, t, f, v, lanes); });
  }
  template <class T, class Arch> static constexpr std::size_t state(dimensions) { return 0; } // but for its position
  template <class T, class Arch, dimensions In, class Epilogue>
  static void stream_one(const T* x, const T*, const std::size_t*, T*, std::size_t position, const Epilogue& epilogue) {
    alignas(64) T waves[simd::padded<T, Arch>(In[1])]{};
    frequencies_of<In[1]>.at(position, waves);
    add<T, Arch, In[1]>(x, waves, [&](std::size_t f, auto v, std::size_t lanes) { epilogue(0, 0, f, v, lanes); });
  }

  template <class T, class Arch, dimensions In, class Epilogue>
  static void backward_input(const detail::batch_view<T>& at, const detail::gradient_view<T>& gradient,
                             const Epilogue& epilogue) {
    constexpr std::size_t D = In[1], W = simd::width<T, Arch>;
    for (std::size_t m = 0; m < at.batch; ++m)
      for (std::size_t t = 0; t < In[0]; ++t)
        for (std::size_t f = 0; f < D; f += W)
          epilogue(m, t, f, simd::load_lanes<T, Arch>(gradient.dz + m * gradient.stride + t * D + f, D - f), D - f);
  }

private:
  /// What an angle grows by from step to step, 10000^(−2i/D): in double, so that it is right after millions of them,
  /// and computed by the compiler, so that no step of a stream computes or locks.
  template <std::size_t D> struct frequencies {
    double of_pair[(D + 1) / 2]{};
    constexpr frequencies() {
      for (std::size_t i = 0; 2 * i < D; ++i) {
        const long double part = -9.21034037197618273607196581873745683L * 2 * static_cast<long double>(i) / (16 * D);
        long double sum = 1, term = 1; // the exponential's series, of a sixteenth, which is then squared four times
        for (int n = 1; n < 24; ++n) sum += term *= part / n;
        for (int n = 0; n < 4; ++n) sum *= sum;
        of_pair[i] = static_cast<double>(sum);
      }
    }
    template <class T> void at(std::size_t step, T* waves) const {
      for (std::size_t f = 0; f < D; ++f) {
        const double angle = static_cast<double>(step) * of_pair[f / 2];
        waves[f] = static_cast<T>(f % 2 ? std::cos(angle) : std::sin(angle));
      }
    }
  };
  template <std::size_t D> static constexpr frequencies<D> frequencies_of{};
  template <class T, class Arch, dimensions In> struct table {
    alignas(64) T rows[In[0]][simd::padded<T, Arch>(In[1])]{};
    table() {
      for (std::size_t t = 0; t < In[0]; ++t) frequencies_of<In[1]>.at(t, rows[t]);
    }
  };

  template <class T, class Arch, std::size_t D, class Give>
  [[gnu::always_inline]] static void add(const T* x, const T* waves, const Give& give) {
    using V = simd::vector<T, Arch>;
    for (std::size_t f = 0; f < D; f += V::size)
      give(f, simd::load_lanes<T, Arch>(x + f, D - f) + V::load_aligned(waves + f), D - f);
  }
};

} // namespace lamina
