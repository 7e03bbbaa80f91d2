// layer<1>.*reshape<4,5>.*expects<4,5>.*gets<24>
#include <lamina/lamina.hpp>

#include "use.hpp"

namespace la = lamina;

#ifdef WRONG
struct folded : la::network<la::input<16>, la::dense<24>, la::reshape<4, 5>, la::flatten, la::dense<1>> {};
#else
struct folded : la::network<la::input<16>, la::dense<24>, la::reshape<4, 6>, la::flatten, la::dense<1>> {};
#endif

template void use<folded, 16>(const la::dataset<la::values>&, const std::array<float, 16>&);
