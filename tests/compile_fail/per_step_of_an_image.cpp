// input_rank.*layer<0>.*per_step<.*dense<4>.*>.*expects<3,30>.*gets<3,6,5>
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::input<3, 6, 5>, la::per_step<la::dense<4>>> {};
#else
struct net : la::network<la::input<3, 6, 5>, la::reshape<3, 30>, la::per_step<la::dense<4>>> {};
#endif

template void use<net, 90>(const la::dataset<la::values>&, const std::array<float, 90>&);
