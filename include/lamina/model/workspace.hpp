#pragma once
#include <cstddef>

#include <lamina/model/backward.hpp>
#include <lamina/model/storage.hpp>

namespace lamina {

namespace detail {

/// An arena with the memory it stands in; grows when a larger batch comes, never shrinks.
template <class Net, class T, class Arch, bool Training> class arena_memory {
  using memory = lamina::memory<Net, T, Arch, std::conditional_t<Training, in_training, in_inference>>;
  static constexpr const auto& layout = memory::layout;

public:
  arena_memory() = default;
  arena_memory(const arena_memory&) = delete;
  arena_memory& operator=(const arena_memory&) = delete;

  /// Allocates where `batch` is more than any before.
  void reserve(std::size_t batch) {
    if (batch <= arena_.capacity) return;
    numbers_ = aligned_block<T>{layout.elements_per_sample * batch + layout.scratch + layout.kept_elements +
                                simd::width<T, Arch>}; // slices are read by whole vectors
    pointers_ = aligned_block<const T*>{3 * batch};
    T* const scratch = numbers_.data() + layout.elements_per_sample * batch;
    arena_ = {numbers_.data(), pointers_.data(),         pointers_.data() + 2 * batch,
              scratch,         scratch + layout.scratch, batch};
  }
  const lamina::detail::arena<T>& arena() const { return arena_; }
  /// What stochastic layers draw from in the next pass.
  void draw_from(std::uint64_t seed, std::uint64_t step) { arena_.draws = {seed, step}; }
  /// Row pointers of the inputs, one a sample.
  const T** inputs() { return pointers_.data() + arena_.capacity; }
  std::size_t capacity() const { return arena_.capacity; }
  T* output() const { return arena_.at(layout.output[memory::stages - 1]); }
  static constexpr std::size_t output_stride = layout.output[memory::stages - 1].elements;
  T* output_gradient() const { return arena_.at(layout.gradient[memory::stages - 1]); }

private:
  aligned_block<T> numbers_;
  aligned_block<const T*> pointers_;
  lamina::detail::arena<T> arena_{};
};

} // namespace detail

/// What `predict` needs for batches: allocated here, once, for up to `batch` samples at a time.
/// `workspace<net> w{64};` Larger inputs go through in parts. One workspace serves one thread at a time.
template <Network Net, class Scalar = float, class Arch = xsimd::default_arch> class workspace {
public:
  explicit workspace(std::size_t batch) {
    if (batch == 0) throw argument_error(expected_got("workspace", "room for at least 1 sample", "0"));
    memory_.reserve(batch);
  }
  std::size_t capacity() const { return memory_.capacity(); }
  detail::arena_memory<Net, Scalar, Arch, false>& memory() { return memory_; }

private:
  detail::arena_memory<Net, Scalar, Arch, false> memory_;
};

} // namespace lamina
