// input_rank.*layer<0>.*conv2d<4,.*kernel<3>>.*expects<1,8,8>.*gets<64>
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::input<64>, la::conv2d<4, la::kernel<3>>> {};
#else
struct net : la::network<la::input<64>, la::reshape<1, 8, 8>, la::conv2d<4, la::kernel<3>>> {};
#endif

template void use<net, 64>(const la::dataset<la::values>&, const std::array<float, 64>&);
