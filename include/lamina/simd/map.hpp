#pragma once
#include <cstddef>
#include <lamina/simd/traits.hpp>

namespace lamina::simd {

/// A range a map reads.
template <class T> struct in {
  const T* data;
  template <class Arch> [[gnu::always_inline]] vector<T, Arch> load(std::size_t i) const {
    return vector<T, Arch>::load_aligned(data + i);
  }
  template <class V> [[gnu::always_inline]] void store(std::size_t, const V&) const {}
};
template <class T> in(const T*) -> in<T>;
template <class T> in(T*) -> in<T>;

/// A range a map writes without reading it.
template <class T> struct out {
  T* data;
  template <class Arch> [[gnu::always_inline]] vector<T, Arch> load(std::size_t) const { return vector<T, Arch>(T(0)); }
  template <class V> [[gnu::always_inline]] void store(std::size_t i, const V& v) const { v.store_aligned(data + i); }
};
template <class T> out(T*) -> out<T>;

/// A range a map reads and writes.
template <class T> struct inout {
  T* data;
  template <class Arch> [[gnu::always_inline]] vector<T, Arch> load(std::size_t i) const {
    return vector<T, Arch>::load_aligned(data + i);
  }
  template <class V> [[gnu::always_inline]] void store(std::size_t i, const V& v) const { v.store_aligned(data + i); }
};
template <class T> inout(T*) -> inout<T>;

/// Walks over parallel aligned ranges of n numbers, n a multiple of the vector width:
/// `map<float>(n, [](auto x, auto& y) { y = 2.f * x; }, in{x}, out{y})`.
///
/// `function` gets a vector of each range by reference; those of `in` are dropped, the others stored.
template <class T, class Arch = default_arch, class Function, class... Ranges>
[[gnu::always_inline]] inline void map(std::size_t n, const Function& function, Ranges... ranges) {
  for (std::size_t i = 0; i < n; i += width<T, Arch>)
    [&](auto... v) __attribute__((always_inline)) {
      function(v...);
      (ranges.store(i, v), ...);
    }(ranges.template load<Arch>(i)...);
}

} // namespace lamina::simd
