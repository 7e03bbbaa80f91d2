// top_k.*expects_from_to<1,4>.*gets<5>
#include <lamina/lamina.hpp>

namespace la = lamina;

#ifdef WRONG
constexpr std::size_t k = 5;
#else
constexpr std::size_t k = 4;
#endif

struct net : la::network<la::input<16>, la::dense<4>> {};

double top(const la::model<net>& model, const la::dataset<la::label>& data) {
  return la::top_k_accuracy<k>(model, data);
}
