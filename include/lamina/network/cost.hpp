#pragma once
#include <cstddef>

#include <lamina/network/memory.hpp>

namespace lamina {

/// What a network costs, known while compiling. Flops are those of the contractions, for one sample; bytes are those of
/// the memory that a model and its training take for scalar T on architecture Arch.
template <class Net, class T, class Arch> struct network_cost {
  std::size_t forward_flops = 0;
  std::size_t backward_flops = 0;
  std::size_t parameter_bytes = parameter_block<Net, T, Arch>::size * sizeof(T); ///< with padding

  constexpr network_cost() {
    for (const auto& leaf : Net::leaf_table.leaves)
      forward_flops += leaf.forward_flops, backward_flops += leaf.backward_flops;
  }
  /// Of an optimizer with so many slots (sgd 0, momentum 1, adam 2).
  constexpr std::size_t optimizer_bytes(std::size_t slots) const { return slots * parameter_bytes; }
  /// The arena of a training step.
  constexpr std::size_t arena_bytes(std::size_t batch) const { return memory<Net, T, Arch, in_training>::bytes(batch); }
  /// The arena of `predict`.
  constexpr std::size_t inference_arena_bytes(std::size_t batch) const {
    return memory<Net, T, Arch, in_inference>::bytes(batch);
  }
};

/// `cost<digits>.forward_flops`, `cost<digits>.arena_bytes(64)`: floats on the architecture compiled for.
template <Network Net, class T = float, class Arch = xsimd::default_arch>
inline constexpr network_cost<Net, T, Arch> cost{};

} // namespace lamina
