// no_joint.*layer<0>.*branches<.*path<.*relu>,.*path<.*tanh>>
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::input<8>, la::branches<la::path<la::relu>, la::path<la::tanh>>> {};
#else
struct net : la::network<la::input<8>, la::branches<la::add, la::path<la::relu>, la::path<la::tanh>>> {};
#endif

template void use<net, 8>(const la::dataset<la::values>&, const std::array<float, 8>&);
