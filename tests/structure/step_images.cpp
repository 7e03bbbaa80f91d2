// One training step and one inference of a convolutional network, to be looked at as compiled: see indirect_calls.
#include <span>

#include <lamina/lamina.hpp>

namespace la = lamina;

struct lenet : la::network<la::input<1, 14, 14>, la::conv2d<8, la::kernel<5>>, la::relu, la::max_pool2d<2>,
                           la::residual<la::conv2d<8, la::kernel<3>, la::padding<1>>, la::batch_norm>, la::flatten,
                           la::dense<10>> {};
using trainer = decltype(la::trainer{std::declval<la::model<lenet>&>(), la::softmax_cross_entropy{}, la::adam{}});

extern "C" float lamina_step(trainer& t, std::span<const float> inputs, std::span<const la::label> targets) {
  return float(t.step(inputs, targets));
}
extern "C" float lamina_infer(const la::model<lenet>& model, std::span<const float, 196> input) {
  return model(input)[3];
}
extern "C" void lamina_predict(const la::model<lenet>& model, std::span<const float> inputs, std::span<float> outputs,
                               la::workspace<lenet>& workspace) {
  la::predict(model, inputs, outputs, workspace);
}
