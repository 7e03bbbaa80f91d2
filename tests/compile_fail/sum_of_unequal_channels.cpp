// joined_shape.*layer<0>.*branches<.*add.*expects<4,8,8>.*gets<2,8,8>
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::input<1, 8, 8>, la::branches<la::add, la::path<la::conv2d<4, la::kernel<1>>>,
                                                          la::path<la::conv2d<2, la::kernel<1>>>>> {};
#else
struct net : la::network<la::input<1, 8, 8>, la::branches<la::add, la::path<la::conv2d<4, la::kernel<1>>>,
                                                          la::path<la::conv2d<4, la::kernel<1>>>>> {};
#endif

template void use<net, 64>(const la::dataset<la::values>&, const std::array<float, 64>&);
