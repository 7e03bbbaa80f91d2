// layer<1>.*input<4>
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::input<16>, la::dense<4>, la::input<4>, la::dense<2>> {};
#else
struct net : la::network<la::input<16>, la::dense<4>, la::dense<2>> {};
#endif

template void use<net, 16>(const la::dataset<la::values>&, const std::array<float, 16>&);
