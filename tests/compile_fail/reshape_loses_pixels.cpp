// element_count.*layer<1>.*reshape<2,6,5>.*expects<2,6,5>.*gets<2,6,6>
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::input<1, 8, 8>, la::conv2d<2, la::kernel<3>>, la::reshape<2, 6, 5>> {};
#else
struct net : la::network<la::input<1, 8, 8>, la::conv2d<2, la::kernel<3>>, la::reshape<1, 9, 8>> {};
#endif

template void use<net, 64>(const la::dataset<la::values>&, const std::array<float, 64>&);
