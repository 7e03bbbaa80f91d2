#pragma once
#include <cstddef>

#include <lamina/layer/dense.hpp>
#include <lamina/model/epilogue.hpp>
#include <lamina/network/network.hpp>
#include <lamina/network/parameter_block.hpp>
#include <lamina/train/update.hpp>

namespace lamina::detail {

/// Ends a step down: v ← decode(Wᵀh + c).
template <class T, class Arch, class Decode> struct store_visible {
  static constexpr bool light = false;
  const T* bias;
  T* v;
  std::size_t stride;

  template <class V> void operator()(std::size_t m, std::size_t k, V sum) const {
    V(evaluate<Decode>(terms::x = sum + V::load_aligned(bias + k))).store_aligned(v + m * stride + k);
  }
};

/// A dense layer that is used in both directions with the same weights: up, h = W v + b, and down, v = Wᵀ h + c; with
/// the optimizer's slots for W, b and c, and room for a batch and for its reconstruction.
template <std::size_t Visible, std::size_t Hidden, class T, class Arch, class O> class two_way_layer {
  using V = simd::vector<T, Arch>;
  using up_layer = dense<Hidden>;
  using bare_layer = dense<Hidden, no_bias>;
  using block = parameter_block<sound_network<input<Visible>, up_layer>, T, Arch>;
  static constexpr dimensions in{1, {Visible}};
  static constexpr const std::size_t* offsets = block::template offsets<0>.data();

public:
  static constexpr std::size_t W = simd::width<T, Arch>;
  static constexpr std::size_t visible_stride = simd::padded<T, Arch>(Visible),
                               hidden_stride = simd::padded<T, Arch>(Hidden);

  two_way_layer(O optimizer, std::size_t batch) : optimizer_{optimizer}, capacity_{batch} {}

  /// The first 2·batch rows are for the batch and for its reconstruction.
  std::size_t capacity() const { return capacity_; }
  const T** rows() { return rows_.data(); }
  T* visible(std::size_t m = 0) { return visible_.data() + m * visible_stride; }
  T* hidden(std::size_t m = 0) { return hidden_.data() + m * hidden_stride; }
  T* other() { return other_.data(); } ///< one more row of hidden numbers for each sample
  const T* visible_bias() const { return parameters_.data() + block::size; }

  /// Weight and bias from and to a model's views.
  template <class Weight, class Bias> void take(const Weight& weight, const Bias& bias) {
    each(weight, 0, [](T& mine, auto& theirs) { mine = static_cast<T>(theirs); });
    each(bias, 1, [](T& mine, auto& theirs) { mine = static_cast<T>(theirs); });
  }
  template <class Weight, class Bias> void give(const Weight& weight, const Bias& bias) {
    each(weight, 0, [](T& mine, auto& theirs) { theirs = mine; });
    each(bias, 1, [](T& mine, auto& theirs) { theirs = mine; });
  }

  template <class Epilogue> void up(const T* const* rows, std::size_t batch, const Epilogue& epilogue) {
    up_layer::template forward<T, Arch, in>(view(rows, batch), epilogue);
  }
  template <class Epilogue> void up_without_bias(const T* const* rows, std::size_t batch, const Epilogue& epilogue) {
    bare_layer::template forward<T, Arch, in>(view(rows, batch), epilogue);
  }
  template <class Epilogue> void down(const T* hidden, std::size_t batch, const Epilogue& epilogue) {
    bare_layer::template backward_input<T, Arch, in>(view(nullptr, batch), {hidden, hidden_stride, nullptr}, epilogue);
  }

  /// One update: by Σ hᵀv over `pairs` rows for W, by the sums of the first `hidden_rows` hidden rows for b, and by
  /// those of `visible_rows` rows of `visible_gradient` for c.
  void update(const T* const* rows, std::size_t pairs, std::size_t hidden_rows, const T* visible_gradient,
              std::size_t visible_rows) {
    const auto sink = state_.next(optimizer_, parameters_.data());
    bare_layer::template backward_parameters<T, Arch, in>(view(rows, pairs),
                                                          {hidden(), hidden_stride, nullptr, 0, nullptr}, sink);
    simd::column_sums<T, Arch>(hidden(), hidden_rows, hidden_stride, hidden_stride,
                               sink_at<decltype(sink)>{offsets[1], sink});
    simd::column_sums<T, Arch>(visible_gradient, visible_rows, visible_stride, visible_stride,
                               sink_at<decltype(sink)>{block::size, sink});
  }
  std::size_t steps() const { return state_.step(); }

private:
  batch_view<T> view(const T* const* rows, std::size_t batch) {
    return {rows, batch, parameters_.data(), offsets, scratch_.data()};
  }
  template <class View, class Visit> void each(const View& theirs, std::size_t which, const Visit& visit) {
    const parameter_view<T> mine{parameters_.data(), block::parameters[which]};
    for (std::size_t i = 0; i < mine.size(); ++i) visit(mine[i], theirs[i]);
  }

  static constexpr std::size_t size = block::size + visible_stride;
  O optimizer_;
  std::size_t capacity_;
  aligned_block<T> parameters_{size};
  optimizer_state<O, T, Arch, size> state_;
  aligned_block<const T*> rows_{2 * capacity_};
  aligned_block<T> visible_{2 * capacity_ * visible_stride}, hidden_{2 * capacity_ * hidden_stride},
      other_{capacity_ * hidden_stride};
  aligned_block<T> scratch_{up_layer::template scratch<T, Arch, in> + 1};
};

} // namespace lamina::detail
