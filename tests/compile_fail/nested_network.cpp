// layer<2>.*head.*expects<32>.*gets<24>
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
using arrives = la::input<32>;
#else
using arrives = la::input<24>;
#endif

struct head : la::network<arrives, la::dense<8>, la::relu, la::dense<2>> {};
struct net : la::network<la::input<16>, la::dense<24>, la::relu, head> {};

template void use<net, 16>(const la::dataset<la::values>&, const std::array<float, 16>&);
