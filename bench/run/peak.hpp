#pragma once
#include <chrono>
#include <cstddef>
#include <lamina/simd/map.hpp>
#include <lamina/simd/traits.hpp>

/// What this machine can do at most, measured in the same run as what is compared with it.
namespace bench {

/// Seconds `work` takes, called `times` times.
template <class Work> double seconds(const Work& work, std::size_t times) {
  using clock = std::chrono::steady_clock;
  const auto start = clock::now();
  for (std::size_t i = 0; i < times; ++i) work();
  return std::chrono::duration<double>(clock::now() - start).count();
}

/// Keeps the compiler from dropping what computed the memory behind `pointer`.
inline void keep(const void* pointer) { asm volatile("" : : "g"(pointer) : "memory"); }

/// 16 chains of multiplications and additions in registers; returns how many floating-point operations those were.
template <class T, class Arch = lamina::simd::default_arch>
[[gnu::noinline]] double peak_operations(std::size_t rounds) {
  using V = lamina::simd::vector<T, Arch>;
  constexpr std::size_t chains = lamina::simd::registers<Arch> / 2;
  V sum[chains], a(T(0.999)), b(T(0.001));
#pragma GCC unroll 16
  for (std::size_t i = 0; i < chains; ++i) sum[i] = V(T(i) + T(0.5));
  for (std::size_t r = 0; r < rounds; ++r) {
#pragma GCC unroll 16
    for (std::size_t i = 0; i < chains; ++i) sum[i] = lamina::simd::multiply_add(sum[i], a, b);
  }
  alignas(64) T number[V::size];
  V total(T(0));
#pragma GCC unroll 16
  for (std::size_t i = 0; i < chains; ++i) total += sum[i];
  total.store_aligned(number);
  keep(number);
  return 2.0 * double(rounds * chains * V::size);
}

/// The best of some runs of everything that is compared, run in turns, so that a disturbance or a change of the clock
/// falls on all of it alike.
struct race {
  double peak_flops = 0; ///< the most seen so far, in operations per second

  template <class T, class Arch, class Work> double best(const Work& work, std::size_t turns, double slice = 1e-4) {
    std::size_t times = 1;
    while (seconds(work, times) < slice) times *= 2;
    double least = 1e30;
    for (std::size_t turn = 0; turn < turns; ++turn) {
      double operations = 0;
      const double spent = seconds([&] { operations = peak_operations<T, Arch>(10000); }, 1);
      if (operations / spent > peak_flops) peak_flops = operations / spent;
      const double time = seconds(work, times) / double(times);
      if (time < least) least = time;
    }
    return least;
  }
};

/// Bytes a second that a plain copy of `n` numbers moves, reading and writing, the best of some runs.
template <class T> double copy_bandwidth(const T* from, T* to, std::size_t n, std::size_t turns) {
  double least = 1e30;
  for (std::size_t turn = 0; turn < turns; ++turn) {
    const double time = seconds(
        [&] {
          __builtin_memcpy(to, from, n * sizeof(T));
          keep(to);
        },
        1);
    if (time < least) least = time;
  }
  return 2.0 * double(n * sizeof(T)) / least;
}

} // namespace bench
