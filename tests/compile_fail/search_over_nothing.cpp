// wrong_call.*empty_search.*settings
#include <lamina/lamina.hpp>
#include <lamina/search.hpp>

namespace la = lamina;

struct settings {
  double rate = 0.1;
};

double best() {
#ifdef WRONG
  const la::search::space<settings> space{};
#else
  const auto space = la::search::space<settings>{}.uniform<&settings::rate>(0, 1);
#endif
  return la::search::random(space, {.trials = 3}, [](const settings& s) { return s.rate; }).best().score;
}
