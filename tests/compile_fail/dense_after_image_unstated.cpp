// layer<0>.*dense<10.*expects.*gets<1,28,28>
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct digits : la::network<la::input<1, 28, 28>, la::dense<10>> {};
#else
struct digits : la::network<la::input<1, 28, 28>, la::flatten, la::dense<10>> {};
#endif

template void use<digits, 784>(const la::dataset<la::values>&, const std::array<float, 784>&);
