// layer<2>.*named<.*fc
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
using second = la::named<"fc", la::dense<4>>;
#else
using second = la::named<"head", la::dense<4>>;
#endif

struct net : la::network<la::input<16>, la::named<"fc", la::dense<8>>, la::relu, second> {};

template void use<net, 16>(const la::dataset<la::values>&, const std::array<float, 16>&);
