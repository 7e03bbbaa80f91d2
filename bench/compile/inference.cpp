// Inference alone, as it stands in a plug-in or a controller: 784 numbers in, a class out; parameters in place.
#include <algorithm>
#include <cstdio>
#include <lamina/lamina.hpp>

namespace la = lamina;

struct digits : la::network<la::input<784>, la::dense<128>, la::relu, la::dense<10>> {};

int main() {
  static const la::model<digits, float, la::in_place> model{la::seed{1}};
  static float x[784];
  if (std::fread(x, sizeof(float), 784, stdin) != 784) return 1;
  const auto y = model(std::span<const float, 784>{x});
  std::printf("%d\n", int(std::max_element(y.begin(), y.end()) - y.begin()));
}
