// layer<2,0>.*dense<8.*expects<32>.*gets<24>
#include <lamina/lamina.hpp>

namespace la = lamina;

#ifdef WRONG
using stated = la::from<32>;
#else
using stated = la::from<24>;
#endif

struct head : la::network<la::dense<8, stated>, la::relu, la::dense<2>> {};
struct net : la::network<la::input<16>, la::dense<24>, la::relu, head> {};

std::size_t count() { return net::parameter_count; }
