#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <lamina/simd/traits.hpp>

/// Random numbers without a state: pure functions of (seed, stream, counter), the same bits on every machine and at
/// every vector width.
namespace lamina::simd {

/// Two words of 32 bits, scalar or a vector of each.
template <class Word> struct word_pair {
  Word first, second;
};

namespace detail {

template <class Word> [[gnu::always_inline]] constexpr Word rotate_left(const Word& x, int by) {
  return (x << by) | (x >> (32 - by));
}

template <class Word>
[[gnu::always_inline]] constexpr void threefry_rounds(Word& a, Word& b, int r0, int r1, int r2, int r3) {
  a = a + b, b = rotate_left(b, r0) ^ a;
  a = a + b, b = rotate_left(b, r1) ^ a;
  a = a + b, b = rotate_left(b, r2) ^ a;
  a = a + b, b = rotate_left(b, r3) ^ a;
}

} // namespace detail

/// Threefry-2x32-20: a keyed bijection of 64-bit blocks whose images of successive counters pass as random.
///
/// Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
template <class Word> constexpr word_pair<Word> threefry(std::uint32_t key0, std::uint32_t key1, Word a, Word b) {
  const std::uint32_t key2 = 0x1BD11BDAu ^ key0 ^ key1;
  a = a + Word(key0), b = b + Word(key1);
  detail::threefry_rounds(a, b, 13, 15, 26, 6);
  a = a + Word(key1), b = b + Word(key2 + 1u);
  detail::threefry_rounds(a, b, 17, 29, 16, 24);
  a = a + Word(key2), b = b + Word(key0 + 2u);
  detail::threefry_rounds(a, b, 13, 15, 26, 6);
  a = a + Word(key0), b = b + Word(key1 + 3u);
  detail::threefry_rounds(a, b, 17, 29, 16, 24);
  a = a + Word(key1), b = b + Word(key2 + 4u);
  detail::threefry_rounds(a, b, 13, 15, 26, 6);
  a = a + Word(key2), b = b + Word(key0 + 5u);
  return {a, b};
}

/// A family of random numbers: the seed of a run and a stream within it (a layer, an epoch). Streams of the same seed,
/// and seeds, are independent of each other.
struct random_stream {
  std::uint32_t key0 = 0, key1 = 0;

  constexpr random_stream(std::uint64_t seed, std::uint64_t stream) {
    // Keys are an image of the bijection under the seed, so that neighbouring seeds and streams share nothing.
    const auto key = threefry(static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32),
                              static_cast<std::uint32_t>(stream), static_cast<std::uint32_t>(stream >> 32));
    key0 = key.first, key1 = key.second;
  }

  /// 64 random bits.
  constexpr std::uint64_t bits(std::uint64_t counter) const {
    const auto pair =
        threefry(key0, key1, static_cast<std::uint32_t>(counter), static_cast<std::uint32_t>(counter >> 32));
    return static_cast<std::uint64_t>(pair.second) << 32 | pair.first;
  }
};

/// A number evenly distributed in [0, 1): 24 random bits for float, 53 for double.
template <class T> constexpr T uniform(const random_stream& stream, std::uint64_t counter) {
  const std::uint64_t bits = stream.bits(counter);
  if constexpr (sizeof(T) == 4)
    return static_cast<T>(static_cast<std::uint32_t>(bits) >> 8) * T(0x1p-24);
  else
    return static_cast<T>(bits >> 11) * T(0x1p-53);
}

/// The two words of blocks `counter` … `counter`+W-1, which is what `random_stream::bits` gives of each; `counter` is a
/// multiple of W.
template <class Arch>
[[gnu::always_inline]] inline word_pair<vector<std::uint32_t, Arch>> block(const random_stream& stream,
                                                                           std::uint64_t counter) {
  using words = vector<std::uint32_t, Arch>;
  static_assert(words::size <= 16);
  alignas(alignment) static constexpr std::uint32_t lane[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  const words low = words(static_cast<std::uint32_t>(counter)) + words::load_aligned(lane);
  return threefry(stream.key0, stream.key1, low, words(static_cast<std::uint32_t>(counter >> 32)));
}

/// A number in [0, 1) of each word, as `uniform` makes it.
template <class Arch> [[gnu::always_inline]] inline vector<float, Arch> uniforms_of(vector<std::uint32_t, Arch> bits) {
  const vector<std::uint32_t, Arch> upper = bits >> 8;
  return xsimd::to_float(std::bit_cast<vector<std::int32_t, Arch>>(upper)) * 0x1p-24f;
}

/// The same numbers, those of `counter` … `counter`+W-1 at once; `counter` is a multiple of W.
template <class T, class Arch> inline vector<T, Arch> uniforms(const random_stream& stream, std::uint64_t counter) {
  constexpr std::size_t W = width<T, Arch>;
  if constexpr (sizeof(T) == 4 && W <= 16) {
    return uniforms_of<Arch>(block<Arch>(stream, counter).first);
  } else {
    alignas(alignment) T number[W];
    for (std::size_t i = 0; i < W; ++i) number[i] = uniform<T>(stream, counter + i);
    return vector<T, Arch>::load_aligned(number);
  }
}

/// Numbers that come round after `period` of them: lane i is `uniform` of `counter` + (n + i) mod period. The lower
/// half of `counter` is 0.
template <class T, class Arch>
inline vector<T, Arch> cyclic_uniforms(const random_stream& stream, std::uint64_t counter, std::size_t n,
                                       std::size_t period) {
  constexpr std::size_t W = width<T, Arch>;
  alignas(alignment) std::uint32_t place[W];
  std::uint32_t at = static_cast<std::uint32_t>(n % period);
  for (std::size_t i = 0; i < W; ++i) {
    place[i] = at;
    if (++at == period) at = 0;
  }
  if constexpr (sizeof(T) == 4 && W <= 16) {
    using words = vector<std::uint32_t, Arch>;
    const words high(static_cast<std::uint32_t>(counter >> 32));
    return uniforms_of<Arch>(threefry(stream.key0, stream.key1, words::load_aligned(place), high).first);
  } else {
    alignas(alignment) T number[W];
    for (std::size_t i = 0; i < W; ++i) number[i] = uniform<T>(stream, counter + place[i]);
    return vector<T, Arch>::load_aligned(number);
  }
}

/// An integer evenly distributed in 0 … bound-1, without bias for any bound > 0 (Lemire 2019, with rejection): both
/// words of block `counter`, then of blocks 2⁴⁸ apart, until one is accepted.
constexpr std::uint32_t bounded(const random_stream& stream, std::uint64_t counter, std::uint32_t bound) {
  const std::uint32_t reject_below = (0u - bound) % bound;
  std::uint64_t bits = stream.bits(counter);
  for (;;) {
    for (int half = 0; half < 2; ++half, bits >>= 32) {
      const std::uint64_t product = (bits & 0xFFFFFFFFu) * bound;
      if (static_cast<std::uint32_t>(product) >= reject_below) return static_cast<std::uint32_t>(product >> 32);
    }
    counter += std::uint64_t{1} << 48;
    bits = stream.bits(counter);
  }
}

/// Shuffles `count` < 2³² items in place (Fisher and Yates); every order is equally likely.
template <class Item> constexpr void shuffle(const random_stream& stream, Item* items, std::size_t count) {
  for (std::size_t i = count; i > 1; --i) {
    const std::size_t j = bounded(stream, i, static_cast<std::uint32_t>(i));
    const Item held = items[i - 1];
    items[i - 1] = items[j];
    items[j] = held;
  }
}

} // namespace lamina::simd
