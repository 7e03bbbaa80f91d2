// needs_whole_window.*layer<0>.*bidirectional<.*gru<4>
#include <lamina/lamina.hpp>

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::input<8, 2>, la::bidirectional<la::gru<4>>, la::dense<1>> {};
#else
struct net : la::network<la::input<8, 2>, la::gru<4>, la::dense<1>> {};
#endif

void next(const la::model<net>& model, std::span<const float> in, std::span<float> out) {
  la::voices<net> voices{model, 4};
  voices(in, out), voices.reset();
}
