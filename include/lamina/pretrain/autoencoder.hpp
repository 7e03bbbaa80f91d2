#pragma once
#include <cstddef>

#include <lamina/core/checked.hpp>
#include <lamina/expression/activations.hpp>
#include <lamina/pretrain/two_way_layer.hpp>
#include <lamina/simd/random.hpp>

namespace lamina {

/// Pre-training by reconstruction: h = f(W x̃ + b), x̂ = d(Wᵀh + c) with the same weights both ways (tied), where a share
/// of the numbers of x̃ is set to 0. Where f is the sigmoid, d is too and the loss is the cross-entropy; otherwise d is
/// the identity and the loss is half the squared error: either way the gradient at the visible sums is x̂ − x.
/// Source: Vincent, Larochelle, Bengio, Manzagol 2008.
struct denoising_autoencoder {
  below_one<"denoising_autoencoder: corruption"> corruption = 0.3;

  /// One update from a batch; gives the sum of the squared errors of its reconstruction.
  template <class Formula, std::size_t Visible, class Layer, class T, class Arch>
  double learn(Layer& layer, const T* const* x, std::size_t batch, const simd::random_stream& stream) const {
    using V = simd::vector<T, Arch>;
    using logistic = frozen<formulas::sigmoid>;
    using decode = std::conditional_t<std::is_same_v<Formula, logistic>, logistic, terms::term<"x">>;
    constexpr std::size_t stride = Layer::visible_stride;
    const V kept(static_cast<T>(static_cast<double>(corruption))), share(T(1) / static_cast<T>(batch));
    const T** const rows = layer.rows();
    const auto load = [](const T* row, std::size_t k) { return simd::load_lanes<T, Arch>(row + k, Visible - k); };
    // Rows 0 … B−1 are x̃ with the gradients at h, rows B … 2B−1 the gradients at x̂ with h: W's gradient is one product.
    for (std::size_t m = 0; m < batch; ++m) {
      rows[m] = layer.visible(m);
      rows[batch + m] = layer.visible(batch + m);
      for (std::size_t k = 0; k < Visible; k += Layer::W) {
        const V draw = simd::uniforms<T, Arch>(stream, (std::uint64_t{m} << 32) + k);
        xsimd::select(draw >= kept, load(x[m], k), V(T(0))).store_aligned(layer.visible(m) + k);
      }
    }
    layer.up(rows, batch,
             detail::store_output<T, Arch, Formula, true>{
                 layer.hidden(batch), layer.other(), Layer::hidden_stride, Layer::hidden_stride, {}});
    layer.down(layer.hidden(batch), batch,
               detail::store_visible<T, Arch, decode>{layer.visible_bias(), layer.visible(batch), stride});
    double squares = 0;
    for (std::size_t m = 0; m < batch; ++m) {
      V sum(T(0));
      for (std::size_t k = 0; k < Visible; k += Layer::W) {
        T* const at = layer.visible(batch + m) + k;
        V d = V::load_aligned(at) - load(x[m], k);
        if (k + Layer::W > Visible) d = simd::first_lanes<T, Arch>(d, Visible - k);
        sum = math::fma(d, d, sum);
        (d * share).store_aligned(at);
      }
      squares += static_cast<double>(simd::horizontal_sum<T, Arch>(sum));
    }
    layer.up_without_bias(rows + batch, batch,
                          detail::store_gradient<T, Arch, Formula>{layer.hidden(),
                                                                   layer.hidden(batch),
                                                                   layer.other(),
                                                                   Layer::hidden_stride,
                                                                   Layer::outputs,
                                                                   Layer::outputs,
                                                                   Layer::hidden_stride,
                                                                   Layer::outputs,
                                                                   {}});
    layer.update(rows, 2 * batch, batch, layer.visible(batch), batch);
    return squares;
  }
};

/// The same without corruption: reconstruction alone.
struct autoencoder : denoising_autoencoder {
  autoencoder() { corruption = 0; }
};

} // namespace lamina
