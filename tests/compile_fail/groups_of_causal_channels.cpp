// reason::groups.*layer<0>.*causal_conv1d<6,.*kernel<3>,.*groups<3>>.*expects<8,6>.*gets<8,4>
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::input<8, 4>, la::causal_conv1d<6, la::kernel<3>, la::groups<3>>> {};
#else
struct net : la::network<la::input<8, 4>, la::causal_conv1d<6, la::kernel<3>, la::groups<2>>> {};
#endif

template void use<net, 32>(const la::dataset<la::values>&, const std::array<float, 32>&);
