// tied_shape.*layer<2>.*dense<30,.*transposed_weight_of<.*encoder.*expects<5,30>.*gets<5,8>
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
constexpr std::size_t outputs = 30;
#else
constexpr std::size_t outputs = 8;
#endif

struct net : la::network<la::input<8>, la::named<"encoder", la::dense<5>>, la::tanh,
                         la::dense<outputs, la::transposed_weight_of<"encoder">>> {};

template void use<net, 8>(const la::dataset<la::values>&, const std::array<float, 8>&);
