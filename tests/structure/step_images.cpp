// One training step and one inference of LeNet, to be looked at as compiled: see indirect_calls.
#include <span>

#include <lamina/lamina.hpp>

namespace la = lamina;

struct lenet : la::network<la::input<1, 28, 28>, la::conv2d<8, la::kernel<5>>, la::batch_norm, la::relu,
                           la::max_pool2d<2>, la::conv2d<16, la::kernel<5>>, la::relu, la::max_pool2d<2>, la::flatten,
                           la::dense<128>, la::relu, la::dropout<0.25>, la::dense<10>> {};
using trainer = decltype(la::trainer{std::declval<la::model<lenet>&>(), la::softmax_cross_entropy{}, la::adam{}});

extern "C" float lamina_step(trainer& t, std::span<const float> inputs, std::span<const la::label> targets) {
  return float(t.step(inputs, targets));
}
extern "C" float lamina_infer(const la::model<lenet>& model, std::span<const float, 784> input) {
  return model(input)[3];
}
extern "C" void lamina_predict(const la::model<lenet>& model, std::span<const float> inputs, std::span<float> outputs,
                               la::workspace<lenet>& workspace) {
  la::predict(model, inputs, outputs, workspace);
}
