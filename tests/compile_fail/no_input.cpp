// no_input.*layer<0>.*dense<4>
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::dense<4>, la::relu> {};
#else
struct net : la::network<la::input<16>, la::dense<4>, la::relu> {};
#endif

template void use<net, 16>(const la::dataset<la::values>&, const std::array<float, 16>&);
