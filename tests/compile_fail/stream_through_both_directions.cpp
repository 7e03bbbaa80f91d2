// needs_whole_window.*layer<1>.*bidirectional<.*gru<4.*>
#include <lamina/lamina.hpp>

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::input<8, 2>, la::causal_conv1d<4, la::kernel<3>>, la::bidirectional<la::gru<4>>> {};
#else
struct net : la::network<la::input<8, 2>, la::causal_conv1d<4, la::kernel<3>>, la::gru<4>> {};
#endif

float next(const la::model<net>& model, const la::stream<net>::state& past, std::span<float> block) {
  la::stream<net> stream{model};
  stream.reset(), stream.restore(past), stream.restore(stream.snapshot());
  stream.process(block, block);
  return stream(std::span<const float>{block})[0] + static_cast<float>(stream.position());
}
