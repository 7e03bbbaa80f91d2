// reason::groups.*layer<0>.*conv1d<6,.*groups<4>>.*expects<8>.*gets<6>
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::input<4, 16>, la::conv1d<6, la::kernel<3>, la::groups<4>>> {};
#else
struct net : la::network<la::input<4, 16>, la::conv1d<8, la::kernel<3>, la::groups<4>>> {};
#endif

template void use<net, 64>(const la::dataset<la::values>&, const std::array<float, 64>&);
