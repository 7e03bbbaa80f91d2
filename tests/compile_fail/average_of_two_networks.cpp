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

float mean(const la::model<small>& a, const la::model<other>& b) {
  const la::model<small> averaged = la::average(a, b);
  return averaged.data()[0];
}
