// reason::heads.*layer<0>.*self_attention<4,.*causal>.*expects<5,8>.*gets<5,6>
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::input<5, 6>, la::self_attention<4, la::causal>> {};
#else
struct net : la::network<la::input<5, 6>, la::self_attention<3, la::causal>> {};
#endif

template void use<net, 30>(const la::dataset<la::values>&, const std::array<float, 30>&);
