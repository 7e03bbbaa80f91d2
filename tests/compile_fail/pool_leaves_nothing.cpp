// kernel_size.*layer<1>.*max_pool2d<3.*expects<1,3,3>.*gets<1,2,2>
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::input<1, 8, 8>, la::avg_pool2d<4>, la::max_pool2d<3>> {};
#else
struct net : la::network<la::input<1, 8, 8>, la::avg_pool2d<4>, la::max_pool2d<2>> {};
#endif

template void use<net, 64>(const la::dataset<la::values>&, const std::array<float, 64>&);
