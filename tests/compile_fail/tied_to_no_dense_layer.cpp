// tied_weight.*layer<2>.*dense<8,.*weight_of<.*first
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct net
    : la::network<la::input<8>, la::named<"first", la::prelu<8>>, la::tanh, la::dense<8, la::weight_of<"first">>> {};
#else
struct net
    : la::network<la::input<8>, la::named<"first", la::dense<8>>, la::tanh, la::dense<8, la::weight_of<"first">>> {};
#endif

template void use<net, 8>(const la::dataset<la::values>&, const std::array<float, 8>&);
