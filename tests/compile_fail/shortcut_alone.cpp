// not_a_layer.*layer<0>.*layer<1>.*shortcut<
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::input<1, 8, 8>,
                         la::residual<la::conv2d<1, la::kernel<1>>, la::shortcut<la::conv2d<1, la::kernel<1>>>>> {};
#else
struct net : la::network<la::input<1, 8, 8>,
                         la::residual<la::shortcut<la::conv2d<1, la::kernel<1>>>, la::conv2d<1, la::kernel<1>>>> {};
#endif

template void use<net, 64>(const la::dataset<la::values>&, const std::array<float, 64>&);
