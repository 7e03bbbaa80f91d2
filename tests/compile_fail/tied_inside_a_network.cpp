// tied_name.*layer<1>.*dense<8,.*weight_of<.*outside
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct inner : la::network<la::input<8>, la::named<"inside", la::dense<8>>, la::dense<8, la::weight_of<"outside">>> {};
#else
struct inner : la::network<la::input<8>, la::named<"inside", la::dense<8>>, la::dense<8, la::weight_of<"inside">>> {};
#endif

struct net : la::network<la::input<8>, la::named<"outside", la::dense<8>>, la::tanh, inner> {};

template void use<net, 8>(const la::dataset<la::values>&, const std::array<float, 8>&);
