// input_size.*layer<0>.*embedding<12,3>.*expects<12>.*gets<11>
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::token_input<6, 11>, la::embedding<12, 3>, la::gru<4>> {};
#else
struct net : la::network<la::token_input<6, 11>, la::embedding<11, 3>, la::gru<4>> {};
#endif

template void use<net, 6>(const la::dataset<la::values>&, const std::array<float, 6>&);
