// empty_network.*input<16>
#include <lamina/lamina.hpp>

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::input<16>> {};
#else
struct net : la::network<la::input<16>, la::dense<4>> {};
#endif

std::size_t count() { return net::parameter_count; }
