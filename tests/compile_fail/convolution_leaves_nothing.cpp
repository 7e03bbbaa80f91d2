// kernel_size.*layer<2>.*conv2d<4,.*kernel<3>,.*dilation<2>,.*stride<2>>.*expects<2,5,5>.*gets<2,4,4>
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::input<1, 8, 8>, la::conv2d<2, la::kernel<3>, la::stride<2>, la::padding<1>>, la::relu,
                         la::conv2d<4, la::kernel<3>, la::dilation<2>, la::stride<2>>> {};
#else
struct net : la::network<la::input<1, 8, 8>, la::conv2d<2, la::kernel<3>, la::stride<2>, la::padding<1>>, la::relu,
                         la::conv2d<4, la::kernel<3>, la::dilation<1>, la::stride<2>>> {};
#endif

template void use<net, 64>(const la::dataset<la::values>&, const std::array<float, 64>&);
