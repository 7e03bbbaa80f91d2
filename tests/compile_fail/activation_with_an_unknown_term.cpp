// unknown_term.*layer<1>.*my_activation
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

using namespace la::terms;

#ifdef WRONG
struct my_activation : la::activation<x * t> {}; // an activation knows its input x, and no target
#else
struct my_activation : la::activation<x * sigmoid(x)> {};
#endif

struct net : la::network<la::input<16>, la::dense<4>, my_activation> {};

template void use<net, 16>(const la::dataset<la::values>&, const std::array<float, 16>&);
