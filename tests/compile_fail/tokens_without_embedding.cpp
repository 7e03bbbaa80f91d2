// reason::tokens.*layer<0>.*gru<4>
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::token_input<6, 11>, la::gru<4>> {};
#else
struct net : la::network<la::token_input<6, 11>, la::embedding<3>, la::gru<4>> {};
#endif

template void use<net, 6>(const la::dataset<la::values>&, const std::array<float, 6>&);
