// option_twice.*layer<0>.*conv2d<2,.*padding<1>,.*kernel<3>,.*same_padding>
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::input<1, 8, 8>, la::conv2d<2, la::padding<1>, la::kernel<3>, la::same_padding>> {};
#else
struct net : la::network<la::input<1, 8, 8>, la::conv2d<2, la::padding<1>, la::kernel<3>>> {};
#endif

template void use<net, 64>(const la::dataset<la::values>&, const std::array<float, 64>&);
