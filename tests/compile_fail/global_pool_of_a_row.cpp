// input_rank.*layer<1>.*global_avg_pool.*expects<1,8,8>.*gets<64>
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::input<1, 8, 8>, la::flatten, la::global_avg_pool> {};
#else
struct net : la::network<la::input<1, 8, 8>, la::global_avg_pool> {};
#endif

template void use<net, 64>(const la::dataset<la::values>&, const std::array<float, 64>&);
