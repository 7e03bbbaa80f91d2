// pool_padding.*layer<0>.*max_pool2d<3,.*padding<2>>.*expects<1,1>.*gets<2,2>
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::input<1, 8, 8>, la::max_pool2d<3, la::padding<2>>> {};
#else
struct net : la::network<la::input<1, 8, 8>, la::max_pool2d<3, la::padding<1>>> {};
#endif

template void use<net, 64>(const la::dataset<la::values>&, const std::array<float, 64>&);
