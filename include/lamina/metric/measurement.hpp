#pragma once
#include <cstddef>

#include <lamina/data/batch.hpp>
#include <lamina/model/model.hpp>
#include <lamina/model/workspace.hpp>

/// A walk of a model over a data set: what all measures share.
namespace lamina::detail {

inline constexpr std::size_t measured_at_once = 128; ///< samples a batch

/// What measuring needs, allocated once and used again.
template <class Net, class T, class Arch, class Target> struct measurement {
  arena_memory<Net, T, Arch, in_inference> memory;
  batch_rows<T> rows;
  batch_targets<T, Target> targets;

  void reserve(std::size_t samples) {
    const std::size_t batch = samples < measured_at_once ? samples : measured_at_once;
    memory.reserve(batch);
    rows.reserve(batch * Net::input_shape.size());
    targets.reserve(batch, target_size_of<Net, Target>);
  }

  /// Runs all samples forward; `visit(first, batch, y, stride)` sees the outputs of each part.
  template <class Visit> void run(const T* parameters, const dataset<Target>& data, const Visit& visit) {
    reserve(data.size());
    for (std::size_t first = 0; first < data.size(); first += memory.capacity()) {
      const std::size_t left = data.size() - first, batch = left < memory.capacity() ? left : memory.capacity();
      rows.point(memory.inputs(), batch, data.input_size(), [&](std::size_t m) { return data.row(first + m); });
      forward_pass<Net, T, Arch, in_inference>::run(parameters, memory.inputs(), batch, memory.arena());
      visit(first, batch, memory.output(), memory.output_stride);
    }
  }
  /// The labels or target rows of samples first…
  auto targets_from(const dataset<Target>& data, std::size_t first, std::size_t batch) {
    return targets.gather(data, batch, [first](std::size_t m) { return first + m; });
  }
};

} // namespace lamina::detail
