// wrong_call.*other_network.*small.*large
#include <lamina/lamina.hpp>

namespace la = lamina;

struct small : la::network<la::input<16>, la::dense<4>> {};
struct large : la::network<la::input<16>, la::dense<8>> {};

#ifdef WRONG
using other = large;
#else
using other = small;
#endif

void copy(la::model<small>& to, const la::model<other>& from) { to = from; }
