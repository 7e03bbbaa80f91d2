// word2vec<0
#include <lamina/word2vec.hpp>

namespace la = lamina;

#ifdef WRONG
constexpr std::size_t dimension = 0;
#else
constexpr std::size_t dimension = 8;
#endif

std::size_t learn(std::span<const std::uint32_t> text, std::span<const std::uint64_t> counts) {
  la::word2vec<dimension> words{counts, la::seed{1}};
  words.fit(text, la::cbow{});
  return la::nearest(words, 1).size();
}
