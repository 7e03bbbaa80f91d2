// input_rank.*layer<1>.*dense<4>.*expects<72>.*gets<2,6,6>
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::input<1, 8, 8>, la::conv2d<2, la::kernel<3>>, la::dense<4>> {};
#else
struct net : la::network<la::input<1, 8, 8>, la::conv2d<2, la::kernel<3>>, la::flatten, la::dense<4>> {};
#endif

template void use<net, 64>(const la::dataset<la::values>&, const std::array<float, 64>&);
