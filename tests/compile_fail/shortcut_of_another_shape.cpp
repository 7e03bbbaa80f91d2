// residual_shape.*layer<0>.*shortcut<.*expects<4,8,8>.*gets<4,4,4>
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::input<1, 8, 8>, la::residual<la::shortcut<la::conv2d<4, la::kernel<1>>>,
                                                          la::conv2d<4, la::kernel<2>, la::stride<2>>>> {};
#else
struct net : la::network<la::input<1, 8, 8>, la::residual<la::shortcut<la::conv2d<4, la::kernel<1>, la::stride<2>>>,
                                                          la::conv2d<4, la::kernel<2>, la::stride<2>>>> {};
#endif

template void use<net, 64>(const la::dataset<la::values>&, const std::array<float, 64>&);
