// input_size.*layer<0>.*per_step<.*dense<4,.*from<3>.*>.*expects<3>.*gets<5>
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::input<6, 5>, la::per_step<la::dense<4, la::from<3>>>> {};
#else
struct net : la::network<la::input<6, 5>, la::per_step<la::dense<4, la::from<5>>>> {};
#endif

template void use<net, 30>(const la::dataset<la::values>&, const std::array<float, 30>&);
