#pragma once
#include <cstddef>
#include <lamina/simd/panels.hpp>
#include <lamina/simd/tile.hpp>
#include <lamina/simd/traits.hpp>

namespace lamina::simd {

namespace detail {

template <class T, class Arch, std::size_t NV, class Epilogue>
[[gnu::always_inline]] inline void gemv_panel(const T* x, const T* panel, std::size_t K, std::size_t n,
                                              const Epilogue& epilogue) {
  constexpr std::size_t W = width<T, Arch>;
  vector<T, Arch> sum[NV];
  set_to_zero<T, Arch>(sum);
  if constexpr (requires { epilogue.start(n); })
#pragma GCC unroll 8
    for (std::size_t j = 0; j < NV; ++j) sum[j] = epilogue.start(n + j * W);
  row_product<T, Arch, NV>(sum, x, panel, K, NV * W);
#pragma GCC unroll 8
  for (std::size_t j = 0; j < NV; ++j) epilogue(n + j * W, sum[j]);
}

} // namespace detail

/// One sample through a weight matrix: y[n] = start(n) + Σ_k x[k] · w(n, k).
///
/// `epilogue.start(n)`, where it exists, gives the vector that the sums of columns n … n+W-1 begin with: a bias costs
/// no addition of its own at the end of the chain. Calls `epilogue(n, v)` exactly once for each vector v of columns n …
/// n+W-1, up to the padded N.
template <class T, class Arch, std::size_t N, std::size_t K, class Epilogue>
inline void gemv(const T* x, const T* weights, const Epilogue& epilogue) {
  using layout = panels<T, Arch>;
  constexpr std::size_t full = padded<T, Arch>(N) / layout::columns;
  constexpr std::size_t rest = padded<T, Arch>(N) % layout::columns / width<T, Arch>;
  if constexpr (full > 0)
    for (std::size_t p = 0; p < full; ++p)
      detail::gemv_panel<T, Arch, layout::vectors>(x, weights + p * layout::columns * K, K, p * layout::columns,
                                                   epilogue);
  if constexpr (rest > 0)
    detail::gemv_panel<T, Arch, rest>(x, weights + full * layout::columns * K, K, full * layout::columns, epilogue);
}

} // namespace lamina::simd
