// kernel_size.*layer<0>.*conv2d<4,.*kernel<9,3>>.*expects<1,9,8>.*gets<1,8,8>
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::input<1, 8, 8>, la::conv2d<4, la::kernel<9, 3>>> {};
#else
struct net : la::network<la::input<1, 8, 8>, la::conv2d<4, la::kernel<8, 3>>> {};
#endif

template void use<net, 64>(const la::dataset<la::values>&, const std::array<float, 64>&);
