// doubled_name.*layer<0>,.*inside::path<1>,.*layer<2>,.*named<.*deep
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct net
    : la::network<la::input<1, 8, 8>, la::branches<la::concat, la::path<>,
                                                   la::path<la::named<"deep", la::conv2d<2, la::kernel<1>>>, la::relu,
                                                            la::named<"deep", la::conv2d<2, la::kernel<1>>>>>> {};
#else
struct net
    : la::network<la::input<1, 8, 8>, la::branches<la::concat, la::path<>,
                                                   la::path<la::named<"deep", la::conv2d<2, la::kernel<1>>>, la::relu,
                                                            la::named<"deeper", la::conv2d<2, la::kernel<1>>>>>> {};
#endif

template void use<net, 64>(const la::dataset<la::values>&, const std::array<float, 64>&);
