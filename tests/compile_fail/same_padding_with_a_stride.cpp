// same_stride.*layer<0>.*conv2d<4,.*same_padding,.*stride<2>>.*expects<1,1>.*gets<2,2>
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::input<1, 8, 8>, la::conv2d<4, la::kernel<3>, la::same_padding, la::stride<2>>> {};
#else
struct net : la::network<la::input<1, 8, 8>, la::conv2d<4, la::kernel<3>, la::padding<1>, la::stride<2>>> {};
#endif

template void use<net, 64>(const la::dataset<la::values>&, const std::array<float, 64>&);
