// kernel_size.*layer<1>,.*inside::shortcut,.*layer<0>,.*conv2d<2,.*kernel<9>>,.*expects<2,9,9>.*gets<2,8,8>
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::input<1, 8, 8>, la::conv2d<2, la::kernel<1>>,
                         la::residual<la::shortcut<la::conv2d<2, la::kernel<9>>>, la::relu>> {};
#else
struct net : la::network<la::input<1, 8, 8>, la::conv2d<2, la::kernel<1>>,
                         la::residual<la::shortcut<la::conv2d<2, la::kernel<1>>>, la::relu>> {};
#endif

template void use<net, 64>(const la::dataset<la::values>&, const std::array<float, 64>&);
