// needs_whole_window.*layer<1>.*conv1d<8
#include <lamina/lamina.hpp>

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::input<8, 4>, la::gru<4, la::return_sequence>,
                         la::residual<la::tanh, la::conv1d<8, la::kernel<3>, la::same_padding>>> {};
#else
struct net : la::network<la::input<8, 4>, la::gru<4, la::return_sequence>,
                         la::residual<la::tanh, la::causal_conv1d<4, la::kernel<3>>>> {};
#endif

float next(const la::model<net>& model, const la::stream<net>::state& past, std::span<float> block) {
  la::stream<net> stream{model};
  stream.reset(), stream.restore(past), stream.restore(stream.snapshot());
  stream.process(block, block);
  return stream(std::span<const float>{block})[0] + static_cast<float>(stream.position());
}
