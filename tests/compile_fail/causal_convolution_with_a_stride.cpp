// unknown_option.*layer<0>.*causal_conv1d<4,.*kernel<3>,.*stride<2>>
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::input<8, 2>, la::causal_conv1d<4, la::kernel<3>, la::stride<2>>> {};
#else
struct net : la::network<la::input<8, 2>, la::causal_conv1d<4, la::kernel<3>, la::dilation<2>>> {};
#endif

template void use<net, 16>(const la::dataset<la::values>&, const std::array<float, 16>&);
