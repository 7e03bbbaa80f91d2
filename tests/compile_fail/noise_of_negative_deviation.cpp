// out_of_range.*layer<0>.*gaussian_noise<
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::input<16>, la::gaussian_noise<-0.1>, la::dense<4>> {};
#else
struct net : la::network<la::input<16>, la::gaussian_noise<0.1>, la::dense<4>> {};
#endif

template void use<net, 16>(const la::dataset<la::values>&, const std::array<float, 16>&);
