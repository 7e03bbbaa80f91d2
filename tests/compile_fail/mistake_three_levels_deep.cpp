// input_rank.*layer<0>,.*layer<0>,.*inside::path<0>,.*layer<1>,.*inside::shortcut,.*layer<1>,.*dense<3>,.*expects<64>.*gets<1,8,8>
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
using last = la::dense<3>;
#else
using last = la::relu;
#endif

struct net : la::network<la::input<1, 8, 8>,
                         la::residual<la::branches<
                             la::add, la::path<la::relu, la::residual<la::shortcut<la::tanh, last>, la::sigmoid>>>>> {};

template void use<net, 64>(const la::dataset<la::values>&, const std::array<float, 64>&);
