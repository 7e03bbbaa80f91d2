// no_input
#include <lamina/lamina.hpp>

namespace la = lamina;

#ifdef WRONG
struct net : la::network<> {};
#else
struct net : la::network<la::input<16>, la::dense<4>> {};
#endif

std::size_t count() { return net::parameter_count; }
