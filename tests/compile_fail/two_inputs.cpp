// layer<1>.*input<4>
#include <lamina/lamina.hpp>

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::input<16>, la::dense<4>, la::input<4>, la::dense<2>> {};
#else
struct net : la::network<la::input<16>, la::dense<4>, la::dense<2>> {};
#endif

std::size_t count() { return net::parameter_count; }
