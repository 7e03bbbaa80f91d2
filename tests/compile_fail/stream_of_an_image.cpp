// needs_time.*net
#include <lamina/lamina.hpp>

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::input<1, 8, 2>, la::conv2d<4, la::kernel<1>>> {};
#else
struct net : la::network<la::input<8, 2>, la::causal_conv1d<4, la::kernel<1>>> {};
#endif

float next(const la::model<net>& model, const la::stream<net>::state& past, std::span<float> block) {
  la::stream<net> stream{model};
  stream.reset(), stream.restore(past), stream.restore(stream.snapshot());
  stream.process(block, block);
  return stream(std::span<const float>{block})[0] + static_cast<float>(stream.position());
}
