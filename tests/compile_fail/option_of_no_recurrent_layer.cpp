// unknown_option.*layer<0>.*gru<4,.*dilation<2>>
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::input<6, 2>, la::gru<4, la::dilation<2>>> {};
#else
struct net : la::network<la::input<6, 2>, la::gru<4, la::truncated<2>>> {};
#endif

template void use<net, 12>(const la::dataset<la::values>&, const std::array<float, 12>&);
