// wrong_call.*behind_line_search.*backtracking.*clip_by_value
#include <lamina/lamina.hpp>

namespace la = lamina;

#ifdef WRONG
const auto optimizer = la::backtracking{} | la::clip_by_value{1};
#else
const auto optimizer = la::sgd{} | la::clip_by_value{1};
#endif

struct net : la::network<la::input<16>, la::dense<4>> {};

auto training(la::model<net>& model) { return la::trainer{model, la::mean_squared_error{}, optimizer}.steps(); }
