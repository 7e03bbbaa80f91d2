#pragma once
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <lamina/simd/panels.hpp>
#include <new>
#include <vector>

/// What the kernels' tests share: aligned storage that ends where it says, numbers, and products by plain loops in
/// double.
namespace reference {

/// Memory of exactly n numbers, aligned to a cache line, so that the address sanitizer sees every overrun.
template <class T> struct block {
  explicit block(std::size_t n, std::size_t shift = 0) : size{n}, memory{allocate(n + shift)}, data{memory + shift} {
    for (std::size_t i = 0; i < n; ++i) data[i] = T(0);
  }
  block(const block&) = delete;
  block& operator=(const block&) = delete;
  ~block() { ::operator delete(memory, std::align_val_t{64}); }
  T& operator[](std::size_t i) { return data[i]; }
  const T& operator[](std::size_t i) const { return data[i]; }

  std::size_t size;
  T *memory, *data;

private:
  static T* allocate(std::size_t n) {
    return static_cast<T*>(::operator new(n * sizeof(T) + (n == 0), std::align_val_t{64}));
  }
};

/// Small numbers without a pattern that a wrong index could hide behind.
inline double number(std::size_t i, std::size_t j, std::size_t salt) {
  std::size_t h = (i * 1000003 + j) * 2654435761u + salt * 40503u;
  h ^= h >> 13, h *= 0x9E3779B97F4A7C15u, h ^= h >> 29;
  return double(h % 2001) / 1000.0 - 1.0;
}

/// M rows of K numbers, each at an address of its own, unaligned.
template <class T> struct samples {
  samples(std::size_t M, std::size_t K) : rows(M) {
    for (std::size_t m = 0; m < M; ++m) {
      blocks.push_back(new block<T>(K, 1 + m % 3));
      for (std::size_t k = 0; k < K; ++k) (*blocks[m])[k] = T(number(m, k, 1));
      rows[m] = blocks[m]->data;
    }
  }
  samples(const samples&) = delete;
  samples& operator=(const samples&) = delete;
  ~samples() {
    for (block<T>* b : blocks) delete b;
  }
  std::vector<block<T>*> blocks;
  std::vector<const T*> rows;
};

template <class T, class Arch> struct weights : block<T> {
  weights(std::size_t N, std::size_t K) : block<T>(lamina::simd::panels<T, Arch>::size(N, K)) {
    for (std::size_t n = 0; n < N; ++n)
      for (std::size_t k = 0; k < K; ++k)
        (*this)[lamina::simd::panels<T, Arch>::offset(n, k, N, K)] = T(number(n, k, 2));
  }
};

/// M rows of N numbers and zero padding to whole vectors.
template <class T, class Arch> struct gradients : block<T> {
  gradients(std::size_t M, std::size_t N)
      : block<T>(M * lamina::simd::padded<T, Arch>(N)), stride{lamina::simd::padded<T, Arch>(N)} {
    for (std::size_t m = 0; m < M; ++m)
      for (std::size_t n = 0; n < N; ++n) (*this)[m * stride + n] = T(number(m, n, 3));
  }
  std::size_t stride;
};

/// How far a sum of `terms` products of numbers up to 1 may be off.
template <class T> double tolerance(std::size_t terms) {
  return (sizeof(T) == 4 ? 6e-8 : 1.1e-16) * (8.0 + 2.0 * double(terms));
}

} // namespace reference
