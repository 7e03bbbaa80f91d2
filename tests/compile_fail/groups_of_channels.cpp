// reason::groups.*layer<1>.*conv2d<6,.*groups<3>>.*expects<6,6,6>.*gets<4,6,6>
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct net
    : la::network<la::input<1, 8, 8>, la::conv2d<4, la::kernel<3>>, la::conv2d<6, la::kernel<3>, la::groups<3>>> {};
#else
struct net
    : la::network<la::input<1, 8, 8>, la::conv2d<4, la::kernel<3>>, la::conv2d<6, la::kernel<3>, la::groups<2>>> {};
#endif

template void use<net, 64>(const la::dataset<la::values>&, const std::array<float, 64>&);
