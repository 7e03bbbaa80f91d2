// out_of_range.*layer<1>.*dropout<
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::input<16>, la::dense<4>, la::dropout<1.0>> {};
#else
struct net : la::network<la::input<16>, la::dense<4>, la::dropout<0.9>> {};
#endif

template void use<net, 16>(const la::dataset<la::values>&, const std::array<float, 16>&);
