// layer<1>.*channel_dropout<.*gets<4>
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::input<16>, la::dense<4>, la::channel_dropout<>> {};
#else
struct net : la::network<la::input<16>, la::dense<4>, la::reshape<2, 2>, la::channel_dropout<>, la::flatten> {};
#endif

template void use<net, 16>(const la::dataset<la::values>&, const std::array<float, 16>&);
