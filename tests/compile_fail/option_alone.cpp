// not_a_layer.*layer<1>.*padding<1>
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::input<1, 8, 8>, la::conv2d<2, la::kernel<3>>, la::padding<1>> {};
#else
struct net : la::network<la::input<1, 8, 8>, la::conv2d<2, la::kernel<3>, la::padding<1>>> {};
#endif

template void use<net, 64>(const la::dataset<la::values>&, const std::array<float, 64>&);
