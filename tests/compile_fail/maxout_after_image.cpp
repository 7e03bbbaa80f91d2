// input_rank.*layer<0>.*maxout<4.*gets<2,8>
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::input<2, 8>, la::maxout<4>> {};
#else
struct net : la::network<la::input<2, 8>, la::flatten, la::maxout<4>> {};
#endif

template void use<net, 16>(const la::dataset<la::values>&, const std::array<float, 16>&);
