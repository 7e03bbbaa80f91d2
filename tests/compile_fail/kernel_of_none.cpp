// out_of_range.*layer<0>.*conv2d<2,.*kernel<0>>
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::input<1, 8, 8>, la::conv2d<2, la::kernel<0>>> {};
#else
struct net : la::network<la::input<1, 8, 8>, la::conv2d<2, la::kernel<1>>> {};
#endif

template void use<net, 64>(const la::dataset<la::values>&, const std::array<float, 64>&);
