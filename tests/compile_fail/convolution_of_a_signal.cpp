// input_rank.*layer<0>.*conv2d<4,.*kernel<1,3>>.*expects<2,4,8>.*gets<2,32>
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::input<2, 32>, la::conv2d<4, la::kernel<1, 3>>> {};
#else
struct net : la::network<la::input<2, 32>, la::conv1d<4, la::kernel<3>>> {};
#endif

template void use<net, 64>(const la::dataset<la::values>&, const std::array<float, 64>&);
