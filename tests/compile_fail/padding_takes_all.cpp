// kernel_size.*layer<0>.*conv_transpose2d<2,.*padding<3>>.*expects<1,5,5>.*gets<1,4,4>
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::input<1, 4, 4>, la::conv_transpose2d<2, la::kernel<3>, la::padding<3>>> {};
#else
struct net : la::network<la::input<1, 4, 4>, la::conv_transpose2d<2, la::kernel<3>, la::padding<2>>> {};
#endif

template void use<net, 16>(const la::dataset<la::values>&, const std::array<float, 16>&);
