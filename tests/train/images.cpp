// Ten updates of networks on images, from the parameters of PyTorch's state_dict: losses and parameters are PyTorch's.
#include <golden/formula.hpp>
#include <golden/golden.hpp>
#include <laws/image_networks.hpp>
#include <laws/support.hpp>

using namespace laws;

namespace {

constexpr std::size_t batch = 6, steps = 10;

template <class Net, class Loss, class Targets>
void check_training(const std::string& name, Loss loss, const Targets& targets) {
  const golden::records all = golden::read(LAMINA_TESTS_DIRECTORY "/golden/image_networks.txt");
  la::model<Net, double> model{la::seed{1}};
  la::load(model, LAMINA_TESTS_DIRECTORY "/golden/" + name + ".safetensors");
  la::trainer trainer{model, loss, la::momentum{.learning_rate = 0.02, .beta = 0.9}};
  const numbers inputs = golden::drawn(name + "/training/x", batch * Net::input_shape.size());
  numbers losses;
  for (std::size_t step = 0; step < steps; ++step) losses.push_back(trainer.step(inputs, targets));
  check_near(name + ": losses", losses, all.at(name + "/training/loss"), {1e-9, 0});
  for (const la::parameter& p : model.parameters) {
    const std::string record = name + "/training/final/" + std::string{p.name.view()};
    const numbers& expected = all.at(record);
    check_near(record, golden::digest(record, elements(model.parameter(p.name.view()))), expected,
               {0, 1e-9 * expected[0]});
  }
}

std::vector<la::label> classes() {
  std::vector<la::label> all(batch);
  for (std::size_t m = 0; m < batch; ++m) all[m].value = static_cast<unsigned>(m);
  return all;
}

} // namespace

TEST_CASE("LeNet trains as PyTorch's does") {
  check_training<lenet_without_dropout>("lenet", la::softmax_cross_entropy{}, classes());
}
TEST_CASE("Separable convolutions with batch norms train as PyTorch's do") {
  check_training<separable>("separable", la::softmax_cross_entropy{}, classes());
}
TEST_CASE("A decoder of transposed convolutions trains as PyTorch's does") {
  check_training<decoder>("decoder", la::mean_squared_error{},
                          golden::drawn("decoder/training/target", batch * decoder::output_shape.size()));
}
