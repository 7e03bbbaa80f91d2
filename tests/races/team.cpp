// Training by several threads, watched by the thread sanitizer: a recurrent network, whose batches they share.
#include <cstdio>
#include <lamina/lamina.hpp>
#include <vector>

namespace la = lamina;

namespace {

struct net : la::network<la::input<8, 3>, la::causal_conv1d<8, la::kernel<3>>, la::relu, la::gru<16>, la::dense<4>> {};

double trained(std::size_t threads) {
  la::model<net> model{la::seed{1}};
  la::trainer trainer{model, la::mean_squared_error{}, la::adam{}, la::threads{threads}};
  const std::size_t batch = 300;
  std::vector<float> inputs(batch * 24), targets(batch * 4);
  for (std::size_t i = 0; i < inputs.size(); ++i) inputs[i] = static_cast<float>(i % 17) / 17;
  for (std::size_t i = 0; i < targets.size(); ++i) targets[i] = static_cast<float>(i % 5) / 5;
  double loss = 0;
  for (int step = 0; step < 5; ++step) loss = trainer.step(inputs, targets);
  return loss;
}

} // namespace

int main() {
  const double one = trained(1), three = trained(3);
  if (one != three) std::printf("one thread: a loss of %.17g, three: %.17g\n", one, three);
  return one != three;
}
