// option_twice.*layer<1>.*dense<8,.*weight_of<.*encoder
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::input<8>, la::named<"encoder", la::dense<8>>,
                         la::dense<8, la::weight_of<"encoder">, la::transposed_weight_of<"encoder">>> {};
#else
struct net : la::network<la::input<8>, la::named<"encoder", la::dense<8>>, la::dense<8, la::weight_of<"encoder">>> {};
#endif

template void use<net, 8>(const la::dataset<la::values>&, const std::array<float, 8>&);
