// tied_weight.*layer<1>.*conv2d<2,.*weight_of<.*stem
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
// Two channels are what a group of the stem's sees.
struct net
    : la::network<la::input<4, 4, 4>, la::named<"stem", la::conv2d<2, la::kernel<3>, la::same_padding, la::groups<2>>>,
                  la::conv2d<2, la::kernel<3>, la::weight_of<"stem">>> {};
#else
struct net : la::network<la::input<2, 4, 4>, la::named<"stem", la::conv2d<2, la::kernel<3>, la::same_padding>>,
                         la::conv2d<2, la::kernel<3>, la::weight_of<"stem">>> {};
#endif

template void use<net, net::input_shape.size()>(const la::dataset<la::values>&,
                                                const std::array<float, net::input_shape.size()>&);
