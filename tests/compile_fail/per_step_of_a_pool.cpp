// not_a_layer.*layer<0>.*per_step<.*max_pool1d<2>
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::input<16, 4>, la::per_step<la::max_pool1d<2>>> {};
#else
struct net : la::network<la::input<16, 4>, la::per_step<la::dense<2>>> {};
#endif

template void use<net, 64>(const la::dataset<la::values>&, const std::array<float, 64>&);
