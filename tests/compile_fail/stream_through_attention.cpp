// needs_whole_window.*layer<1>.*self_attention<2,.*causal>
#include <lamina/lamina.hpp>

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::input<8, 4>, la::gru<4, la::return_sequence>, la::self_attention<2, la::causal>> {};
#else
struct net : la::network<la::input<8, 4>, la::gru<4, la::return_sequence>, la::positional_encoding> {};
#endif

float next(const la::model<net>& model, const la::stream<net>::state& past, std::span<float> block) {
  la::stream<net> stream{model};
  stream.reset(), stream.restore(past), stream.restore(stream.snapshot());
  stream.process(block, block);
  return stream(std::span<const float>{block})[0] + static_cast<float>(stream.position());
}
