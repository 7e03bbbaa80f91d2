#include "intrinsics.hpp"
#include <algorithm>
#include <cmath>
#include <immintrin.h>

namespace by_hand {
namespace {

#if defined(__AVX512F__)
constexpr std::size_t width = 16;
using v = __m512;
inline v load(const float* p) { return _mm512_load_ps(p); }
inline void store(float* p, v a) { _mm512_store_ps(p, a); }
inline v all(float a) { return _mm512_set1_ps(a); }
inline v add(v a, v b) { return _mm512_add_ps(a, b); }
inline v mul(v a, v b) { return _mm512_mul_ps(a, b); }
inline v div(v a, v b) { return _mm512_div_ps(a, b); }
inline v fma(v a, v b, v c) { return _mm512_fmadd_ps(a, b, c); }
inline v fnma(v a, v b, v c) { return _mm512_fnmadd_ps(a, b, c); }
inline v max(v a, v b) { return _mm512_max_ps(a, b); }
inline v min(v a, v b) { return _mm512_min_ps(a, b); }
inline v root(v a) { return _mm512_sqrt_ps(a); }
inline v where_positive(v condition, v a) {
  return _mm512_maskz_mov_ps(_mm512_cmp_ps_mask(condition, _mm512_setzero_ps(), _CMP_GT_OQ), a);
}
inline v round(v a) { return _mm512_roundscale_ps(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC); }
inline v scale(v a, v n) { return _mm512_scalef_ps(a, n); }
#elif defined(__AVX2__) && defined(__FMA__)
constexpr std::size_t width = 8;
using v = __m256;
inline v load(const float* p) { return _mm256_load_ps(p); }
inline void store(float* p, v a) { _mm256_store_ps(p, a); }
inline v all(float a) { return _mm256_set1_ps(a); }
inline v add(v a, v b) { return _mm256_add_ps(a, b); }
inline v mul(v a, v b) { return _mm256_mul_ps(a, b); }
inline v div(v a, v b) { return _mm256_div_ps(a, b); }
inline v fma(v a, v b, v c) { return _mm256_fmadd_ps(a, b, c); }
inline v fnma(v a, v b, v c) { return _mm256_fnmadd_ps(a, b, c); }
inline v max(v a, v b) { return _mm256_max_ps(a, b); }
inline v min(v a, v b) { return _mm256_min_ps(a, b); }
inline v root(v a) { return _mm256_sqrt_ps(a); }
inline v where_positive(v condition, v a) {
  return _mm256_and_ps(_mm256_cmp_ps(condition, _mm256_setzero_ps(), _CMP_GT_OQ), a);
}
inline v round(v a) { return _mm256_round_ps(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC); }
inline v scale(v a, v n) {
  return _mm256_mul_ps(
      a, _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_add_epi32(_mm256_cvtps_epi32(n), _mm256_set1_epi32(127)), 23)));
}
#else
constexpr std::size_t width = 1;
using v = float;
inline v load(const float* p) { return *p; }
inline void store(float* p, v a) { *p = a; }
inline v all(float a) { return a; }
inline v add(v a, v b) { return a + b; }
inline v mul(v a, v b) { return a * b; }
inline v div(v a, v b) { return a / b; }
inline v fma(v a, v b, v c) { return a * b + c; }
inline v fnma(v a, v b, v c) { return c - a * b; }
inline v max(v a, v b) { return std::max(a, b); }
inline v min(v a, v b) { return std::min(a, b); }
inline v root(v a) { return std::sqrt(a); }
inline v where_positive(v condition, v a) { return condition > 0 ? a : 0; }
inline v round(v a) { return std::nearbyint(a); }
inline v scale(v a, v n) { return std::ldexp(a, static_cast<int>(n)); }
#endif

template <std::size_t N> inline v polynomial(v t, const float (&c)[N]) {
  v sum = all(c[N - 1]);
  for (std::size_t i = N - 1; i-- > 0;) sum = fma(sum, t, all(c[i]));
  return sum;
}

// Rational functions fitted for the least relative error (6e-8 and 5e-8).
inline v tanh(v x) {
  constexpr float p[] = {0.999999941f, 0.129192292f, 0.0029207628f, 9.26743145e-06f, -1.2780477e-08f, 1.82553459e-11f};
  constexpr float q[] = {1.f, 0.462525131f, 0.0237631723f, 0.000228100345f};
  x = max(min(x, all(9.f)), all(-9.f));
  const v t = mul(x, x);
  return div(mul(x, polynomial(t, p)), polynomial(t, q));
}
inline v erf(v x) {
  constexpr float p[] = {1.12837911f,     0.199925343f,     0.0505734315f,  0.00370164148f,
                         0.000141851013f, -1.95783208e-06f, 1.99241288e-08f};
  constexpr float q[] = {1.f, 0.510510877f, 0.114998747f, 0.0143532702f, 0.000956046138f};
  x = max(min(x, all(3.92f)), all(-3.92f));
  const v t = mul(x, x);
  return div(mul(x, polynomial(t, p)), polynomial(t, q));
}
inline v exp(v x) {
  constexpr float c[] = {1.f, 1.f, 0.5f, 1.f / 6, 1.f / 24, 1.f / 120, 1.f / 720};
  x = max(x, all(-87.f));
  const v n = round(mul(x, all(1.44269504f)));
  const v r = fma(n, all(2.12194440e-4f), fnma(n, all(0.693359375f), x));
  return scale(polynomial(r, c), n);
}

} // namespace

const char* instructions() { return width == 16 ? "AVX-512" : width == 8 ? "AVX2" : "plain loops"; }

void tanh_forward(const float* x, float* y, std::size_t n) {
  for (std::size_t i = 0; i < n; i += width) store(y + i, tanh(load(x + i)));
}
void tanh_backward(const float* y, const float* g, float* d, std::size_t n) {
  for (std::size_t i = 0; i < n; i += width) {
    const v a = load(y + i), b = load(g + i);
    store(d + i, fnma(mul(a, a), b, b));
  }
}
void relu_forward(const float* x, float* y, std::size_t n) {
  for (std::size_t i = 0; i < n; i += width) store(y + i, max(load(x + i), all(0)));
}
void relu_backward(const float* y, const float* g, float* d, std::size_t n) {
  for (std::size_t i = 0; i < n; i += width) store(d + i, where_positive(load(y + i), load(g + i)));
}
void gelu_forward(const float* x, float* y, std::size_t n) {
  for (std::size_t i = 0; i < n; i += width) {
    const v a = load(x + i), half = mul(a, all(.5f));
    store(y + i, fma(half, erf(mul(a, all(.70710678f))), half));
  }
}
void gelu_backward(const float* x, const float* g, float* d, std::size_t n) {
  for (std::size_t i = 0; i < n; i += width) {
    const v a = load(x + i);
    const v normal = fma(all(.5f), erf(mul(a, all(.70710678f))), all(.5f));
    const v density = mul(all(.39894228f), exp(mul(mul(a, a), all(-.5f))));
    store(d + i, mul(load(g + i), fma(a, density, normal)));
  }
}
void adam(const float* g, float* w, float* m, float* s, std::size_t n, float rate, float c2) {
  const v r = all(rate), c = all(c2);
  for (std::size_t i = 0; i < n; i += width) {
    const v a = load(g + i);
    const v mean = fma(all(.9f), load(m + i), mul(all(.1f), a)),
            square = fma(all(.999f), load(s + i), mul(all(.001f), mul(a, a)));
    store(m + i, mean);
    store(s + i, square);
    store(w + i, fnma(r, div(mean, add(root(mul(square, c)), all(1e-8f))), load(w + i)));
  }
}

void stream_1_1(const float* a, float* b, std::size_t n) {
  for (std::size_t i = 0; i < n; i += width) store(b + i, load(a + i));
}
void stream_2_1(const float* a, const float* b, float* c, std::size_t n) {
  for (std::size_t i = 0; i < n; i += width) store(c + i, add(load(a + i), load(b + i)));
}
void stream_4_3(const float* g, float* w, float* m, float* s, std::size_t n) {
  const v none = all(0);
  for (std::size_t i = 0; i < n; i += width) { // nothing changes
    const v a = load(g + i);
    store(m + i, fma(a, none, load(m + i)));
    store(s + i, fma(a, none, load(s + i)));
    store(w + i, fma(a, none, load(w + i)));
  }
}
float stream_1_0(const float* a, std::size_t n) {
  v sum[4] = {all(0), all(0), all(0), all(0)};
  for (std::size_t i = 0; i + 4 * width <= n; i += 4 * width)
    for (std::size_t k = 0; k < 4; ++k) sum[k] = add(sum[k], load(a + i + k * width));
  alignas(64) float lanes[width];
  store(lanes, add(add(sum[0], sum[1]), add(sum[2], sum[3])));
  return lanes[0];
}
void stream_3_3(float* w, float* m, float* s, std::size_t n) {
  const v none = all(0);
  for (std::size_t i = 0; i < n; i += width) {
    store(m + i, add(none, load(m + i)));
    store(s + i, add(none, load(s + i)));
    store(w + i, add(none, load(w + i)));
  }
}

} // namespace by_hand
