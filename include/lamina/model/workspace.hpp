#pragma once
#include <cstddef>
#include <memory>

#include <lamina/model/backward.hpp>
#include <lamina/model/storage.hpp>
#include <lamina/model/tokens.hpp>

namespace lamina {

namespace detail {

/// An arena with the memory it stands in; grows when a larger batch comes, never shrinks.
template <class Net, class T, class Arch, class Mode> class arena_memory {
  using memory = lamina::memory<Net, T, Arch, Mode>;
  static constexpr const auto& layout = memory::layout;

public:
  explicit arena_memory(threads number = threads{1}) {
    if (number.count > 1) team_ = std::make_unique<team>(number.count);
  }
  arena_memory(const arena_memory&) = delete;
  arena_memory& operator=(const arena_memory&) = delete;

  /// Allocates where `batch` is more than any before.
  void reserve(std::size_t batch) {
    if (batch <= arena_.capacity) return;
    const std::size_t scratch_elements = simd::padded<T, Arch>(layout.scratch), members = team_ ? team_->count() : 1;
    numbers_ = aligned_block<T>{layout.elements_per_sample * batch + members * scratch_elements + layout.kept_elements +
                                layout.gathered + simd::width<T, Arch>}; // slices are read by whole vectors
    pointers_ = aligned_block<const T*>{(1 + 2 * members) * batch};
    T* const scratch = numbers_.data() + layout.elements_per_sample * batch;
    T* const kept = scratch + members * scratch_elements;
    arena_ = {numbers_.data(),
              pointers_.data() + batch,
              pointers_.data() + 2 * batch,
              scratch,
              kept,
              kept + layout.kept_elements,
              batch,
              scratch_elements,
              arena_.draws};
  }
  const lamina::detail::arena<T>& arena() const { return arena_; }
  /// Calls `work(arena, member)`, on all threads where a batch of this size is worth it.
  template <class Work> void run(std::size_t batch, const Work& work) {
    for (std::size_t m = 0; m < batch; ++m) require_tokens<Net>(inputs()[m], m);
    if (team_ && batch >= 16 * team_->count() && static_cast<double>(batch * flops) >= shared_from) {
      team_->run([&](member& me) { work(arena_.of(me.index()), me); });
    } else {
      member alone;
      work(arena_, alone);
    }
  }
  /// What stochastic layers draw from in the next pass.
  void draw_from(std::uint64_t seed, std::uint64_t step) { arena_.draws = {seed, step}; }
  /// Row pointers of the inputs, one a sample.
  const T** inputs() { return pointers_.data(); }
  std::size_t capacity() const { return arena_.capacity; }
  T* output() const { return arena_.at(layout.output[memory::stages - 1]); }
  static constexpr std::size_t output_stride = layout.output[memory::stages - 1].elements;
  T* output_gradient() const { return arena_.at(layout.gradient[memory::stages - 1]); }

private:
  static constexpr std::size_t flops = [] {
    std::size_t sum = 0;
    for (const leaf& here : Net::leaf_table.leaves)
      sum += here.forward_flops + (memory::training ? here.backward_flops : 0);
    return sum;
  }();
  std::unique_ptr<team> team_;
  aligned_block<T> numbers_;
  aligned_block<const T*> pointers_;
  lamina::detail::arena<T> arena_{};
};

} // namespace detail

/// What `predict` needs for batches: allocated here, once, for up to `batch` samples at a time.
/// `workspace<net> w{64};`, `workspace<net> w{64, threads{2}};` Larger inputs go through in parts. One workspace serves
/// one thread at a time.
template <Network Net, class Scalar = float, class Arch = xsimd::default_arch> class workspace {
public:
  explicit workspace(std::size_t batch, threads number = threads{1}) : memory_{number} {
    if (batch == 0) throw argument_error(expected_got("workspace", "room for at least 1 sample", "0"));
    memory_.reserve(batch);
  }
  std::size_t capacity() const { return memory_.capacity(); }
  detail::arena_memory<Net, Scalar, Arch, in_inference>& memory() { return memory_; }

private:
  detail::arena_memory<Net, Scalar, Arch, in_inference> memory_;
};

} // namespace lamina
