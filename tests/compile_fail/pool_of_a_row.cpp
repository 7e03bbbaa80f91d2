// input_rank.*layer<1>.*avg_pool2d<2.*expects<1,8,8>.*gets<64>
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::input<1, 8, 8>, la::flatten, la::avg_pool2d<2>, la::flatten> {};
#else
struct net : la::network<la::input<1, 8, 8>, la::avg_pool2d<2>, la::flatten> {};
#endif

template void use<net, 64>(const la::dataset<la::values>&, const std::array<float, 64>&);
