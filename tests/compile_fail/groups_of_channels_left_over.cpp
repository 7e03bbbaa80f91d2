// layer<1>.*group_norm<4>.*expects<4>.*gets<6>
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::input<16>, la::dense<6>, la::group_norm<4>> {};
#else
struct net : la::network<la::input<16>, la::dense<6>, la::group_norm<3>> {};
#endif

template void use<net, 16>(const la::dataset<la::values>&, const std::array<float, 16>&);
