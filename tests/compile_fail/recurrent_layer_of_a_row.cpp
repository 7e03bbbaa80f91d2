// input_rank.*layer<1>.*gru<4.*expects<1,8>.*gets<8>
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::input<6>, la::dense<8>, la::gru<4>> {};
#else
struct net : la::network<la::input<6>, la::dense<8>, la::reshape<4, 2>, la::gru<4>> {};
#endif

template void use<net, 6>(const la::dataset<la::values>&, const std::array<float, 6>&);
