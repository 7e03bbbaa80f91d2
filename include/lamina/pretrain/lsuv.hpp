#pragma once
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>

#include <lamina/core/checked.hpp>
#include <lamina/core/text.hpp>
#include <lamina/data/batch.hpp>
#include <lamina/initializer.hpp>
#include <lamina/model/model.hpp>
#include <lamina/model/workspace.hpp>

namespace lamina {

/// How closely `lsuv` works: on the first `samples` of the data, until a layer's variance is within `tolerance` of 1.
struct lsuv_options {
  std::size_t samples = 256;
  positive<"lsuv: tolerance"> tolerance = 0.01;
};

namespace detail {

/// What has left a layer: its mean and variance.
struct moments {
  double count = 0, sum = 0, squares = 0;

  double variance() const { return squares / count - sum / count * (sum / count); }
};

/// The epilogue that measures what leaves a head, and stores nothing.
template <class T, std::size_t Features> struct measure_output {
  static constexpr bool light = false;
  moments* measured;

  template <class V> void operator()(std::size_t, std::size_t n, V v) const { add(v, Features - n); }
  template <class V> void operator()(std::size_t, std::size_t, std::size_t, V v, std::size_t lanes) const {
    add(v, lanes);
  }

private:
  template <class V> void add(V v, std::size_t lanes) const {
    alignas(64) T numbers[V::size];
    v.store_aligned(numbers);
    for (std::size_t i = 0; i < V::size && i < lanes; ++i) {
      const double number = static_cast<double>(numbers[i]);
      measured->count += 1, measured->sum += number, measured->squares += number * number;
    }
  }
};

/// Whether a stage begins with one matrix and at most a bias; recurrent layers have several.
template <class Block, class Stage> constexpr bool has_affine_map() {
  if constexpr (Stage::parameter_tensors == 0 || Stage::parameter_tensors > 2)
    return false;
  else
    return Block::parameters[Stage::first_parameter].matrix;
}

template <class Net, std::size_t S, class Model, class T, class Arch>
void unit_variance(Model& model, const T* const* inputs, std::size_t batch, const arena<T>& arena, double tolerance) {
  using pass = forward_pass<Net, T, Arch, in_inference>;
  using stage = typename plan<Net, in_inference>::template stage<S>;
  using block = parameter_block<Net, T, Arch>;
  if constexpr (has_affine_map<block, stage>()) {
    const parameter& p = block::parameters[stage::first_parameter];
    const parameter_view<T> weight{model.data(), p};
    initialize(weight, orthogonal{}, model.drawn_from().value, stage::first_parameter);
    if constexpr (stage::parameter_tensors > 1)
      initialize(parameter_view<T>{model.data(), block::parameters[stage::first_parameter + 1]}, zeros{}, 0);
    const batch_view<T> at = pass::template input_at<S>(model.data(), inputs, {0, batch}, arena);
    for (int round = 0; round < 10; ++round) {
      moments measured;
      stage::head::template forward<T, Arch, stage::in>(at, measure_output<T, stage::out.size()>{&measured});
      const double variance = measured.variance();
      if (!(variance > 0))
        throw argument_error(expected_got(joined_text({"lsuv: outputs of ", p.name.view()}), "a variance above 0",
                                          std::to_string(variance)));
      if (std::abs(variance - 1) <= tolerance) break;
      for (std::size_t i = 0; i < weight.size(); ++i) weight[i] *= static_cast<T>(1 / std::sqrt(variance));
    }
  }
  pass::template stage<S>(model.data(), inputs, {0, batch}, arena);
}

} // namespace detail

/// Layer-sequential unit variance: every matrix of weights is drawn orthogonal, biases beside them become 0, and then
/// the weights are scaled until what leaves the layer, before a batch norm, the sum of a residual block and its
/// activation, has variance 1 over the data; from the first layer to the last. Errors: argument_error where the data do
/// not fit the network, or do not vary; layers before are changed then. Source: Mishkin and Matas 2016.
template <class Net, class T, class Storage, class Arch, class Target>
void lsuv(model<Net, T, Storage, Arch>& model, const dataset<Target>& data, const lsuv_options& options = {}) {
  data.require_samples();
  if (data.input_size() != Net::input_shape.size())
    throw argument_error(expected_got("lsuv: input size of the data set", Net::input_shape.size(), data.input_size()));
  const std::size_t batch = options.samples < data.size() ? options.samples : data.size();
  detail::arena_memory<Net, T, Arch, in_inference> memory;
  detail::batch_rows<T> rows;
  memory.reserve(batch);
  rows.reserve(batch * data.input_size());
  rows.point(memory.inputs(), batch, data.input_size(), [&](std::size_t m) { return data.row(m); });
  [&]<std::size_t... S>(std::index_sequence<S...>) {
    (detail::unit_variance<Net, S, lamina::model<Net, T, Storage, Arch>, T, Arch>(model, memory.inputs(), batch,
                                                                                  memory.arena(), options.tolerance),
     ...);
  }(std::make_index_sequence<plan<Net, in_inference>::stage_count>{});
}

} // namespace lamina
