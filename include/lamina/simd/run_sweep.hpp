#pragma once
#include <cstddef>
#include <lamina/simd/direct_sweep.hpp>
#include <lamina/simd/winograd_sweep.hpp>

namespace lamina::simd {

/// Numbers of scratch that `run_sweep` needs for N filters.
template <class T, class Arch, sweep P, std::size_t N> constexpr std::size_t sweep_scratch() {
  if constexpr (prefers_winograd<T, Arch, P, N>)
    return winograd_scratch<T, Arch, P, N>;
  else
    return direct_scratch<T, Arch, P, N>();
}

/// The sums of a sweep over `batch` images for N filters, whose weights are a panel block; the channels they see begin
/// at `channel`. Calls `epilogue(m, pixel, first + n, v, lanes)` exactly once for each vector of filters n of each
/// pixel; or, where the sweep is `pooled` for it, hands it each window once.
template <class T, class Arch, sweep P, std::size_t N, class Epilogue>
void run_sweep(const T* const* images, std::size_t channel, std::size_t batch, const T* weights, T* scratch,
               std::size_t first, const Epilogue& epilogue) {
  if constexpr (prefers_winograd<T, Arch, P, N>)
    run_winograd<T, Arch, P, N>(images, channel, batch, weights, scratch, first, epilogue);
  else
    run_direct<T, Arch, P, N>(images, channel, batch, weights, scratch, first, epilogue);
}

} // namespace lamina::simd
