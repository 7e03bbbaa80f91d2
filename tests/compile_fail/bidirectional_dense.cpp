// not_a_layer.*layer<0>.*bidirectional<.*dense<8>
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::input<16, 4>, la::bidirectional<la::dense<8>>, la::dense<10>> {};
#else
struct net : la::network<la::input<16, 4>, la::bidirectional<la::gru<8>>, la::dense<10>> {};
#endif

template void use<net, 64>(const la::dataset<la::values>&, const std::array<float, 64>&);
