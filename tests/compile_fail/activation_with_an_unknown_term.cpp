// activation
#include <lamina/lamina.hpp>

namespace la = lamina;

using namespace la::terms;

#ifdef WRONG
struct my_activation : la::activation<x * t> {}; // an activation knows its input x, and no target
#else
struct my_activation : la::activation<x * sigmoid(x)> {};
#endif

struct net : la::network<la::input<16>, la::dense<4>, my_activation> {};

float first(const la::model<net>& model, std::span<const float, 16> input) { return model(input)[0]; }
