// doubled_name.*layer<0>.*named<.*2
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::input<8>, la::named<"2", la::dense<8>>, la::relu, la::dense<8>> {};
#else
struct net : la::network<la::input<8>, la::named<"0", la::dense<8>>, la::relu, la::dense<8>> {};
#endif

template void use<net, 8>(const la::dataset<la::values>&, const std::array<float, 8>&);
