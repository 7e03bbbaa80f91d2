// tied_name.*layer<0>.*dense<8,.*weight_of<.*decoder
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::input<8>, la::dense<8, la::weight_of<"decoder">>, la::named<"decoder", la::dense<8>>> {};
#else
struct net : la::network<la::input<8>, la::named<"decoder", la::dense<8>>, la::dense<8, la::weight_of<"decoder">>> {};
#endif

template void use<net, 8>(const la::dataset<la::values>&, const std::array<float, 8>&);
