// notes: needs_whole_window.*layer<0>.*bidirectional<.*lstm<4>
#include <lamina/lamina.hpp>

namespace la = lamina;

#ifdef WRONG
struct net : la::network<la::input<8, 2>, la::bidirectional<la::lstm<4>>, la::dense<1>> {};
#else
struct net : la::network<la::input<8, 2>, la::lstm<4>, la::dense<1>> {};
#endif

static_assert(la::Streamable<net>);
