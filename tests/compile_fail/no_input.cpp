// no_input.*layer<0>.*dense<4>
#include <lamina/lamina.hpp>

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::dense<4>, la::relu> {};
#else
struct net : la::network<la::input<16>, la::dense<4>, la::relu> {};
#endif

std::size_t count() { return net::parameter_count; }
