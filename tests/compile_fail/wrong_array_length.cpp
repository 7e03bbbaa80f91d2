// expects<16>.*gets<15>
#include <lamina/lamina.hpp>

namespace la = lamina;

#include <array>

#ifdef WRONG
constexpr std::size_t length = 15;
#else
constexpr std::size_t length = 16;
#endif

struct net : la::network<la::input<16>, la::dense<4>> {};

float first(const la::model<net>& model, const std::array<float, length>& input) { return model(input)[0]; }
