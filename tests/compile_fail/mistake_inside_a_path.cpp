// kernel_size.*layer<2>,.*inside::path<1>,.*layer<4>,.*max_pool2d<7.*>,.*expects<2,7,7>.*gets<2,6,6>
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
using last = la::max_pool2d<7>;
#else
using last = la::max_pool2d<6>;
#endif

struct net
    : la::network<la::input<1, 8, 8>, la::conv2d<1, la::kernel<1>>, la::relu,
                  la::branches<
                      la::concat, la::path<la::avg_pool2d<6>>,
                      la::path<la::conv2d<2, la::kernel<3>>, la::relu, la::conv2d<2, la::kernel<1>>, la::relu, last>>> {
};

template void use<net, 64>(const la::dataset<la::values>&, const std::array<float, 64>&);
