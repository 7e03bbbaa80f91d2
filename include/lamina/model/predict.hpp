#pragma once
#include <algorithm>
#include <cstddef>
#include <cstring>
#include <span>
#include <type_traits>

#include <lamina/core/text.hpp>
#include <lamina/model/model.hpp>
#include <lamina/model/workspace.hpp>

namespace lamina {

/// Runs a batch: `inputs` holds whole samples one after the other, `outputs` receives as many outputs. Allocates
/// nothing. Errors: argument_error where the lengths are no whole samples or do not belong together. Example:
/// examples/05_real_time.cpp.
template <class Net, class T, class Storage, class Arch>
void predict(const model<Net, T, Storage, Arch>& model, std::span<const std::type_identity_t<T>> inputs,
             std::span<std::type_identity_t<T>> outputs, workspace<Net, T, Arch>& workspace) {
  constexpr std::size_t in = Net::input_shape.size(), out = Net::output_shape.size();
  const std::size_t count = inputs.size() / in;
  if (inputs.size() % in)
    throw argument_error(
        expected_got("inputs of predict", detail::joined_text({"a multiple of ", in, " numbers"}), inputs.size()));
  if (outputs.size() != count * out)
    throw argument_error(
        expected_got("outputs of predict", detail::joined_text({count * out, " numbers"}), outputs.size()));
  auto& memory = workspace.memory();
  for (std::size_t first = 0; first < count; first += memory.capacity()) {
    const std::size_t batch = std::min(memory.capacity(), count - first);
    detail::point_rows<T>(memory.inputs(), inputs.data() + first * in, in, batch);
    memory.run(batch, [&](const detail::arena<T>& arena, detail::member& me) {
      detail::forward_pass<Net, T, Arch, in_inference>::run(model.data(), memory.inputs(), batch, arena, me);
    });
    for (std::size_t m = 0; m < batch; ++m)
      std::memcpy(outputs.data() + (first + m) * out, memory.output() + m * memory.output_stride, out * sizeof(T));
  }
}

} // namespace lamina
