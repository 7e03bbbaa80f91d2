// unknown_option.*layer<0>.*max_pool2d<2,.*dilation<2>>
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::input<1, 8, 8>, la::max_pool2d<2, la::dilation<2>>> {};
#else
struct net : la::network<la::input<1, 8, 8>, la::max_pool2d<2, la::stride<2>>> {};
#endif

template void use<net, 64>(const la::dataset<la::values>&, const std::array<float, 64>&);
