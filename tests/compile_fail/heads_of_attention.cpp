// reason::heads.*layer<0>.*self_attention<3>.*expects<6,9>.*gets<6,8>
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::input<6, 8>, la::self_attention<3>> {};
#else
struct net : la::network<la::input<6, 8>, la::self_attention<4>> {};
#endif

template void use<net, 48>(const la::dataset<la::values>&, const std::array<float, 48>&);
