// tied_weight.*layer<2>.*per_step<.*dense<8,.*weight_of<.*first
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::input<8>, la::named<"first", la::dense<8>>, la::reshape<1, 8>,
                         la::per_step<la::dense<8, la::weight_of<"first">>>> {};
#else
struct net : la::network<la::token_input<8, 6>, la::named<"first", la::embedding<5>>, la::gru<5, la::return_sequence>,
                         la::per_step<la::dense<6, la::weight_of<"first">>>> {};
#endif

template void use<net, 8>(const la::dataset<la::values>&, const std::array<float, 8>&);
