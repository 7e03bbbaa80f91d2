// input_rank.*layer<0>.*batch_norm.*gets<2,8>
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::input<2, 8>, la::batch_norm, la::flatten, la::dense<4>> {};
#else
struct net : la::network<la::input<2, 8>, la::flatten, la::batch_norm, la::dense<4>> {};
#endif

template void use<net, 16>(const la::dataset<la::values>&, const std::array<float, 16>&);
