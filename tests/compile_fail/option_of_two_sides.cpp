// unknown_option.*layer<0>.*conv1d<2,.*kernel<3,5>>
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::input<4, 16>, la::conv1d<2, la::kernel<3, 5>>> {};
#else
struct net : la::network<la::input<4, 16>, la::conv1d<2, la::kernel<5>>> {};
#endif

template void use<net, 64>(const la::dataset<la::values>&, const std::array<float, 64>&);
