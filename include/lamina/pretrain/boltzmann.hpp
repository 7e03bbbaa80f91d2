#pragma once
#include <cstddef>

#include <lamina/core/checked.hpp>
#include <lamina/expression/activations.hpp>
#include <lamina/pretrain/two_way_layer.hpp>
#include <lamina/simd/random.hpp>

namespace lamina {

/// Pre-training as a restricted Boltzmann machine by contrastive divergence, CD-k: from the data v, p(h|v) = σ(W v +
/// b); k times a sample of h, v = σ(Wᵀh + c) and p(h|v) again; the gradient is ⟨h v⟩ after that minus ⟨h v⟩ at first.
/// For data from 0 to 1 and layers of sigmoids. Source: Hinton 2002; Hinton, "A practical guide", 2010.
struct restricted_boltzmann {
  positive<"restricted_boltzmann: steps"> steps = 1;

  /// One update from a batch; gives the sum of the squared errors of its reconstruction.
  template <class Formula, std::size_t Visible, class Layer, class T, class Arch>
  double learn(Layer& layer, const T* const* x, std::size_t batch, const simd::random_stream& stream) const {
    using V = simd::vector<T, Arch>;
    using logistic = frozen<formulas::sigmoid>;
    static_assert(std::is_same_v<Formula, logistic>,
                  "a restricted Boltzmann machine has sigmoid units: dense, sigmoid");
    constexpr std::size_t stride = Layer::visible_stride;
    const T** const rows = layer.rows();
    for (std::size_t m = 0; m < batch; ++m) rows[m] = x[m], rows[batch + m] = layer.visible(m);
    const auto up = [&](const T* const* from, T* to) {
      layer.up(
          from, batch,
          detail::store_output<T, Arch, logistic, false>{to, nullptr, Layer::hidden_stride, Layer::hidden_stride, {}});
    };
    up(rows, layer.hidden());
    const T* probable = layer.hidden();
    for (std::size_t step = 0; step < static_cast<std::size_t>(steps); ++step) {
      for (std::size_t m = 0; m < batch; ++m)
        for (std::size_t n = 0; n < Layer::hidden_stride; n += Layer::W) {
          const std::uint64_t counter = (std::uint64_t{m} << 32) + step * Layer::hidden_stride + n;
          const V draw = simd::uniforms<T, Arch>(stream, counter);
          const V p = V::load_aligned(probable + m * Layer::hidden_stride + n);
          xsimd::select(draw < p, V(T(1)), V(T(0))).store_aligned(layer.other() + m * Layer::hidden_stride + n);
        }
      layer.down(layer.other(), batch,
                 detail::store_visible<T, Arch, logistic>{layer.visible_bias(), layer.visible(), stride});
      up(rows + batch, layer.hidden(batch));
      probable = layer.hidden(batch);
    }
    // What is added on the way up is taken off on the way back, as a gradient of what is to become small.
    const V share(T(1) / static_cast<T>(batch));
    for (std::size_t i = 0; i < batch * Layer::hidden_stride; i += Layer::W) {
      (V::load_aligned(layer.hidden() + i) * -share).store_aligned(layer.hidden() + i);
      (V::load_aligned(layer.hidden(batch) + i) * share).store_aligned(layer.hidden(batch) + i);
    }
    double squares = 0;
    for (std::size_t m = 0; m < batch; ++m) {
      V sum(T(0));
      for (std::size_t k = 0; k < Visible; k += Layer::W) {
        const std::size_t lanes = Visible - k;
        const V data = simd::load_lanes<T, Arch>(x[m] + k, lanes);
        V d = V::load_aligned(layer.visible(m) + k) - data;
        if (lanes < Layer::W) d = simd::first_lanes<T, Arch>(d, lanes);
        sum = math::fma(d, d, sum);
        (d * share).store_aligned(layer.visible(batch + m) + k);
      }
      squares += static_cast<double>(simd::horizontal_sum<T, Arch>(sum));
    }
    layer.update(rows, 2 * batch, 2 * batch, layer.visible(batch), batch);
    return squares;
  }
};

} // namespace lamina
