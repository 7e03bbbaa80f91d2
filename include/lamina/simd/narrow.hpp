#pragma once
#include <cstddef>
#include <lamina/simd/fitting.hpp>
#include <lamina/simd/partial.hpp>
#include <lamina/simd/traits.hpp>
#include <utility>

/// Weight matrices with so few outputs that panels would be mostly padding: a value, a pair of coordinates. They are
/// stored as rows, each of K numbers padded to whole vectors, and the products run along the inputs.
namespace lamina::simd {

/// Whether a matrix with `N` outputs is stored as rows.
template <class T, class Arch> constexpr bool is_narrow(std::size_t N) { return 4 * N <= width<T, Arch>; }
/// The same where one of K inputs takes the vectors that leave least padding: whether they leave none, too.
template <class T, class Arch> constexpr bool is_narrow(std::size_t N, std::size_t K) {
  const std::size_t W = gate_width<T, Arch>(K);
  return 4 * N <= W && K % W == 0;
}

namespace detail {

template <class T, std::size_t L> struct pack {
  using type [[gnu::vector_size(L * sizeof(T))]] = T;
};
template <class T, std::size_t L> using pack_t = typename pack<T, L>::type;

/// v + v with its blocks of `Block` numbers exchanged in pairs.
template <std::size_t Block, class Pack, std::size_t... I>
[[gnu::always_inline]] inline Pack add_exchanged(const Pack& v, std::index_sequence<I...>) {
  return v + __builtin_shufflevector(v, v, static_cast<int>(I ^ Block)...);
}
/// From pairs of a and b in every four numbers: (a₀+a₂, b₀+b₂, a₁+a₃, b₁+b₃).
template <class Pack, std::size_t... I>
[[gnu::always_inline]] inline Pack add_pairs(const Pack& a, const Pack& b, std::index_sequence<I...>) {
  constexpr std::size_t W = sizeof...(I), low[4]{0, W, 1, W + 1}, high[4]{2, W + 2, 3, W + 3};
  return __builtin_shufflevector(a, b, static_cast<int>(I / 4 * 4 + low[I % 4])...) +
         __builtin_shufflevector(a, b, static_cast<int>(I / 4 * 4 + high[I % 4])...);
}
/// (a₀+a₂, a₁+a₃, b₀+b₂, b₁+b₃) in every four numbers.
template <class Pack, std::size_t... I>
[[gnu::always_inline]] inline Pack join_pairs(const Pack& a, const Pack& b, std::index_sequence<I...>) {
  constexpr std::size_t W = sizeof...(I), low[4]{0, 1, W, W + 1}, high[4]{2, 3, W + 2, W + 3};
  return __builtin_shufflevector(a, b, static_cast<int>(I / 4 * 4 + low[I % 4])...) +
         __builtin_shufflevector(a, b, static_cast<int>(I / 4 * 4 + high[I % 4])...);
}

template <class T, class Arch>
concept in_packs = requires(vector<T, Arch> v, pack_t<T, width<T, Arch>> p) {
  p = v.data;
  vector<T, Arch>(p);
} && width<T, Arch> >= 4;

/// A vector whose lane n is the sum of v[n], for n < N ≤ 4; what the other lanes hold is finite where the sums are, and
/// means nothing. Stays in whole registers: a narrower one would have to be widened again, through memory with g++ 12.
template <class T, class Arch, std::size_t N>
[[gnu::always_inline]] inline vector<T, Arch> sums_in_lanes(const vector<T, Arch> (&v)[N]) {
  constexpr std::size_t W = width<T, Arch>;
  if constexpr (in_packs<T, Arch>) {
    constexpr std::make_index_sequence<W> lanes{};
    pack_t<T, W> p[4]{};
#pragma GCC unroll 4
    for (std::size_t n = 0; n < N; ++n) {
      p[n] = v[n].data;
      if constexpr (W >= 16) p[n] = add_exchanged<8>(p[n], lanes);
      if constexpr (W >= 8) p[n] = add_exchanged<4>(p[n], lanes);
    }
    if constexpr (N == 1)
      return vector<T, Arch>(add_exchanged<1>(add_exchanged<2>(p[0], lanes), lanes));
    else if constexpr (N == 2) {
      const auto both = add_pairs(p[0], p[1], lanes);
      return vector<T, Arch>(add_exchanged<2>(both, lanes));
    } else
      return vector<T, Arch>(join_pairs(add_pairs(p[0], p[1], lanes), add_pairs(p[2], p[3], lanes), lanes));
  } else {
    alignas(alignment) T lanes[W]{};
    for (std::size_t n = 0; n < N; ++n) lanes[n] = horizontal_sum(v[n]);
    return vector<T, Arch>::load_aligned(lanes);
  }
}

/// Calls `f(k, x)` for the vectors of a row of K numbers, the last one filled up with 0.
template <class T, class Arch, class F>
[[gnu::always_inline]] inline void along(const T* row, std::size_t K, const F& f) {
  constexpr std::size_t W = width<T, Arch>;
  std::size_t k = 0;
  for (; k + W <= K; k += W) f(k, vector<T, Arch>::load_unaligned(row + k));
  if (k < K) f(k, load_partial<T, Arch>(row + k, K - k));
}

/// The N sums of one row, in lanes, added up in S chains.
template <class T, class Arch, std::size_t N, std::size_t S>
[[gnu::always_inline]] inline vector<T, Arch> narrow_row(const T* row, const T* weights, std::size_t K) {
  using V = vector<T, Arch>;
  constexpr std::size_t W = width<T, Arch>;
  const std::size_t stride = padded<T, Arch>(K);
  V sum[S][N];
#pragma GCC unroll 4
  for (std::size_t s = 0; s < S; ++s)
#pragma GCC unroll 4
    for (std::size_t n = 0; n < N; ++n) sum[s][n] = V(T(0));
  std::size_t k = 0;
  for (; k + S * W <= K; k += S * W)
#pragma GCC unroll 4
    for (std::size_t s = 0; s < S; ++s) {
      const V x = V::load_unaligned(row + k + s * W);
#pragma GCC unroll 4
      for (std::size_t n = 0; n < N; ++n)
        sum[s][n] = multiply_add(x, V::load_aligned(weights + n * stride + k + s * W), sum[s][n]);
    }
  along<T, Arch>(row + k, K - k, [&](std::size_t at, const V& x) __attribute__((always_inline)) {
#pragma GCC unroll 4
    for (std::size_t n = 0; n < N; ++n)
      sum[0][n] = multiply_add(x, V::load_aligned(weights + n * stride + k + at), sum[0][n]);
  });
#pragma GCC unroll 4
  for (std::size_t half = S / 2; half > 0; half /= 2)
#pragma GCC unroll 4
    for (std::size_t s = 0; s < half; ++s)
#pragma GCC unroll 4
      for (std::size_t n = 0; n < N; ++n) sum[s][n] += sum[s + half][n];
  return sums_in_lanes<T, Arch, N>(sum[0]);
}

/// Chains for a row of K numbers: enough to cover the latency of long ones, and none that stay empty.
template <class T, class Arch> constexpr std::size_t narrow_chains(std::size_t N, std::size_t K) {
  const std::size_t vectors = K / width<T, Arch>, wanted = N >= 3 ? 1 : 4 / N;
  return wanted >= 4 && vectors >= 4 ? 4 : wanted >= 2 && vectors >= 2 ? 2 : 1;
}

} // namespace detail

/// y[m][n] = Σ_k rows[m][k] · w(n, k): `epilogue(m, 0, v)` once for each row, v holding the N sums.
template <class T, class Arch, std::size_t N, class Epilogue>
void narrow_product(const T* const* rows, std::size_t M, const T* weights, std::size_t K, const Epilogue& epilogue) {
  for (std::size_t m = 0; m < M; ++m)
    epilogue(m, 0, detail::narrow_row < T, Arch, N, N == 1 ? 2 : 1 > (rows[m], weights, K));
}

/// The N sums of one row of K numbers, in lanes.
template <class T, class Arch, std::size_t N, std::size_t K>
[[gnu::always_inline]] inline vector<T, Arch> narrow_sums(const T* x, const T* weights) {
  return detail::narrow_row<T, Arch, N, detail::narrow_chains<T, Arch>(N, K)>(x, weights, K);
}
/// The same for one sample, as `gemv`: `epilogue(0, v)` with v = start(0) + the N sums.
template <class T, class Arch, std::size_t N, std::size_t K, class Epilogue>
[[gnu::always_inline]] inline void narrow_product_of_one(const T* x, const T* weights, const Epilogue& epilogue) {
  vector<T, Arch> sums = narrow_sums<T, Arch, N, K>(x, weights);
  if constexpr (requires { epilogue.start(0); }) sums += epilogue.start(0);
  epilogue(0, sums);
}

/// dw(n, k) = Σ_m rows[m][k] · dz[m·stride + n]: `epilogue(offset, v)` once for each vector of the block. `rows[m]`
/// points at row m.
template <class T, class Arch, std::size_t N, class Rows, class Epilogue>
void narrow_gradient(const Rows& rows, std::size_t M, std::size_t K, const T* dz, std::size_t stride,
                     const Epilogue& epilogue) {
  using V = vector<T, Arch>;
  constexpr std::size_t W = width<T, Arch>;
  const std::size_t length = padded<T, Arch>(K);
  for (std::size_t k = 0; k < K; k += W) {
    V even[N], odd[N];
    for (std::size_t n = 0; n < N; ++n) even[n] = odd[n] = V(T(0));
    const auto load = [&](std::size_t m) __attribute__((always_inline)) {
      return k + W <= K ? V::load_unaligned(rows[m] + k) : load_partial<T, Arch>(rows[m] + k, K - k);
    };
    std::size_t m = 0;
    for (; m + 2 <= M; m += 2) {
      const V a = load(m), b = load(m + 1);
#pragma GCC unroll 4
      for (std::size_t n = 0; n < N; ++n) {
        even[n] = multiply_add(a, V(dz[m * stride + n]), even[n]);
        odd[n] = multiply_add(b, V(dz[(m + 1) * stride + n]), odd[n]);
      }
    }
    if (m < M)
      for (std::size_t n = 0; n < N; ++n) even[n] = multiply_add(load(m), V(dz[m * stride + n]), even[n]);
    for (std::size_t n = 0; n < N; ++n) epilogue(n * length + k, even[n] + odd[n]);
  }
}

/// dx[m][k] = Σ_n dz[m·stride + n] · w(n, k): `epilogue(m, k, v)` for each vector along the inputs.
template <class T, class Arch, std::size_t N, class Epilogue>
void narrow_input(const T* dz, std::size_t stride, std::size_t M, const T* weights, std::size_t K,
                  const Epilogue& epilogue) {
  using V = vector<T, Arch>;
  const std::size_t length = padded<T, Arch>(K);
  for (std::size_t m = 0; m < M; ++m) {
    V slope[N];
    for (std::size_t n = 0; n < N; ++n) slope[n] = V(dz[m * stride + n]);
    for (std::size_t k = 0; k < K; k += V::size) {
      V sum = slope[0] * V::load_aligned(weights + k);
#pragma GCC unroll 4
      for (std::size_t n = 1; n < N; ++n) sum = multiply_add(slope[n], V::load_aligned(weights + n * length + k), sum);
      epilogue(m, k, sum);
    }
  }
}

} // namespace lamina::simd
