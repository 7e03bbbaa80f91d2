// out_of_range.*layer<0>.*conv_transpose2d<2,.*stride<2>,.*output_padding<2>>.*expects<1,1>.*gets<2,2>
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct net
    : la::network<la::input<1, 4, 4>, la::conv_transpose2d<2, la::kernel<3>, la::stride<2>, la::output_padding<2>>> {};
#else
struct net
    : la::network<la::input<1, 4, 4>, la::conv_transpose2d<2, la::kernel<3>, la::stride<2>, la::output_padding<1>>> {};
#endif

template void use<net, 16>(const la::dataset<la::values>&, const std::array<float, 16>&);
