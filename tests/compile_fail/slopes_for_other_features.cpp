// layer<1>.*prelu<5>.*expects<5>.*gets<4>
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::input<16>, la::dense<4>, la::prelu<5>> {};
#else
struct net : la::network<la::input<16>, la::dense<4>, la::prelu<4>> {};
#endif

template void use<net, 16>(const la::dataset<la::values>&, const std::array<float, 16>&);
