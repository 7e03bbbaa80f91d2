// residual_shape.*layer<1>,.*inside::path<1>,.*layer<1>,.*residual<.*expects<2,6,6>.*gets<3,6,6>
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
inline constexpr std::size_t filters = 3;
#else
inline constexpr std::size_t filters = 2;
#endif

struct net : la::network<la::input<1, 8, 8>, la::conv2d<1, la::kernel<1>>,
                         la::branches<la::add, la::path<la::conv2d<2, la::kernel<3>>>,
                                      la::path<la::conv2d<2, la::kernel<3>>,
                                               la::residual<la::conv2d<filters, la::kernel<1>>, la::relu>>>> {};

template void use<net, 64>(const la::dataset<la::values>&, const std::array<float, 64>&);
