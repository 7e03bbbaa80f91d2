// residual_shape.*layer<1>.*residual<.*expects<2,8,8>.*gets<2,6,6>
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::input<1, 8, 8>, la::conv2d<2, la::kernel<1>>,
                         la::residual<la::conv2d<2, la::kernel<3>>, la::relu>> {};
#else
struct net : la::network<la::input<1, 8, 8>, la::conv2d<2, la::kernel<1>>,
                         la::residual<la::conv2d<2, la::kernel<3>, la::same_padding>, la::relu>> {};
#endif

template void use<net, 64>(const la::dataset<la::values>&, const std::array<float, 64>&);
