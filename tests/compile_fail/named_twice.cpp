// layer<2>.*named<.*fc
#include <lamina/lamina.hpp>

namespace la = lamina;

#ifdef WRONG
using second = la::named<"fc", la::dense<4>>;
#else
using second = la::named<"head", la::dense<4>>;
#endif

struct net : la::network<la::input<16>, la::named<"fc", la::dense<8>>, la::relu, second> {};

std::size_t count() { return net::parameter_count; }
