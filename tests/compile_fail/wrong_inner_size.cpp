// layer<2>.*dense<10.*expects<64>.*gets<128>
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
using stated = la::from<64>;
#else
using stated = la::from<128>;
#endif

struct digits : la::network<la::input<784>, la::dense<128>, la::relu, la::dense<10, stated>> {};

template void use<digits, 784>(const la::dataset<la::values>&, const std::array<float, 784>&);
