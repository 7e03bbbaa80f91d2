#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <lamina/simd/normal.hpp>
#include <lamina/simd/random.hpp>
#include <lamina/simd/traits.hpp>

/// Normal random numbers by the vector, the same bits at every vector width. They are not the numbers of
/// `normal<float>`, which is computed in double.
namespace lamina::simd {

namespace detail {

/// a·b, rounded. No compiler fuses it with a sum that follows: where there is no fused instruction, a vector without it
/// would get other bits.
template <class Arch>
[[gnu::always_inline]] inline vector<float, Arch> product(const vector<float, Arch>& a, const vector<float, Arch>& b) {
  vector<float, Arch> value = a * b;
#if defined(__x86_64__) || defined(__i386__)
  if constexpr (!__is_class(typename vector<float, Arch>::register_type)) asm("" : "+v"(value.data));
#elif defined(__aarch64__)
  if constexpr (!__is_class(typename vector<float, Arch>::register_type)) asm("" : "+w"(value.data));
#endif
  return value;
}

/// c[0] + c[1]·x + c[2]·x² …
template <class Arch, std::size_t Count>
[[gnu::always_inline]] inline vector<float, Arch> polynomial(const float (&c)[Count], const vector<float, Arch>& x) {
  vector<float, Arch> value(c[Count - 1]);
#pragma GCC unroll 16
  for (std::size_t i = Count - 1; i > 0; --i) value = product<Arch>(value, x) + vector<float, Arch>(c[i - 1]);
  return value;
}

/// -2 ln u for u = (k + ½)/2³¹, 0 <= k < 2³¹: u = 2ᵉ(1 + f), √½ <= 1 + f < √2. Relative error below 1e-6.
template <class Arch>
[[gnu::always_inline]] inline vector<float, Arch> minus_two_log(const vector<std::int32_t, Arch>& k) {
  using V = vector<float, Arch>;
  using I = vector<std::int32_t, Arch>;
  static constexpr float of_one_plus[] = {-2.00000167f,  1.00002801f,  -0.666320562f, 0.497935861f,
                                          -0.409095109f, 0.375654548f, -0.244219527f};
  const V u = (xsimd::to_float(k) + V(0.5f)) * V(0x1p-31f);
  const I bits = std::bit_cast<I>(u), exponent = (bits - I(0x3f3504f3)) >> 23; // of √½ …
  const V f = std::bit_cast<V>(bits - (exponent << 23)) - V(1.f);
  return product<Arch>(f, polynomial<Arch>(of_one_plus, f)) +
         product<Arch>(xsimd::to_float(exponent), V(-1.38629436f)); // -2 ln 2
}

} // namespace detail

/// Two vectors of numbers of the standard normal distribution, independent of each other, from blocks `counter` …
/// `counter`+W-1 of the stream; `counter` is a multiple of W. They end at ±6.7.
///
/// Source: Box, Muller, "A note on the generation of random normal deviates", 1958: the radius √(-2 ln u) from 31 bits,
/// half a turn from 32, and the other half from the bit that is left.
template <class Arch = default_arch>
[[gnu::always_inline]] inline word_pair<vector<float, Arch>> normals(const random_stream& stream,
                                                                     std::uint64_t counter) {
  using V = vector<float, Arch>;
  using I = vector<std::int32_t, Arch>;
  static constexpr float sine[] = {3.14159036f, -5.16740751f, 2.54402089f, -0.559489906f};
  static constexpr float cosine[] = {0.999993324f, -4.93393803f, 4.04128361f, -1.22212708f};
  const auto words = block<Arch>(stream, counter);
  const V radius = xsimd::sqrt(detail::minus_two_log<Arch>(std::bit_cast<I>(words.first >> 1)));
  const V turn = xsimd::to_float(std::bit_cast<I>(words.second)) * V(0x1p-32f); // -½ … ½, of half a turn
  const V square = detail::product<Arch>(turn, turn);
  const V across = radius * detail::polynomial<Arch>(cosine, square); // at least 0 until it gets its sign
  const V along = radius * detail::product<Arch>(turn, detail::polynomial<Arch>(sine, square));
  const I sign = std::bit_cast<I>(words.first << 31);
  return {std::bit_cast<V>(std::bit_cast<I>(across) ^ sign), along};
}

/// x[i] += deviation · zᵢ for independent zᵢ of the standard normal distribution: those of one stream are the same for
/// every width, and for every count that covers them.
template <class Arch = default_arch>
void add_normals(const random_stream& stream, float deviation, float* x, std::size_t count) {
  using V = vector<float, Arch>;
  constexpr std::size_t W = width<float, Arch>, group = 16; // of blocks: their first numbers, then their second ones
  static_assert(group % W == 0);
  const auto add = [&](float* to, const word_pair<V>& z) {
    (V::load_unaligned(to) + detail::product<Arch>(V(deviation), z.first)).store_unaligned(to);
    (V::load_unaligned(to + group) + detail::product<Arch>(V(deviation), z.second)).store_unaligned(to + group);
  };
  std::uint64_t counter = 0;
  for (; count >= 2 * group; x += 2 * group, count -= 2 * group, counter += group)
    for (std::size_t i = 0; i < group; i += W) add(x + i, normals<Arch>(stream, counter + i));
  if (count == 0) return;
  alignas(alignment) float rest[2 * group] = {};
  for (std::size_t i = 0; i < count; ++i) rest[i] = x[i];
  for (std::size_t i = 0; i < group; i += W) add(rest + i, normals<Arch>(stream, counter + i));
  for (std::size_t i = 0; i < count; ++i) x[i] = rest[i];
}

/// One vector of numbers of the standard normal distribution, those of blocks `counter` … `counter`+W-1: by the vector
/// in float, one by one in double.
template <class T, class Arch> inline vector<T, Arch> normals_at(const random_stream& stream, std::uint64_t counter) {
  constexpr std::size_t W = width<T, Arch>;
  if constexpr (sizeof(T) == 4 && W <= 16) {
    return normals<Arch>(stream, counter).first;
  } else {
    alignas(alignment) T number[W];
    for (std::size_t i = 0; i < W; ++i) number[i] = normal<T>(stream, counter + i);
    return vector<T, Arch>::load_aligned(number);
  }
}

} // namespace lamina::simd
