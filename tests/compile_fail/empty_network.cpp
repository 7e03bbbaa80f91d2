// no_input
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct net : la::network<> {};
#else
struct net : la::network<la::input<16>, la::dense<4>> {};
#endif

template void use<net, 16>(const la::dataset<la::values>&, const std::array<float, 16>&);
